"""What a random CPPN is, as one word that files and commands can hold."""

from dataclasses import dataclass, fields
from typing import Any

from kerasgan.argument_checks import whole_number
from kerasgan.errors import UserError, shortened

PREFIX = "cppn:"
DISTRIBUTIONS = ("normal", "uniform", "lecun")
MOST_WIDTH = 256
MOST_DEPTH = 32
# Both as published.
LATENT_DIM = 32
COORDINATE_SCALE = 8.0


@dataclass(frozen=True, kw_only=True)
class RandomCPPNName:
    """The architecture of a random CPPN and the distribution of its weights.

    Args:
        width: See `kerasgan.drawing.RandomCPPN`, which has the same arguments.
        depth: See there.
        weights: See there.
        channels: See there.

    Raises:
        UserError: An argument is out of range.

    Example:
    >>> str(RandomCPPNName(width=8))
    'cppn:width=8,depth=4,weights=normal,channels=3'
    """

    width: int = 32
    depth: int = 4
    weights: str = "normal"
    channels: int = 3

    def __post_init__(self) -> None:
        for name, most in (("width", MOST_WIDTH), ("depth", MOST_DEPTH)):
            count = whole_number(name, getattr(self, name), least=1, most=most)
            object.__setattr__(self, name, count)
        if self.weights not in DISTRIBUTIONS:
            raise UserError(
                f"weights must be one of {', '.join(DISTRIBUTIONS)}. "
                f"Received: weights={shortened(repr(self.weights))}"
            )
        if type(self.channels) is not int or self.channels not in (1, 3):
            raise UserError(
                "channels must be 3 (RGB) or 1 (grey). "
                f"Received: channels={shortened(repr(self.channels))}"
            )

    def __str__(self) -> str:
        return PREFIX + ",".join(
            f"{field.name}={getattr(self, field.name)}" for field in fields(self)
        )

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """The shapes of the kernels: of u, of x, y and r, of the hidden layers, of the colours."""
        hidden = [(self.width, self.width)] * (self.depth - 1)
        return [
            (LATENT_DIM, self.width),
            (3, self.width),
            *hidden,
            (self.width, self.channels),
        ]


def is_random_cppn(name: object) -> bool:
    """Tells whether a model's name is that of a random CPPN."""
    return isinstance(name, str) and name.startswith(PREFIX)


def parse_random_cppn(name: str) -> RandomCPPNName:
    """Returns what a name stands for.

    Args:
        name: `"cppn:"` and any of the arguments, such as `"cppn:width=16,weights=lecun"`.

    Raises:
        UserError: It has an unknown key, or a value that is no value of its key.
    """
    known = {field.name: field.type for field in fields(RandomCPPNName)}
    arguments: dict[str, Any] = {}
    for part in filter(None, name.removeprefix(PREFIX).split(",")):
        key, _, value = part.partition("=")
        if key not in known or key in arguments:
            raise UserError(
                f"The name of a random CPPN is {PREFIX} and any of width=32, depth=4, "
                f"weights=normal and channels=3, with commas between. Received: {shortened(name)!r}"
            )
        whole = known[key] is int and value.isascii() and value.isdecimal() and len(value) < 10
        arguments[key] = int(value) if whole else value
    return RandomCPPNName(**arguments)
