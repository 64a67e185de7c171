"""The recipes that the package ships."""

import shlex
import tomllib
from pathlib import Path
from typing import NamedTuple

from kerasgan.data.sources.catalog import DATA_SETS
from kerasgan.errors import UserError, did_you_mean
from kerasgan.files.user_path import did_you_mean_folder, user_path

_PACKAGE = Path(__file__).resolve().parent.parent
_BASELINES = _PACKAGE / "recipes" / "baselines"


def zoo_folder() -> Path:
    """Returns the folder of the shipped entries: in an installed package, or in a checkout."""
    installed = _PACKAGE / "zoo" / "models"
    return installed if installed.is_dir() else _PACKAGE.parent / "zoo"


def recipes() -> list[str]:
    """Returns the names of the shipped recipes, trained or not, in alphabetical order.

    Those of the zoo lie in the folders of its entries, and those that others are measured against
    in `kerasgan/recipes/baselines`.
    """
    in_zoo = [path.parent.name for path in zoo_folder().glob("*/recipe.toml")]
    return sorted([*in_zoo, *(path.stem for path in _BASELINES.glob("*.toml"))])


def shipped_models() -> list[str]:
    """Returns the names of the pretrained models, in alphabetical order."""
    return sorted(path.parent.name for path in zoo_folder().glob("*/saved_model.pb"))


class Summary(NamedTuple):
    """What a shipped recipe trains: its objective, the side of its images, and its data set."""

    objective: str
    image_size: int
    data_set: str


def summary(name: str) -> Summary:
    """Returns what a shipped recipe trains, without TensorFlow.

    A recipe's name begins with that of its data set; the others train on the data set that is
    named as their `data.source`.
    """
    table = tomllib.loads(find_recipe(name).read_text(encoding="utf-8"))
    named = [each.name for each in DATA_SETS if name.startswith(f"{each.name}_")]
    data_set = named[0] if named else table["data"]["source"]
    return Summary(table["model"]["objective"], table["data"]["image_size"], data_set)


def recipes_on(data_set: str) -> list[str]:
    """Returns the names of the shipped recipes that train on a data set.

    Args:
        data_set: The name of a data set; see `kerasgan data list`.
    """
    return [name for name in recipes() if summary(name).data_set == data_set]


def find_recipe(name_or_file: str | Path) -> Path:
    """Returns the file of a recipe.

    Args:
        name_or_file: The name of a shipped recipe, or the user's own file or a folder that has a
            `recipe.toml`.

    Raises:
        UserError: There is no such recipe; the message lists near names.
    """
    if str(name_or_file) in recipes():
        baseline = _BASELINES / f"{name_or_file}.toml"
        return baseline if baseline.is_file() else zoo_folder() / name_or_file / "recipe.toml"
    path = user_path(name_or_file)
    if path.is_dir() and (path / "recipe.toml").is_file():
        return path / "recipe.toml"
    if path.is_dir() or path.suffix == ".zip":
        raise UserError(
            f"{path} is no recipe; to train on the pictures in it, name a recipe and pass it as "
            f"the data: kerasgan train fastgan --data {shlex.quote(str(path))}"
        )
    if path.is_file():
        return path
    raise missing_recipe(path)


def missing_recipe(path: Path) -> UserError:
    """Returns the error of a recipe that is not there; of a name, it lists near names."""
    if path.suffix:
        return UserError(f"There is no recipe file {path}")
    if near := did_you_mean_folder(path):
        return UserError(f"There is no recipe {str(path)!r}, and no folder of that name{near}")
    if len(path.parts) > 1:
        return UserError(f"There is no recipe {str(path)!r}, and no folder of that name")
    return UserError(f"There is no recipe {str(path)!r}{did_you_mean(path.name, recipes())}")
