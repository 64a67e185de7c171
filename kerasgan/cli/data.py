"""`kerasgan data`."""

from pathlib import Path

import click

from kerasgan.cli.quiet import import_tensorflow_quietly


@click.group()
def command() -> None:
    """Look at training images."""


@command.command()
@click.argument("source")
@click.option("--image-size", default=64, show_default=True, type=click.IntRange(1))
@click.option("--channels", default="3", show_default=True, type=click.Choice(["1", "3"]))
@click.option("--fit", default="pad", show_default=True, help="pad, crop or squash to a square.")
@click.option("--background", default="white", show_default=True, help="Behind transparency.")
@click.option(
    "--split",
    default="train",
    show_default=True,
    help="Of a TFDS data set, or a folder of that name.",
)
@click.option("--data", type=click.Path(path_type=Path), help="Where the data of SOURCE are.")
@click.option("--balanced", metavar="SET", help="A label set whose classes appear equally often.")
@click.option("--flip-horizontal", is_flag=True)
@click.option("--flip-vertical", is_flag=True)
@click.option("--shift", default=0.0, show_default=True, help="Largest shift, a part of the side.")
@click.option("--random-crop", type=click.IntRange(1), help="Side of a square cut at random.")
@click.option("--count", default=32, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=0, show_default=True)
@click.option("--out", default="preview.png", show_default=True, type=click.Path(path_type=Path))
def preview(
    source: str,
    image_size: int,
    channels: str,
    fit: str,
    background: str,
    split: str,
    data: Path | None,
    balanced: str | None,
    flip_horizontal: bool,
    flip_vertical: bool,
    shift: float,
    random_crop: int | None,
    count: int,
    seed: int,
    out: Path,
) -> None:
    """Draw a grid of what a model will see of SOURCE.

    SOURCE is a folder or zip of images, or tfds:NAME, or wikiart, the data set of ArtGAN.
    """
    import_tensorflow_quietly()
    from kerasgan.data import Augmentation, load_images
    from kerasgan.data.preview import preview as preview_images
    from kerasgan.drawing import grid, save_picture

    is_named = source == "wikiart" or source.startswith("tfds:")
    kind, path = (source, data) if is_named else ("images", Path(source))
    augmentation = Augmentation(
        flip_horizontal=flip_horizontal,
        flip_vertical=flip_vertical,
        shift=shift,
        random_crop=random_crop,
    )
    images = load_images(
        kind,
        path=path,
        image_size=image_size,
        channels=int(channels),
        fit=fit,
        background=background,
        split=split,
        progress=True,
    )
    picture = preview_images(
        images, augmentation=augmentation, balanced=balanced, count=count, seed=seed
    )
    save_picture(grid(picture), out)
    click.echo(f"{len(images)} images, {len(images.skipped)} skipped; preview in {out}")
    for skipped in images.skipped:
        click.echo(f"skipped {skipped.path}: {skipped.reason}", err=True)
