"""How many pixels a picture has."""

import operator
from typing import Annotated

import msgspec
from msgspec import Meta

from kerasgan.errors import UserError, shortened

# Up to here float32 tells the coordinates of neighbouring pixels apart, with a factor of ten left.
LARGEST_SIDE = 2**20

_Side = Annotated[int, Meta(ge=1, le=LARGEST_SIDE)]


class Size(msgspec.Struct, frozen=True, kw_only=True, array_like=True, forbid_unknown_fields=True):
    """The size of a picture, the same everywhere; in files it is `[height, width]`.

    Args:
        height: Rows, from 1 to 1,048,576.
        width: Columns, from 1 to 1,048,576.

    Raises:
        UserError: A side is not an integer or is out of range.

    Example:
    >>> str(Size(width=1920, height=1080))
    '1920x1080'
    """

    height: _Side
    width: _Side

    def __post_init__(self) -> None:
        for name in ("width", "height"):
            # A small integer type of numpy would overflow in what follows.
            msgspec.structs.force_setattr(self, name, _side(name, getattr(self, name)))

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def pixels(self) -> int:
        """The number of pixels."""
        return self.width * self.height

    def times(self, factor: int) -> "Size":
        """Returns the size of a picture that is enlarged by a factor."""
        return Size(height=factor * self.height, width=factor * self.width)


def check_size(size: Size) -> Size:
    """Returns a size, which must be a `Size`.

    Raises:
        UserError: It is something else.
    """
    if not isinstance(size, Size):
        raise UserError(
            "size must be a kerasgan.drawing.Size, such as Size(width=640, height=480). "
            f"Received: size={shortened(repr(size))}"
        )
    return size


def _side(name: str, count: int) -> int:
    try:
        whole = operator.index(count)
    except TypeError:
        whole = 0
    if not 1 <= whole <= LARGEST_SIDE:
        raise UserError(
            f"The {name} of a picture must be an integer from 1 to {LARGEST_SIDE:,}. "
            f"Received: {name}={count}"
        )
    return whole
