"""The images of one split of a folder."""

import collections
from collections.abc import Sequence

from kerasgan.data.skipped import SkippedFile
from kerasgan.errors import NoSuchSplit, shortened

_OTHERS = {"test", "val", "valid", "validation", "dev", "eval"}
_SPLITS = {"train", *_OTHERS}
_ALIASES = {"training": "train", "trn": "train", "testing": "test"}

# The largest number of folders that a message names.
_LISTED = 10


def images_of_split(names: Sequence[str], split: str, *, where: str) -> list[str]:
    """Returns the images in the folders of a split.

    Data sets often have folders `train` and `test`, at the top or further below, inside or around
    the folders of the classes. The outermost folder with the name of a split counts:
    `test/train/1.png` shows a train, and is for testing. A folder `train` is a split only if it is
    alone or beside another split's folder; beside `bus` and `tram` it is a class. Such names may be
    in upper case, and `training` and `testing` are `train` and `test`.

    Args:
        names: The names of the images, with slashes; at least one.
        split: The name of the folder. If there is no such folder, `"train"` is all images that are
            in the folder of no other split, or all images if each is in one.
        where: The folder or zip of the images, for messages.

    Raises:
        NoSuchSplit: There is no such folder.
    """
    split = _split_name(split)
    splits = _split_of_each(names, split)
    chosen = [name for name in names if splits[name] == split]
    if not chosen and split == "train":
        chosen = [name for name in names if splits[name] is None] or list(names)
    if chosen:
        return chosen
    inside = _folders_inside(names)
    outermost_first = sorted(inside, key=lambda path: (len(path), path))
    known = [folder for path in outermost_first for folder in sorted(inside[path])]
    known = list(dict.fromkeys(known)) or ["none"]
    listed = ", ".join(known[:_LISTED]) + (", …" if len(known) > _LISTED else "")
    raise NoSuchSplit(
        f"{where} has no folder of images for this split; its folders are: {listed}. "
        f"Received: split={shortened(repr(split))}"
    )


def left_out_of_training(names: Sequence[str], split: str) -> list[SkippedFile]:
    """Returns the images that the split `"train"` lacks and that a user may miss, with the reason.

    Those are the ones beside a folder `train`, and those in other splits' folders where there is no
    folder `train`. Those in folders such as `test` beside `train` are where they were put to be.

    Args:
        names: As in `images_of_split`.
        split: As there; other splits lack nothing.
    """
    if _split_name(split) != "train":
        return []
    splits = _split_of_each(names, "train")
    if "train" in splits.values():
        reason = "beside the folder train"
        missing = [name for name in names if splits[name] is None]
    else:
        reason = "in the folder of another split, such as test"
        missing = [name for name in names if splits[name] is not None]
        if len(missing) == len(names):
            return []  # All are trained on.
    return [SkippedFile(name, reason) for name in missing]


def _split_of_each(names: Sequence[str], split: str) -> dict[str, str | None]:
    """Returns the folder that makes each image one of a split, if it is in one."""
    inside = {
        place: set(map(_split_name, folders)) for place, folders in _folders_inside(names).items()
    }
    return {name: _split_of(name, split, inside) for name in names}


def _folders_inside(names: Sequence[str]) -> dict[tuple[str, ...], set[str]]:
    """Returns the folders in each folder."""
    inside = collections.defaultdict(set)
    for name in names:
        *folders, _ = name.split("/")
        for depth, folder in enumerate(folders):
            inside[tuple(folders[:depth])].add(folder)
    return inside


def _split_of(name: str, split: str, inside: dict[tuple[str, ...], set[str]]) -> str | None:
    """Returns the folder that makes an image one of a split, if it is in one."""
    *folders, _ = name.split("/")
    for depth, folder in enumerate(folders):
        beside = inside[tuple(folders[:depth])]
        common = _split_name(folder)
        if common == "train":
            if beside == {"train"} or beside & _OTHERS:
                return common
        elif common in _OTHERS or common == split:
            return common
    return None


def _split_name(folder: str) -> str:
    """Returns the common name of a split, or the folder's own if it is not one of them."""
    name = folder.lower()
    name = _ALIASES.get(name, name)
    return name if name in _SPLITS else folder
