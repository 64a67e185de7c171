"""Writing `.gnt` files as their publisher specifies them."""

import numpy as np


def pixels(number, width=5, height=7):
    """A character-like image that depends on its number: white, with some ink."""
    image = np.full((height, width), 255, np.uint8)
    image[number % height, 1:-1] = number % 200
    return image


def record(character, image, *, size=None, tag=None, width=None, height=None):
    """The bytes of a record; any field can be given a wrong value."""
    rows, columns = image.shape
    tag = character.encode("gbk").ljust(2, b"\0") if tag is None else tag
    return (
        (10 + image.size if size is None else size).to_bytes(4, "little")
        + tag
        + (columns if width is None else width).to_bytes(2, "little")
        + (rows if height is None else height).to_bytes(2, "little")
        + image.tobytes()
    )


def gnt(text):
    """The bytes of a file with a record for each character of the text."""
    return b"".join(record(character, pixels(number)) for number, character in enumerate(text))
