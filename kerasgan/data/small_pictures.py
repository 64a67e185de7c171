"""Pictures that are smaller than a model's."""

from collections.abc import Sequence

from PIL import Image

from kerasgan.data.counted_pictures import counted_pictures
from kerasgan.data.picture_formats import picture_formats, without_warnings_of_pillow
from kerasgan.data.sources.source import Item


def small_pictures_summary(files: Sequence[Item], *, image_size: int, fit: str) -> list[str]:
    """Returns a line that counts the pictures that are enlarged and names some, or none.

    Of each file in a folder only the beginning is read.

    Args:
        files: The pictures.
        image_size: As in `load_images`.
        fit: As in `load_images`.
    """
    of_fit = max if fit == "pad" else min
    small = []
    with without_warnings_of_pillow():
        for item in files:
            with item.open() as file, Image.open(file, formats=picture_formats()) as picture:
                if of_fit(picture.size) < image_size:
                    small.append(f"{item.name} ({picture.width}x{picture.height})")
    what = f"smaller than {image_size}x{image_size} and enlarged"
    return counted_pictures(len(small), what, small)
