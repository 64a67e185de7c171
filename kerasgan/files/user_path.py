"""Paths as users write them."""

from pathlib import Path

from kerasgan.errors import near_names


def user_path(path: str | Path) -> Path:
    """Returns a path whose leading `~` is the user's home folder.

    A shell replaces it only at the beginning of a word, and not in `--out=~/run`. Where there is no
    such home, the path stays as it is.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def did_you_mean_folder(path: Path) -> str:
    """Returns the end of an error message about a path that is not there: folders of near names.

    It is empty where there are none.
    """
    try:
        beside = {each.name: each for each in path.parent.iterdir() if each.is_dir()}
    except OSError:
        return ""
    near = near_names(path.name, beside)
    return f"; did you mean {' or '.join(str(beside[name]) for name in near)}?" if near else ""
