"""What the formats of picture files are called, and how large a picture they hold."""

from collections.abc import Collection
from pathlib import Path

from PIL import Image

from kerasgan.errors import UserError

# libjpeg ends a little below the 65,535 of JPEG itself.
_LONGEST_SIDE = {"GIF": 65_535, "JPEG": 65_500, "WEBP": 16_383}


def picture_format(path: Path) -> str:
    """Returns Pillow's name of the format that the ending of `path` names.

    Raises:
        UserError: It names none that Pillow writes.
    """
    kind = Image.registered_extensions().get(path.suffix.lower())
    if kind not in Image.SAVE:
        raise UserError(f"{path}: {path.suffix or 'no ending'} is not a picture format; try .png")
    return kind


def check_ending(path: Path, endings: Collection[str], what: str, *, instead: str = "") -> str:
    """Returns the ending of `path`, in lower case, if it is one of `endings`.

    Args:
        path: The file.
        endings: Those that will do.
        what: What they hold, for the message.
        instead: What else will do, for the message.

    Raises:
        UserError: It is another.
    """
    ending = path.suffix.lower()
    if ending not in endings:
        raise UserError(
            f"{path}: {path.suffix or 'no ending'} cannot hold {what}; give "
            f"{', '.join(endings)}{instead}"
        )
    return ending


def check_side(path: Path, kind: str, width: int, height: int, *, instead: str = ".png") -> None:
    """Refuses pictures that are too large for a format.

    Args:
        path: The file, for the message.
        kind: Pillow's name of the format, as `picture_format` gives it.
        width: Columns of the picture.
        height: Its rows.
        instead: What holds them, for the message.

    Raises:
        UserError: The format cannot hold them.
    """
    longest = _LONGEST_SIDE.get(kind)
    if longest is not None and max(width, height) > longest:
        raise UserError(
            f"{path}: {kind} holds pictures of up to {longest:,} pixels a side, not "
            f"{width}x{height}; give {instead}"
        )
