"""`kerasgan evaluate`."""

import json
from pathlib import Path

import click

from kerasgan.cli.parameter_types import FileName, ModelName, WholeNumber
from kerasgan.cli.quiet import import_tensorflow_quietly


@click.command()
@click.argument("models", metavar="MODEL...", nargs=-1, required=True, type=ModelName())
@click.option(
    "--data",
    type=FileName(),
    help="Folder or file of the real images, which all MODELs draw.",
)
@click.option(
    "--count",
    default=1000,
    show_default=True,
    type=WholeNumber(50, 100_000),
    help="Pictures to draw, and real ones to compare them with; at most half of the real ones.",
)
@click.option(
    "--features",
    default="efficientnet_lite1",
    show_default=True,
    help="What pictures are compared by: efficientnet_lite1, inception or classifier.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=WholeNumber(),
    help="Of the latents and the choice of real images.",
)
@click.option("--json", "json_file", type=FileName(), help="Write a JSON file.")
@click.option(
    "--pairs",
    type=FileName(),
    help="A folder for a picture of each MODEL: what it drew, each beside the nearest real image.",
)
@click.option("--force", is_flag=True, help="Replace files even if kerasgan did not write them.")
def command(
    models: tuple[str, ...],
    data: Path | None,
    count: int,
    features: str,
    seed: int,
    json_file: Path | None,
    pairs: Path | None,
    force: bool,
) -> None:
    """Measure how near what MODELs draw is to real images.

    Each MODEL is a name of the zoo, a zoo entry's folder or a run folder. Beside each number stands
    how many times its floor it is, the same number for real images in the place of drawn ones.
    """
    import_tensorflow_quietly()
    from rich.console import Console

    from kerasgan.drawing import grid, save_picture
    from kerasgan.drawing.overwriting import check_overwrite
    from kerasgan.files import check_writable, write_text
    from kerasgan.metrics.table import tables
    from kerasgan.zoo.evaluator import evaluate

    pictures = {} if pairs is None else {name: pairs / f"{Path(name).name}.png" for name in models}
    for path in [*([] if json_file is None else [json_file]), *pictures.values()]:
        check_overwrite(path, force=force)
    for folder in [json_file and json_file.parent, pairs]:
        if folder is not None:
            check_writable(folder)
    evaluations = evaluate(models, data, count=count, features=features, seed=seed, progress=True)
    for table in tables(evaluations):
        Console(markup=False, highlight=False).print(table)
    if json_file is not None:
        numbers = {name: each.as_dict() for name, each in evaluations.items()}
        write_text(json_file, json.dumps(numbers, indent=2) + "\n")
    for name, path in pictures.items():
        save_picture(grid(evaluations[name].pairs, columns=8), path)
