"""Trains the systems that the documents compare, and writes docs/comparisons.md with its figures.

    python scripts/systems_figure.py ha part1 --data mnist=PATH --minutes 30 --out runs/systems

Each figure has two or three systems, which train for --minutes of two cores each, one after
another. A row of its picture is a system: samples from the same latents, and the first of them
large; a second picture has the Fréchet distance against minutes. Stop it whenever you like (Ctrl-C
saves) and run the same command again: it goes on where it stopped, and what is finished stays. The
page is written after each figure; figures that are not named stay on it as they are. Your own words
about a figure go into `comparisons/NAME.md` beside the page, and appear below it.

--list names the figures, with the data of each. --data NAME alone downloads, where the data can be
downloaded. --page only writes the page again, from the JSON beside it.
"""

import argparse
import sys
from pathlib import Path

# The checkout's own package is compared, whether it is installed or not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from comparison.runs import Interrupted
from comparison.system import FIGURES
from comparison.system_page import publish, read_results, write_page
from comparison.system_study import SystemStudy
from kerasgan.errors import UserError

CHECKOUT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help="All whose data are given.")
    parser.add_argument("--data", action="append", default=[], metavar="NAME[=PATH]")
    parser.add_argument("--out", type=Path, help="Folder of the runs.")
    parser.add_argument("--docs", type=Path, default=CHECKOUT / "docs", help="Folder of the page.")
    parser.add_argument("--minutes", type=float, default=30.0, help="Of each system (30).")
    parser.add_argument("--points", type=int, default=12, help="Measurements of each (12).")
    parser.add_argument("--list", action="store_true", help="List the figures.")
    parser.add_argument("--page", action="store_true", help="Only write the page from its JSON.")
    arguments = parser.parse_args()
    if arguments.list:
        for name, figure in FIGURES.items():
            print(f"{name} ({figure.data}): {figure.title}")
        return
    if arguments.page:
        write_page(read_results(arguments.docs), arguments.docs)
        return
    if not arguments.data or arguments.out is None:
        parser.error("--data and --out are needed")
    if not arguments.minutes > 0 or arguments.points < 1:
        parser.error("--minutes must be above 0, and --points at least 1")
    try:
        run(arguments)
    except UserError as error:
        sys.exit(f"Error: {error}")
    except Interrupted:
        sys.exit("Stopped and saved. Run the same command again to go on.")


def run(arguments: argparse.Namespace) -> None:
    """Trains what is missing, and writes the page after each figure.

    Raises:
        UserError: A figure or data are unknown or missing, or a training failed.
    """
    known = sorted({figure.data for figure in FIGURES.values()})
    paths = {}
    for each in arguments.data:
        name, _, path = each.partition("=")
        if name not in known:
            raise UserError(f"--data takes {', '.join(known)}. Received: {each}")
        paths[name] = Path(path) if path else None
    for name in arguments.figures:
        if name not in FIGURES:
            raise UserError(f"the figures are {', '.join(FIGURES)}. Received: {name}")
        if (data := FIGURES[name].data) not in paths:
            raise UserError(f"the figure {name} needs images: --data {data}=PATH")
    names = arguments.figures or [name for name, each in FIGURES.items() if each.data in paths]
    study = SystemStudy(arguments.out, paths, minutes=arguments.minutes, points=arguments.points)
    for name in names:
        study.train(FIGURES[name])
        publish(study, FIGURES[name], arguments.docs)
    print(arguments.docs / "comparisons.md")


if __name__ == "__main__":
    main()
