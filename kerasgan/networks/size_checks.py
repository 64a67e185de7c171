"""The check of sizes that every builder of networks takes."""

import operator


def check_sizes(**sizes: int) -> None:
    """Raises ValueError unless each size, given by its name, is an integer of at least 1."""
    for name, size in sizes.items():
        try:
            fits = operator.index(size) >= 1
        except TypeError:
            fits = False
        if not fits:
            raise ValueError(f"{name} must be an integer of at least 1. Received: {name}={size!r}")
