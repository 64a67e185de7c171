"""Compares starting from a pretrained model with starting from new weights, on few pictures.

    python scripts/fine_tuning.py --out fine_tuning

Recipe, seed, pictures and iterations are the same; only the first weights differ. By default the
pictures are the 125 drawings of animals and plants that the package has. Needs the extra
`metrics`. Stop it whenever you like: the same command resumes.
"""

import argparse
import json
from pathlib import Path

from kerasgan.cli.quiet import import_tensorflow_quietly

VARIANTS = {
    "new weights": {},
    "from pokemon_fastgan": {"init": "pokemon_fastgan"},
    "4 layers frozen": {"init": "pokemon_fastgan", "freeze_discriminator": 4},
}
_MEASURES = ("frechet_ratio", "precision", "recall", "coverage")
_PICTURES = 16


def main() -> None:
    from kerasgan.data.embedded import embedded_images
    from kerasgan.drawing import sample
    from kerasgan.recipes import read_recipe
    from kerasgan.training import train

    arguments = _arguments()
    recipe = read_recipe(
        "fastgan",
        [
            f"training.iterations={arguments.iterations}",
            f"training.log_every={arguments.every}",
            f"training.sample_every={arguments.every}",
            f"training.evaluate_every={arguments.every}",
            *arguments.set,
        ],
    )
    log = {}
    for name, start in VARIANTS.items():
        run = arguments.out / name.replace(" ", "_")
        data = arguments.data or embedded_images("creatures")
        model = train(recipe, run, data=data, progress=True, **start).model
        # Of all variants the same latents, not selected.
        pictures = sample(model, _PICTURES, seed=0, name=str(run))
        pictures.grid(columns=8).save(run.with_suffix(".png"))
        lines = map(json.loads, (run / "log.jsonl").read_text().splitlines())
        log[name] = [line for line in lines if _MEASURES[0] in line]
    table = _table(log)
    (arguments.out / "table.md").write_text(table)
    print(table)


def _table(log: dict[str, list[dict]]) -> str:
    """Returns a row for each variant and measurement, in Markdown."""
    titles = ["first weights", "iterations", "minutes", *_MEASURES]
    rows = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    for name, lines in log.items():
        for line in lines:
            cells = [name, str(line["iteration"]), f"{line['seconds'] / 60:.1f}"]
            cells += [f"{line[measure]:.2f}" for measure in _MEASURES]
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder or zip of at least 100 pictures")
    parser.add_argument("--out", type=Path, required=True, help="folder of runs and pictures")
    parser.add_argument("--iterations", type=int, default=600)
    parser.add_argument("--every", type=int, default=100, help="iterations between measurements")
    parser.add_argument("--set", action="append", default=[], help="override a key of the recipe")
    return parser.parse_args()


if __name__ == "__main__":
    import_tensorflow_quietly()
    main()
