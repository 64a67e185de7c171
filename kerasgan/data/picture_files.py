"""The files that the images of a set were read from."""

from pathlib import Path

from kerasgan.data.image_set import ImageSet
from kerasgan.data.load import open_source
from kerasgan.data.selection import SelectedImages
from kerasgan.data.sources.source import Item
from kerasgan.errors import UserError, shortened_path
from kerasgan.files.user_path import user_path


def picture_files(
    images: ImageSet, source: str, *, path: str | Path | None = None, split: str = "train"
) -> list[Item] | None:
    """Returns the file that each image of a set was read from, or None if they are records.

    Args:
        images: What `load_images` returned for the same source, path and split, or some of it.
        source: As in `load_images`.
        path: As in `load_images`.
        split: As in `load_images`.

    Returns:
        A file for each image; its `name` is relative to the folder or zip.

    Raises:
        UserError: The files have changed since.
    """
    _, found = open_source(source, None if path is None else user_path(path), split)
    if not found.has_files:
        return None
    left_out = {file.path for file in images.skipped}
    items = [item for item in found.items() if item.name not in left_out]
    selected = images.images
    whole = selected.whole if isinstance(selected, SelectedImages) else selected
    if len(items) != len(whole):
        raise UserError(
            f"The files in {shortened_path(found.where)} changed while they were read; try it again"
        )
    return [items[row] for row in selected.rows] if isinstance(selected, SelectedImages) else items
