"""Trains variants of a recipe for a few minutes each and compares them by their measures.

Each --try is one variant: overrides of the recipe's keys, separated by spaces, as `kerasgan train
--set` takes them; an empty one is the recipe as it is. The variants are trained one after another
in run folders below --out, so a search that was interrupted continues, and are then measured like
`kerasgan evaluate` does. --out gets `results.json`, a line of which is printed for each variant,
and `sheet.png`: a row of pictures for each variant, drawn from the same latents.

    python scripts/search.py pokemon_wgan --data PATH --minutes 10 --out search \
        --try "" --try "model.clip_value=0.05" \
        --try "generator.base_width=32 discriminator.base_width=32"
"""

import argparse
import json
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np

from kerasgan.cli.quiet import import_tensorflow_quietly

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
    parser.add_argument("--try", dest="variants", action="append", required=True, metavar="SETS")
    parser.add_argument("--count", type=int, default=500, help="Pictures measured (500).")
    arguments = parser.parse_args()
    runs = {}
    for number, variant in enumerate(arguments.variants):
        run = arguments.out / f"{number:02d}"
        print(f"{run.name}: {variant or 'the recipe as it is'}", flush=True)
        if train(arguments.recipe, arguments.data, run, variant, arguments.minutes):
            runs[variant] = run
    if not runs:
        sys.exit("No variant came as far as a checkpoint; train longer")
    compare(runs, arguments.data, arguments.out, arguments.count)


def train(recipe: str, data: Path | None, run: Path, variant: str, minutes: float) -> bool:
    """Trains one variant up to its minutes; returns whether there is a checkpoint."""
    log = run / "log.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
    left = minutes * 60 - (json.loads(lines[-1])["seconds"] if lines else 0.0)
    if left > 1:
        command = [sys.executable, "-m", "kerasgan", "train", recipe, "--out", str(run)]
        command += [] if data is None else ["--data", str(data)]
        for override in [*shlex.split(variant), "training.iterations=1_000_000_000"]:
            command += ["--set", override]
        with subprocess.Popen(command) as process:
            try:
                process.wait(left)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)  # It saves a checkpoint and ends.
            if process.wait() not in (0, 130):
                print(f"{run.name} failed", flush=True)
    return (run / "checkpoint.weights.h5").is_file()


def compare(runs: dict[str, Path], data: Path | None, out: Path, count: int) -> None:
    """Measures the runs, prints a line for each, and writes results and pictures."""
    import_tensorflow_quietly()
    from kerasgan.drawing import grid, save_picture
    from kerasgan.training import load_run
    from kerasgan.zoo.evaluator import evaluate

    evaluations = evaluate(list(map(str, runs.values())), data, count=count)
    results, rows = [], []
    for variant, run in runs.items():
        last = json.loads((run / "log.jsonl").read_text(encoding="utf-8").splitlines()[-1])
        evaluation = evaluations[str(run)]
        results.append(
            {
                "run": run.name,
                "variant": variant,
                "iterations": last["iteration"],
                "seconds": last["seconds"],
                **evaluation.as_dict(),
            }
        )
        rows.append(load_run(run).generate(_COLUMNS, seed=0))
        values = {name: evaluation[name] for name in _MEASURES}
        text = ", ".join(f"{name} {each.value:.3g}" for name, each in values.items())
        print(
            f"{run.name}  {values['frechet_distance'].ratio:.2f} times the floor, {text}, "
            f"{last['iteration']:,} iterations: {variant or 'the recipe as it is'}"
        )
    (out / "results.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    save_picture(grid(np.concatenate(rows), columns=_COLUMNS), out / "sheet.png")
    print(f"{out / 'results.json'}, {out / 'sheet.png'}")


if __name__ == "__main__":
    main()
