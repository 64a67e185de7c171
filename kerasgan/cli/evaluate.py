"""`kerasgan evaluate`."""

import json
from pathlib import Path

import click

from kerasgan.cli.quiet import import_tensorflow_quietly


@click.command()
@click.argument("models", metavar="MODEL...", nargs=-1, required=True)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder or file of the real images, which all MODELs draw.",
)
@click.option(
    "--count",
    default=1000,
    show_default=True,
    type=click.IntRange(50),
    help="Pictures to draw, and real ones to compare them with; at most half of the real ones.",
)
@click.option(
    "--features",
    default="efficientnet_lite1",
    show_default=True,
    help="What pictures are compared by: efficientnet_lite1, inception or classifier.",
)
@click.option(
    "--seed", default=0, show_default=True, help="Of the latents and the choice of real images."
)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write a JSON file.")
@click.option(
    "--pairs",
    type=click.Path(path_type=Path),
    help="A folder for a picture of each MODEL: what it drew, each beside the nearest real image.",
)
def command(
    models: tuple[str, ...],
    data: Path | None,
    count: int,
    features: str,
    seed: int,
    json_file: Path | None,
    pairs: Path | None,
) -> None:
    """Measure how near what MODELs draw is to real images.

    Each MODEL is a name of the zoo, a zoo entry's folder or a run folder. Beside each number stands
    how many times its floor it is, the same number for real images in the place of drawn ones.
    """
    import_tensorflow_quietly()
    from rich.console import Console

    from kerasgan.drawing import grid, save_picture
    from kerasgan.files import check_writable, write_text
    from kerasgan.metrics.table import tables
    from kerasgan.zoo.evaluator import evaluate

    for folder in [json_file and json_file.parent, pairs]:
        if folder is not None:
            check_writable(folder)
    evaluations = evaluate(models, data, count=count, features=features, seed=seed, progress=True)
    for table in tables(evaluations):
        Console(markup=False, highlight=False).print(table)
    if json_file is not None:
        numbers = {name: each.as_dict() for name, each in evaluations.items()}
        write_text(json_file, json.dumps(numbers, indent=2) + "\n")
    if pairs is not None:
        for name, each in evaluations.items():
            save_picture(grid(each.pairs, columns=8), pairs / f"{Path(name).name}.png")
