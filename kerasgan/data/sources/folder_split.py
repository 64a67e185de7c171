"""The images of one split of a folder."""

import collections
from collections.abc import Sequence

from kerasgan.errors import UserError, shortened

_OTHERS = {"test", "val", "valid", "validation", "dev", "eval"}

# The largest number of folders that a message names.
_LISTED = 10


def images_of_split(names: Sequence[str], split: str, *, where: str) -> list[str]:
    """Returns the images in the folders of a split.

    Data sets often have folders `train` and `test`, at the top or further below, inside or around
    the folders of the classes. The outermost folder with the name of a split counts:
    `test/train/1.png` shows a train, and is for testing. A folder `train` is a split only if it is
    alone or beside another split's folder; beside `bus` and `tram` it is a class.

    Args:
        names: The names of the images, with slashes; at least one.
        split: The name of the folder. `"train"` is all images if there is no such folder.
        where: The folder or zip of the images, for messages.

    Raises:
        UserError: There is no such folder.
    """
    inside = collections.defaultdict(set)
    for name in names:
        *folders, _ = name.split("/")
        for depth, folder in enumerate(folders):
            inside[tuple(folders[:depth])].add(folder)

    def split_of(name: str) -> str | None:
        *folders, _ = name.split("/")
        for depth, folder in enumerate(folders):
            beside = inside[tuple(folders[:depth])]
            if folder == "train":
                if beside == {"train"} or beside & _OTHERS:
                    return folder
            elif folder in _OTHERS or folder == split:
                return folder
        return None

    chosen = [name for name in names if split_of(name) == split]
    if chosen:
        return chosen
    if split == "train":
        return list(names)
    outermost_first = sorted(inside, key=lambda path: (len(path), path))
    known = [folder for path in outermost_first for folder in sorted(inside[path])]
    known = list(dict.fromkeys(known)) or ["none"]
    listed = ", ".join(known[:_LISTED]) + (", …" if len(known) > _LISTED else "")
    raise UserError(
        f"{where} has no folder of images for this split; its folders are: {listed}. "
        f"Received: split={shortened(repr(split))}"
    )
