"""Grids of pictures that kerasgan wrote itself, which are no pictures to train on."""

import json
from collections.abc import Mapping
from typing import Any

from kerasgan.version import SIGNATURE_START

# The keywords of text chunks by which the PNG file of a preview of training images, or of another
# grid of many pictures, says what it is.
PREVIEW, GRID = "Preview", "Grid"


def is_own_grid(texts: Mapping[Any, Any]) -> bool:
    """Tells whether a PNG file shows several pictures side by side, and kerasgan wrote it.

    Files of single pictures that kerasgan drew are pictures like others.

    Args:
        texts: The file's texts, by their keywords.
    """
    if not str(texts.get("Software", "")).startswith(SIGNATURE_START):
        return False
    if PREVIEW in texts or GRID in texts:
        return True
    # What a picture was drawn from, as `kerasgan.drawing.provenance` writes it.
    try:
        settings = json.loads(texts["Settings"])
        drawn = settings.get("seeds") or settings.get("numbers") or ()
        return "show" not in settings and len(drawn) > 1
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return False
