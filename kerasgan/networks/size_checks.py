"""The checks of sizes and choices that builders of networks take."""

from typing import Any

from kerasgan.whole_number import whole_number


def check_sizes(**sizes: int) -> None:
    """Raises ValueError unless each size, given by its name, is an integer of at least 1."""
    for name, size in sizes.items():
        whole_number(name, size, least=1)


def check_choice(known: tuple[Any, ...], **choice: Any) -> None:
    """Raises ValueError unless the choice, given by its name, is in `known`."""
    for name, value in choice.items():
        if value not in known:
            raise ValueError(f"{name} must be one of {known}. Received: {name}={value!r}")
