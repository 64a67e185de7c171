"""`kerasgan sample`."""

from pathlib import Path

import click

from kerasgan.cli.quiet import import_tensorflow_quietly


@click.command()
@click.argument("model")
@click.option("--count", default=32, show_default=True, type=click.IntRange(1), help="Pictures.")
@click.option("--seed", type=int, help="Of the latents.  [default: a new one each time]")
@click.option(
    "--label",
    "labels",
    multiple=True,
    metavar="CLASS",
    help="Of a conditional model: a class by name or number, SET=CLASS where there are several "
    "label sets, or all: every class from the same latents, a row for each.",
)
@click.option(
    "--columns", default=8, show_default=True, type=click.IntRange(1), help="Of the grid."
)
@click.option(
    "--out",
    default="samples.png",
    show_default=True,
    type=click.Path(path_type=Path),
    help="A picture file for one grid, or a folder for a file per picture.",
)
def command(
    model: str,
    count: int,
    seed: int | None,
    labels: tuple[str, ...],
    columns: int,
    out: Path,
) -> None:
    """Draw pictures from MODEL: a name of the zoo, a zoo entry's folder or a run folder."""
    import_tensorflow_quietly()
    from kerasgan.drawing import grid, save_picture
    from kerasgan.drawing.samples import draw_every_class
    from kerasgan.errors import UserError
    from kerasgan.files import check_writable
    from kerasgan.zoo.opener import open_model

    is_folder = not out.suffix or out.is_dir()
    check_writable(out if is_folder else out.parent)
    loaded = open_model(model)
    if labels and not loaded.condition:
        raise UserError(f"{model} knows no classes; leave out --label")
    try:
        if labels == ("all",):
            images = draw_every_class(loaded, columns, seed=seed)
            names = loaded.class_names[loaded.condition[0]]
            click.echo("Rows: " + ", ".join(names))
        else:
            images = loaded.generate(count, _labels(loaded.condition, labels), seed=seed)
    except ValueError as error:
        raise UserError(str(error)) from error
    if not is_folder:
        click.echo(save_picture(grid(images, columns=columns), out))
        return
    digits = len(str(len(images) - 1))
    for index, image in enumerate(images):
        save_picture(image, out / f"{index:0{digits}d}.png")
    click.echo(f"{len(images)} pictures in {out}")


def _labels(label_sets: tuple[str, ...], labels: tuple[str, ...]) -> dict[str, str | int] | None:
    """Returns the class asked for in each label set."""
    asked = {}
    for label in labels:
        name, equals, value = label.rpartition("=")
        if not equals:
            if len(label_sets) > 1:
                raise click.BadParameter(
                    f"Say which of {', '.join(label_sets)}: SET=CLASS. Received: {label!r}",
                    param_hint="--label",
                )
            name = label_sets[0]
        asked[name] = int(value) if value.isdecimal() else value
    return asked or None
