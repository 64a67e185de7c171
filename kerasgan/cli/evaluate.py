"""`kerasgan evaluate`."""

import json
from pathlib import Path

import click

from kerasgan.cli.parameter_types import FileName, ModelName, WholeNumber
from kerasgan.cli.quiet import import_tensorflow_quietly

# Letters on a line of a file or a pipe, where no terminal says how many there is room for.
_WIDE = 1000


@click.command()
@click.argument("models", metavar="MODEL...", nargs=-1, required=True, type=ModelName())
@click.option(
    "--data",
    type=FileName(),
    help="Folder or file of the real images that all MODELs were trained on.  [default: of a run, "
    "where they were]",
)
@click.option(
    "--count",
    default=1000,
    show_default=True,
    type=WholeNumber(50, 100_000),
    help="Number of pictures to draw, and of real images to compare them with; at most half of "
    "the real images.",
)
@click.option(
    "--features",
    default="efficientnet_lite1",
    show_default=True,
    help="Features that pictures are compared by: efficientnet_lite1, inception or classifier.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=WholeNumber(),
    help="Seed of the latents and of the choice of real images.",
)
@click.option(
    "--json", "json_file", type=FileName(), help="Also write the measures to a JSON file."
)
@click.option(
    "--pairs",
    type=FileName(),
    help="Folder for a picture of each MODEL: samples beside their nearest real images, looked for "
    "among twice --count of these.",
)
@click.option(
    "--confusion",
    type=FileName(),
    help="Folder for a picture of each MODEL that tells classes: what its discriminator takes "
    "held-out images of each class for.",
)
@click.option(
    "--best",
    is_flag=True,
    help="Measure run folders at their weights with the smallest Fréchet distance.",
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
    confusion: Path | None,
    best: bool,
    force: bool,
) -> None:
    """Measure how close pictures of MODELs are to real images.

    Each MODEL is the name of a model in the zoo, the folder of a zoo entry, a run folder, or
    hf://USER/NAME for a zoo entry on the Hugging Face Hub. Each number is followed by its ratio to
    a floor: the same measure between two sets of real images.
    """
    import_tensorflow_quietly()
    from rich.console import Console

    from kerasgan.drawing import grid, save_picture
    from kerasgan.drawing.overwriting import check_overwrite
    from kerasgan.files.atomic import check_writable, write_text
    from kerasgan.metrics import draw_confusions
    from kerasgan.metrics.evaluation import tables
    from kerasgan.zoo.evaluator import evaluate

    pictures = _files(pairs, models)
    confusions = _files(confusion, models, "_confusion")
    written = [*pictures.values(), *confusions.values()]
    for path in [*([] if json_file is None else [json_file]), *written]:
        check_overwrite(path, force=force)
    for folder in [json_file and json_file.parent, pairs, confusion]:
        if folder is not None:
            check_writable(folder)
    evaluations = evaluate(
        models,
        data,
        count=count,
        features=features,
        seed=seed,
        best=best,
        confusions=confusion is not None,
        progress=True,
    )
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    for table in tables(evaluations, width=console.width):
        console.print(table)
    if json_file is not None:
        numbers = {name: each.as_dict() for name, each in evaluations.items()}
        write_text(json_file, json.dumps(numbers, indent=2) + "\n")
    for name, path in pictures.items():
        save_picture(grid(evaluations[name].pairs, columns=8), path)
    for name, path in confusions.items():
        draw_confusions(evaluations[name].confusions, path)


def _files(folder: Path | None, models: tuple[str, ...], ending: str = "") -> dict[str, Path]:
    """Returns the picture of each model in a folder, or nothing without one."""
    if folder is None:
        return {}
    from kerasgan.zoo.card_commands import entry_name

    files: dict[str, Path] = {}
    for model in models:
        file = folder / f"{entry_name(model)}{ending}.png"
        for other, taken in files.items():
            if taken != file or Path(other).resolve() == Path(model).resolve():
                continue
            raise click.UsageError(
                f"{other} and {model} have the same name, and so would their pictures: rename a "
                "folder, or measure them one after the other"
            )
        files[model] = file
    return files
