"""A curriculum of picture sizes."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import msgspec

from kerasgan.argument_checks import whole_number
from kerasgan.errors import shortened


class Curriculum(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sizes that a training goes through, and when.

    Attributes:
        sizes: Sides of the pictures, at least two, each twice the one before it; the first at
            least 8, the last that of the finished model.
        begins: The iteration at which each size but the first begins, each after the one before.
        fade: Iterations over which the critic's layer for a new size is faded in; 0 adds it at
            once. It must end before the next size begins.
    """

    sizes: list[int]
    begins: list[int]
    fade: int = 0

    def __post_init__(self) -> None:
        for name in ("sizes", "begins"):
            msgspec.structs.force_setattr(self, name, _whole_numbers(name, getattr(self, name)))
        msgspec.structs.force_setattr(self, "fade", whole_number("fade", self.fade, least=0))
        doubles = all(larger == 2 * smaller for smaller, larger in pairwise(self.sizes))
        if len(self.sizes) < 2 or self.sizes[0] < 8 or not doubles:
            raise ValueError(
                "sizes must be two or more, each twice the one before it, from at least 8, such as "
                f"[16, 32, 64]. Received: sizes={shortened(self.sizes)}"
            )
        rises = all(earlier < later for earlier, later in pairwise([0, *self.begins]))
        if len(self.begins) != len(self.sizes) - 1 or not rises:
            raise ValueError(
                f"begins must be {len(self.sizes) - 1} rising iterations above 0, one for each "
                f"size but the first. Received: begins={shortened(self.begins)}"
            )
        shortest = min((later - one for one, later in pairwise(self.begins)), default=None)
        if shortest is not None and self.fade > shortest:
            raise ValueError(
                "fade must end before the next size begins. "
                f"Received: fade={self.fade}, begins={shortened(self.begins)}"
            )

    def check_fits(self, *, side: int, iterations: int) -> None:
        """Raises ValueError unless the last size is `side` and is faded in before the end."""
        if self.sizes[-1] != side:
            raise ValueError(
                f"curriculum.sizes must end with the side of the images, {side}, "
                f"got {shortened(self.sizes)}"
            )
        if self.begins[-1] + max(self.fade, 1) > iterations:
            raise ValueError(
                "curriculum.begins must be below training.iterations, and its last fade must end "
                f"by then. Received: begins={shortened(self.begins)}, fade={self.fade}, "
                f"iterations={iterations}"
            )


def _whole_numbers(name: str, values: Any) -> list[int]:
    if not isinstance(values, Iterable) or isinstance(values, str):
        raise ValueError(f"{name} must be a list of integers. Received: {name}={shortened(values)}")
    return [whole_number(f"{name}[{place}]", value) for place, value in enumerate(values)]
