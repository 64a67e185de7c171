"""The check of sizes that every builder of networks takes."""

from kerasgan.whole_number import whole_number


def check_sizes(**sizes: int) -> None:
    """Raises ValueError unless each size, given by its name, is an integer of at least 1."""
    for name, size in sizes.items():
        whole_number(name, size, least=1)
