"""Compares GAN objectives on equal terms and writes docs/objectives.md.

The same networks, images, batch, average, augmentation and optimizer for all; three learning rates
each, tried for --search-minutes, the best of which goes on to --minutes, and the next lower one too
where it came no closer in their second half; --seeds such runs. Minutes are minutes of two cores,
counted in iterations whose cost is measured side by side beforehand: a busy machine makes a run
wait, but no shorter. Stop it whenever you like (Ctrl-C saves) and run the same command again: it
goes on where it stopped, and what is finished stays. More --seeds or longer --minutes add to what
is there.

    python scripts/objectives.py --data mnist=PATH --data pokemon=PATH --out runs/objectives

--data NAME alone downloads, where the data can be downloaded. The page, its pictures and its JSON
are written after every run, so that they show what there is. The page begins with your own words
about the results if `objectives/notes.md` beside it has any. `--page` only writes the page again,
from the JSON beside it.
"""

import argparse
import json
import sys
from pathlib import Path

# The checkout's own package is compared, whether it is installed or not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from comparison.contestant import DATA_SETS, OBJECTIVES, contestants
from comparison.publish import publish, write_page
from comparison.runs import Interrupted
from comparison.study import Study
from kerasgan.errors import UserError

CHECKOUT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", action="append", default=[], metavar="NAME[=PATH]")
    parser.add_argument("--out", type=Path, help="Folder of the runs.")
    parser.add_argument("--docs", type=Path, default=CHECKOUT / "docs", help="Folder of the page.")
    parser.add_argument("--objective", action="append", choices=list(OBJECTIVES), dest="objectives")
    parser.add_argument("--rates", type=float, nargs="+", default=[5e-5, 2e-4, 8e-4])
    parser.add_argument("--seeds", type=int, default=1, help="Runs of each objective (1).")
    parser.add_argument("--minutes", type=float, default=30.0, help="Of a run (30).")
    parser.add_argument("--search-minutes", type=float, default=5.0, help="Of a rate (5).")
    parser.add_argument("--points", type=int, default=12, help="Measurements of a run (12).")
    parser.add_argument("--page", action="store_true", help="Only write the page from its JSON.")
    arguments = parser.parse_args()
    if arguments.page:
        results = json.loads((arguments.docs / "objectives.json").read_text(encoding="utf-8"))
        write_page(results, arguments.docs)
        return
    if not arguments.data or arguments.out is None:
        parser.error("--data and --out are needed")
    try:
        run(arguments)
    except UserError as error:
        sys.exit(f"Error: {error}")
    except Interrupted:
        sys.exit("Stopped and saved. Run the same command again to go on.")


def run(arguments: argparse.Namespace) -> None:
    """Trains what is missing, and writes the page after each run."""
    paths = {}
    for each in arguments.data:
        name, _, path = each.partition("=")
        if name not in DATA_SETS:
            raise UserError(f"--data takes {' or '.join(DATA_SETS)}. Received: {each}")
        paths[name] = Path(path) if path else None
    everything = contestants(DATA_SETS, OBJECTIVES)
    objectives = arguments.objectives or OBJECTIVES
    study = Study(
        arguments.out,
        everything,
        paths,
        # What was trained before stays on the page.
        chosen=[each for each in everything if each.data in paths and each.objective in objectives],
        rates=tuple(arguments.rates),
        seeds=arguments.seeds,
        minutes=arguments.minutes,
        search_minutes=arguments.search_minutes,
        points=arguments.points,
    )
    study.measure()
    study.train(after_each=lambda: publish(study, arguments.docs))
    publish(study, arguments.docs)
    print(arguments.docs / "objectives.md")


if __name__ == "__main__":
    main()
