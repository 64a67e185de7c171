"""The source "images": a folder of image files, or a zip of one."""

from collections.abc import Sequence
from pathlib import Path

from kerasgan.data.sources.file_tree import IMAGE_EXTENSIONS, file_tree
from kerasgan.data.sources.folder_split import images_of_split
from kerasgan.data.sources.gnt_files import is_gnt_name
from kerasgan.data.sources.source import Source
from kerasgan.errors import UserError


def image_files(argument: str, path: Path | None, split: str) -> Source:
    """Returns the image files under `path`, in the sorted order of their names.

    When all of them lie in folders, equally deep and of at least two names, the folder that an
    image lies in is its class, in the label set `"folder"`.

    Args:
        argument: What followed `images:`; must be empty.
        path: The folder or the zip; see `file_tree`.
        split: The folder of a data set laid out in splits, see `images_of_split`; `"train"` is
            all images of one that is not.

    Raises:
        UserError: There is no such path, it is no zip, it holds no image files or no such split,
            or an argument was given.
    """
    if argument:
        raise UserError(
            'source "images" takes no name: pass its folder or zip by --data PATH. '
            f'Received: "images:{argument}"'
        )
    tree = file_tree(path, source="images")
    images = tree.images
    if not images and any(map(is_gnt_name, tree.names)):
        raise UserError(
            f"{path} has .gnt files and no images: make images of them with "
            f"kerasgan data prepare casia --data {path} --out DIR, and pass DIR by --data"
        )
    if not images:
        raise UserError(
            f"{path} has no image files ({', '.join(IMAGE_EXTENSIONS)}): "
            "pass another folder or zip by --data PATH"
        )
    names = images_of_split(images, split, where=tree.where)
    return tree.source(names, _classes(names))


def _classes(names: Sequence[str]) -> dict[str, Sequence[str]]:
    """Returns the folder of each image as its class, unless the folders are no classes."""
    equally_deep = len({name.count("/") for name in names}) == 1
    if not equally_deep or "/" not in names[0]:
        return {}
    folders = [name.split("/")[-2] for name in names]
    # One folder around all images, as zips often have, tells none apart.
    return {"folder": folders} if len(set(folders)) > 1 else {}
