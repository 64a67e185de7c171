"""Paths as users write them."""

from pathlib import Path


def user_path(path: str | Path) -> Path:
    """Returns a path whose leading `~` is the user's home folder.

    A shell replaces it only at the beginning of a word, and not in `--out=~/run`. Where there is no
    such home, the path stays as it is.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)
