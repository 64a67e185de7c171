"""Where the zoo's entries lie."""

from pathlib import Path

from kerasgan.errors import UserError
from kerasgan.suggestions import did_you_mean

_HERE = Path(__file__).resolve().parent


def zoo_folder() -> Path:
    """Returns the folder of the shipped entries: in an installed package, or in a checkout."""
    installed = _HERE / "models"
    return installed if installed.is_dir() else _HERE.parent.parent / "zoo"


def recipes() -> list[str]:
    """Returns the names of the shipped recipes, trained or not, in alphabetical order."""
    return sorted(path.parent.name for path in zoo_folder().glob("*/recipe.toml"))


def recipes_on(data_set: str) -> list[str]:
    """Returns the names of the shipped recipes that train on a data set; they begin with its."""
    return [name for name in recipes() if name.startswith(f"{data_set}_")]


def names() -> list[str]:
    """Returns the names of the pretrained models, in alphabetical order."""
    return sorted(path.parent.name for path in zoo_folder().glob("*/saved_model.pb"))


def is_shipped(name: str) -> bool:
    """Tells whether a name is that of a pretrained model of the zoo, and no folder's."""
    return name in names()


def find(name_or_folder: str | Path) -> Path:
    """Returns the folder of a pretrained model.

    Args:
        name_or_folder: The name of a shipped model, or the folder of any zoo entry.

    Raises:
        UserError: There is no such model; the message lists near names.
    """
    if name_or_folder in names():
        return zoo_folder() / name_or_folder
    folder = Path(name_or_folder)
    if (folder / "saved_model.pb").is_file():
        return folder
    if folder.is_dir():
        raise UserError(f"{folder} is not a zoo entry: it has no saved_model.pb")
    raise UserError(
        f"There is no model {str(name_or_folder)!r}{did_you_mean(folder.name, names())}"
    )


def find_recipe(name_or_file: str | Path) -> Path:
    """Returns the file of a recipe: a shipped one by its name, or the user's own.

    Raises:
        UserError: There is no such recipe; the message lists near names.
    """
    if name_or_file in recipes():
        return zoo_folder() / name_or_file / "recipe.toml"
    path = Path(name_or_file)
    if path.is_dir() and (path / "recipe.toml").is_file():
        return path / "recipe.toml"
    if path.is_file():
        return path
    if path.suffix:
        raise UserError(f"There is no recipe file {path}")
    raise UserError(f"There is no recipe {str(path)!r}{did_you_mean(path.name, recipes())}")
