"""The images of one split of a folder."""

import collections
from collections.abc import Sequence

from kerasgan.errors import UserError

_OTHERS = {"test", "val", "valid", "validation", "dev", "eval"}

# How many folders a message names.
_LISTED = 10


def images_of_split(names: Sequence[str], split: str, *, where: str) -> list[str]:
    """Returns the images below the folder, or the folders, of a split.

    Data sets are often laid out `train/…` and `test/…`, at the top or further below, with the
    folders of the classes below them or above. The first folder on the way to an image that is
    named like a split says which split it is in: `test/train/1.png` shows a train, and is for
    testing. For the same reason a folder `train` is a split only beside another split's folder,
    or alone; beside `bus` and `tram` it is a class.

    Args:
        names: The images, with slashes.
        split: The name of the folder. `"train"` is all images where there is no such folder.
        where: What holds them, for messages.

    Raises:
        UserError: There is no such folder; the message names those that there are.
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
        f"Received: split={split!r}"
    )
