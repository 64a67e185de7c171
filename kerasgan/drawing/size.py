"""How many pixels a picture has."""

import operator
from dataclasses import dataclass

from kerasgan.errors import UserError

# Up to here float32 tells the coordinates of neighbouring pixels apart, with a factor of ten left.
_LARGEST_SIDE = 2**20


@dataclass(frozen=True)
class Size:
    """The size of a picture.

    Args:
        width: Columns, from 1 to 1,048,576.
        height: Rows, likewise.

    Raises:
        UserError: A side is no whole number or out of range.
    """

    width: int
    height: int

    def __post_init__(self) -> None:
        for name in ("width", "height"):
            # A small integer type of numpy would overflow in what follows.
            object.__setattr__(self, name, _side(name, getattr(self, name)))

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.width * self.height


def _side(name: str, count: int) -> int:
    try:
        whole = operator.index(count)
    except TypeError:
        whole = 0
    if not 1 <= whole <= _LARGEST_SIDE:
        raise UserError(
            f"The {name} of a picture must be a whole number from 1 to {_LARGEST_SIDE:,}. "
            f"Received: {name}={count}"
        )
    return whole
