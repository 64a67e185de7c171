"""Pictures that are smaller than a model's."""

from pathlib import Path

from PIL import Image

from kerasgan.data.counted_pictures import counted_pictures
from kerasgan.data.file_names import file_names
from kerasgan.data.image_set import ImageSet
from kerasgan.data.load import open_source
from kerasgan.data.picture_formats import picture_formats
from kerasgan.errors import UserError
from kerasgan.files.user_path import user_path


def small_pictures_summary(
    images: ImageSet,
    source: str,
    *,
    path: str | Path | None = None,
    split: str = "train",
    image_size: int,
    fit: str,
) -> list[str]:
    """Returns a line that counts the pictures that were enlarged and names some, or none.

    Of each file in a folder only the beginning is read. Records, which have no files, are not
    counted.

    Args:
        images: What `load_images` returned for the same source, path and split, or some of it.
        source: As in `load_images`.
        path: As in `load_images`.
        split: As in `load_images`.
        image_size: As in `load_images`.
        fit: As in `load_images`.
    """
    try:
        wanted = {*file_names(images, source, path=path, split=split)}
    except UserError:  # Records have none.
        return []
    _, found = open_source(source, None if path is None else user_path(path), split)
    of_fit = max if fit == "pad" else min
    small = []
    for item in found.items():
        if item.name in wanted:
            with item.open() as file, Image.open(file, formats=picture_formats()) as picture:
                if of_fit(picture.size) < image_size:
                    small.append(f"{item.name} ({picture.width}x{picture.height})")
    what = f"smaller than {image_size}x{image_size} and enlarged"
    return counted_pictures(len(small), what, small)
