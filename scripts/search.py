"""Trains variants of a recipe for a few minutes each and compares them by their measures.

Each --try is one variant: overrides of the recipe's keys, separated by spaces, as `kerasgan train
--set` takes them; an empty one is the recipe as it is. Minutes are minutes of two cores, counted
in iterations whose cost is measured first, so that starting up, decoding and other work on the
machine take nothing from a variant. Stop it whenever you like (Ctrl-C saves) and run the same
command again: it goes on where it stopped. At the end the variants are measured like `kerasgan
evaluate` does. --out gets `results.json`, of which a line is printed for each variant, and
`sheet.png`: a row of pictures for each variant, drawn from the same latents.

    python scripts/search.py pokemon_wgan --data PATH --minutes 10 --out search \
        --try "" --try "model.clip_value=0.05" \
        --try "generator.base_width=32 discriminator.base_width=32"
"""

import argparse
import json
import shlex
import sys
from pathlib import Path

# The checkout's own package is searched with, whether it is installed or not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from comparison.runs import Interrupted
from comparison.system import Figure, System
from comparison.system_study import SystemStudy
from kerasgan.cli.quiet import import_tensorflow_quietly
from kerasgan.errors import UserError
from kerasgan.files.atomic import write_text
from kerasgan.training.run_folder import RunFolder

_DATA = "data"
_COLUMNS = 12
_MEASURES = ("frechet_distance", "precision", "recall", "coverage")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recipe", help="A shipped recipe's name, or a recipe file.")
    parser.add_argument("--data", type=Path, help="Folder or file of the data.")
    parser.add_argument("--out", type=Path, required=True, help="Folder of the runs and results.")
    parser.add_argument("--minutes", type=float, default=10.0, help="For each variant (10).")
    parser.add_argument("--points", type=int, default=4, help="Measurements on the way (4).")
    parser.add_argument("--try", dest="variants", action="append", required=True, metavar="SETS")
    parser.add_argument("--count", type=int, default=500, help="Pictures measured (500).")
    arguments = parser.parse_args()
    if not arguments.minutes > 0 or arguments.points < 1:
        parser.error("--minutes must be above 0, and --points at least 1")
    study = SystemStudy(
        arguments.out,
        {_DATA: arguments.data},
        minutes=arguments.minutes,
        points=arguments.points,
    )
    try:
        variants = variants_of(arguments.recipe, arguments.variants)
        runs = trained(study, variants)
        if not runs:
            sys.exit("No variant came as far as a checkpoint; train longer")
        compare(study, {title: variants[title] for title in runs}, arguments.count)
    except UserError as error:
        sys.exit(f"Error: {error}")
    except Interrupted:
        sys.exit("Stopped and saved. Run the same command again to go on.")


def variants_of(recipe: str, variants: list[str]) -> dict[str, System]:
    """Returns the recipe with the overrides of each variant, by a title for each.

    Raises:
        UserError: There is no such recipe, or it cannot be overridden in this way.
    """
    found = {}
    for variant in variants:
        system = System(recipe, tuple(shlex.split(variant)))
        system.read()
        found[variant or "the recipe as it is"] = system
    return found


def trained(study: SystemStudy, variants: dict[str, System]) -> list[str]:
    """Trains the variants up to their minutes; returns the titles of those with a checkpoint.

    Raises:
        comparison.runs.Interrupted: A signal ended a training; it resumes at the next call.
    """
    # Each is built to measure its cost: none is trained if one cannot be.
    study.measure(Figure("search", _DATA, "", "", variants))
    done = []
    for title, system in variants.items():
        try:
            study.train(Figure("search", _DATA, "", "", {title: system}))
        except SystemExit:
            print(f"{title} failed", flush=True)
        if RunFolder(study.run_folder(system)).checkpoints.newest is not None:
            done.append(title)
    return done


def compare(study: SystemStudy, variants: dict[str, System], count: int) -> None:
    """Measures the runs, prints a line for each, and writes results and pictures."""
    import_tensorflow_quietly()
    from kerasgan.drawing import grid, save_picture
    from kerasgan.training import load_run
    from kerasgan.zoo.evaluator import evaluate

    runs = {title: study.run_folder(system) for title, system in variants.items()}
    evaluations = evaluate(list(map(str, runs.values())), study.data[_DATA], count=count)
    results, rows = [], []
    for title, run in runs.items():
        state, evaluation = study.state(variants[title]), evaluations[str(run)]
        results.append(
            {
                "run": run.name,
                "variant": " ".join(variants[title].changes),
                "iterations": state.iterations,
                "minutes": study.minutes,
                "diverged": state.diverged,
                **evaluation.as_dict(),
            }
        )
        rows.append(load_run(run).generate(_COLUMNS, seed=0))
        values = {name: evaluation[name] for name in _MEASURES}
        text = ", ".join(f"{name} {each.value:.3g}" for name, each in values.items())
        print(
            f"{values['frechet_distance'].ratio:.2f} times the floor, {text}, "
            f"{state.iterations:,} iterations{', diverged' * bool(state.diverged)}: {title}"
        )
    write_text(study.folder / "results.json", json.dumps(results, indent=2) + "\n")
    save_picture(grid(np.concatenate(rows), columns=_COLUMNS), study.folder / "sheet.png")
    print(f"{study.folder / 'results.json'}, {study.folder / 'sheet.png'}")


if __name__ == "__main__":
    main()
