"""Colours that a grey model does not see."""

import itertools
from collections.abc import Iterable

import numpy as np

from kerasgan.data.decoder import Decoder
from kerasgan.data.picture_formats import without_warnings_of_pillow
from kerasgan.data.sources.source import Item
from kerasgan.errors import shortened_message

_LOOKED_AT, _SIDE = 16, 32
# How far red, green and blue are apart in a colour; grey paper that was scanned has a tint.
_APART = 48


def lost_colours_summary(files: Iterable[Item]) -> list[str]:
    """Returns a line that says how to keep the colours of pictures that become grey, or none.

    Args:
        files: The pictures; the first few are looked at.
    """
    decoder = Decoder(_SIDE, 3, "crop", "white")
    for item in itertools.islice(files, _LOOKED_AT):
        try:
            with item.open() as file, without_warnings_of_pillow():
                pixels = decoder.decode(file)
        except Exception:  # Pillow raises all kinds; who reads all pictures says what is wrong.
            continue
        if np.ptp(pixels, axis=-1).max() > _APART:
            return [
                shortened_message(
                    f"{item.name} has colours, and the model draws in grey; for colours set "
                    "data.channels to 3 (--set data.channels=3)"
                )
            ]
    return []
