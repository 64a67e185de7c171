"""A preview of the images of a source, and what is worth knowing about them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kerasgan.data.augmentation import Augmentation
from kerasgan.data.image_set import ImageSet
from kerasgan.data.one_colour import one_colour_summary
from kerasgan.data.picture_files import picture_files
from kerasgan.data.preview import preview, preview_rows
from kerasgan.data.small_pictures import small_pictures_summary
from kerasgan.errors import UserError


@dataclass(frozen=True, eq=False)
class SourcePreview:
    """A preview of images that were read from a source.

    Attributes:
        pictures: uint8 `(count, side, side, channels)`.
        files: The name of each picture's file, relative to the folder or zip; empty if they were
            not requested.
        remarks: A line that counts the images of one colour, and one that counts those that were
            enlarged, if there are any.
    """

    pictures: np.ndarray
    files: list[str]
    remarks: list[str]


def preview_source(
    images: ImageSet,
    source: str,
    *,
    path: str | Path | None = None,
    split: str = "train",
    fit: str = "pad",
    augmentation: Augmentation | None = None,
    balanced: str | None = None,
    batch_size: int = 1,
    count: int = 32,
    seed: int = 0,
    name_files: bool = False,
) -> SourcePreview:
    """Returns the first images of a training run, with its augmentation, and remarks on all.

    Args:
        images: What `load_images` returned for the same source, path, split and fit, or some of it.
        source: As in `load_images`.
        path: As in `load_images`.
        split: As in `load_images`.
        fit: As in `load_images`.
        augmentation: As in `preview`.
        balanced: As in `preview`.
        batch_size: As in `preview`.
        count: As in `preview`.
        seed: As in `preview`.
        name_files: Whether to name the file of each picture, which only folders and zips have.

    Raises:
        UserError: As `preview` does; or the files have no names, or have changed.
    """
    order: dict[str, Any] = {
        "balanced": balanced,
        "batch_size": batch_size,
        "count": count,
        "seed": seed,
    }
    pictures = preview(images, augmentation=augmentation, **order)
    files = picture_files(images, source, path=path, split=split)
    names = [file.name for file in files or ()]
    if name_files and files is None:
        raise UserError(
            f"The images of {source} are records without names of files; only those in a folder or "
            "zip of pictures have them: do not ask for them (--list-files)"
        )
    remarks = []
    # Whoever made records has seen the images, of which there may be too many to look at.
    if files is not None:
        remarks += one_colour_summary(images, names)
        remarks += small_pictures_summary(files, image_size=images.images.shape[1], fit=fit)
    shown = preview_rows(images, **order) if name_files else ()
    return SourcePreview(pictures, [names[row] for row in shown], remarks)
