"""`kerasgan sample`."""

from pathlib import Path

import click

from kerasgan.cli.quiet import import_tensorflow_quietly


@click.command()
@click.argument("model")
@click.option("--count", default=32, show_default=True, type=click.IntRange(1), help="Pictures.")
@click.option("--seed", type=int, help="Of the latents.  [default: a new one each time]")
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
def command(model: str, count: int, seed: int | None, columns: int, out: Path) -> None:
    """Draw pictures from MODEL: a name of the zoo, a zoo entry's folder or a run folder."""
    import_tensorflow_quietly()
    from kerasgan.drawing import grid, save_picture
    from kerasgan.files import check_writable
    from kerasgan.zoo.opener import open_model

    is_folder = not out.suffix or out.is_dir()
    check_writable(out if is_folder else out.parent)
    images = open_model(model).generate(count, seed=seed)
    if not is_folder:
        click.echo(save_picture(grid(images, columns=columns), out))
        return
    digits = len(str(count - 1))
    for index, image in enumerate(images):
        save_picture(image, out / f"{index:0{digits}d}.png")
    click.echo(f"{count} pictures in {out}")
