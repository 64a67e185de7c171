"""The version, and the text by which files say that it wrote them."""

__version__ = "0.1.0"

SIGNATURE_START = "kerasgan "


def signature() -> str:
    """Returns the text that files written by this version carry."""
    return f"{SIGNATURE_START}{__version__}"
