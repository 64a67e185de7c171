"""Which entries the zoo has, and what each is."""

import functools
import json
import os
import shlex
import warnings
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from kerasgan.errors import UserError, did_you_mean, shortened, shortened_path
from kerasgan.files.regular_file import read_text
from kerasgan.files.user_path import did_you_mean_folder, user_path
from kerasgan.recipes.shipped import shipped_models, zoo_folder
from kerasgan.training.run_folder import RunFolder
from kerasgan.zoo.checksums import check_files
from kerasgan.zoo.entry_files import METRICS
from kerasgan.zoo.hub_address import HubAddress, is_hub_address
from kerasgan.zoo.hub_download import download


class _Training(msgspec.Struct):
    iterations: int
    batches: int
    precision: str
    images: int
    hours: float | None
    images_per_second: float | None
    data: str = ""
    started_from: str = ""


class _Machine(msgspec.Struct):
    processor: str
    cores: int | None


class _Metrics(msgspec.Struct):
    """What an export records, as far as anything reads it."""

    objective: str
    image_shape: tuple[int, int, int]
    latent_dim: int
    classes: dict[str, Annotated[list[str], msgspec.Meta(min_length=1)]]
    parameters: dict[
        Literal["generator", "discriminator", "encoder", "decoder", "projected_discriminator"], int
    ]
    training: _Training
    last_twentieth: dict[str, float]
    progress_rows: list[int]
    versions: dict[str, str]
    machine: _Machine
    about: dict[Literal["title", "description", "license", "author"], str] = {}


def names() -> list[str]:
    """Returns the names of the pretrained models, in alphabetical order."""
    return shipped_models()


def is_shipped(name_or_folder: str | Path) -> bool:
    """Returns whether a name is that of a pretrained model, rather than a folder."""
    return str(name_or_folder) in names()


def find(name_or_folder: str | Path) -> Path:
    """Returns the folder of a pretrained model, which is downloaded if it is on the Hub.

    Args:
        name_or_folder: The name of a shipped model, the folder of any zoo entry, or the address of
            one on the Hugging Face Hub, `hf://USER/NAME` or `hf://USER/NAME@REVISION`.

    Raises:
        UserError: There is no such model; the message lists near names.
    """
    if is_hub_address(name_or_folder):
        return download(name_or_folder)
    if is_shipped(name_or_folder):
        shipped, here = zoo_folder() / name_or_folder, Path(name_or_folder)
        if here.is_dir() and here.resolve() != shipped.resolve():
            _warn_of(str(name_or_folder), here.resolve())
        return shipped
    folder = user_path(name_or_folder)
    if (folder / "saved_model.pb").is_file():
        return folder
    raise _no_model(str(name_or_folder), folder)


@functools.cache  # A command looks for its model several times, and warns once.
def _warn_of(name: str, folder: Path) -> None:
    """Warns that a shipped model is taken before a folder of its name."""
    warnings.warn(
        f"{name!r} is the model of the zoo; the folder {folder} is "
        f"{os.path.join(os.curdir, name)!r}",  # noqa: PTH118
        stacklevel=3,
    )


def _no_model(name: str, folder: Path) -> UserError:
    """Returns the error of what is neither a shipped model nor the folder of an entry."""
    if folder.is_dir():
        hint = ""
        if RunFolder(folder).exists:
            run = as_argument(folder)
            hint = f". It is a run; make one of it: kerasgan zoo export {run} FOLDER"
        elif within := _models_in(folder):
            hint = f". Name one of the models in it: {shortened(', '.join(within), 200)}"
        elif RunFolder(folder.parent).exists:
            hint = f"; did you mean its run, {folder.parent}?"
        elif _has_pictures(folder):
            data = shlex.quote(str(folder))
            hint = f". It has pictures; train a model on them: kerasgan train fastgan --data {data}"
        return UserError(f"{folder} is not a zoo entry: it has no saved_model.pb{hint}")
    if len(folder.parts) == 1 and (zoo_folder() / folder / "recipe.toml").is_file():
        recipe = f"{folder} is a recipe without a shipped model"
        run = RunFolder(Path("runs", folder))
        if run.exists:
            return UserError(f"{recipe}; did you mean {run.path}?")
        command = f"kerasgan train {shlex.quote(str(folder))}"
        return UserError(
            f"{recipe}: train it ({command}), and name the folder of the run, or of a model that "
            "was exported from it"
        )
    if folder.is_file():
        return UserError(
            f"{folder} is a file, and a model is a folder: that of a run, or one of kerasgan zoo "
            "export. Files of kerasgan export are for other programs"
        )
    near = did_you_mean_folder(folder)
    # A path such as `runs/mine` is not a mistyped name.
    if not near and len(folder.parts) == 1:
        near = did_you_mean(folder.name, names())
    return UserError(f"There is no model {name!r} and no folder of that name{near}")


def is_model(folder: str | Path) -> bool:
    """Tells whether a run or an entry of the zoo lies in a folder."""
    try:
        return RunFolder(folder).exists or (user_path(folder) / "saved_model.pb").is_file()
    except OSError:  # The name is too long.
        return False


def as_argument(folder: str | Path) -> str:
    """Returns what commands call a folder: `./NAME` where a shipped model has the same name."""
    name = str(folder)
    return shlex.quote(f"{os.curdir}{os.sep}{name}" if is_shipped(name) else name)


def _models_in(folder: Path) -> list[str]:
    """Returns the paths of the runs and zoo entries right below a folder."""
    below = sorted(each for each in folder.iterdir() if each.is_dir())
    return [str(each) for each in below if is_model(each)]


def _has_pictures(folder: Path) -> bool:
    """Tells whether there are pictures in a folder, or in the folders right below it."""
    from kerasgan.data.picture_formats import is_picture_name

    files = (each for pattern in ("*", "*/*") for each in folder.glob(pattern))
    return any(is_picture_name(each.name) for each in files)


def run_of(name_or_folder: str | Path) -> RunFolder | None:
    """Returns the run folder of a path, or `None` if it is none, or the name of a shipped model."""
    if is_shipped(name_or_folder):
        return None
    run = RunFolder(name_or_folder)
    return run if run.exists else None


def stage_name(name_or_folder: str | Path, stage: int) -> str | Path:
    """Returns what a later stage of a model is called.

    Stage 2 of the model `NAME` is the model `NAME_stage2` beside it: in the zoo, or in the same
    folder.

    Args:
        name_or_folder: A model of the zoo, the folder of a zoo entry, or a run folder.
        stage: The stage, at least 1, which is the model itself.

    Raises:
        UserError: There is no such stage.
    """
    if stage == 1:
        return name_or_folder
    if stage >= 1 and is_shipped(name_or_folder):
        if (later := f"{name_or_folder}_stage{stage}") in names():
            return later
    elif stage >= 1:
        folder = user_path(name_or_folder)
        later = folder.with_name(f"{folder.resolve().name}_stage{stage}")
        if later.is_dir():
            return later
    raise UserError(
        f"There is no stage {stage} of {shortened_path(name_or_folder)}: it would be the model "
        f"{shortened(Path(name_or_folder).resolve().name)}_stage{stage} beside it"
    )


def verify(name_or_folder: str | Path, *, part: str = "") -> int:
    """Checks every file of a zoo entry, or of a folder in it, against its checksum.

    A card (`README.md`) without a checksum is accepted, because people edit cards on the Hugging
    Face Hub, and so are hidden files, such as those of git.

    Args:
        name_or_folder: As in `find`.
        part: Name of the folder in the entry; empty for all of the entry.

    Returns:
        How many files were checked.

    Raises:
        UserError: There is no such entry, or a file of it is damaged, missing or unlisted.
    """
    folder = find(name_or_folder)
    parts = (part,) if part else ()
    return check_files(folder, parts=parts, is_download=is_hub_address(name_or_folder))


def describe(name_or_folder: str | Path) -> dict[str, Any]:
    """Describes a pretrained model without loading it, and without TensorFlow.

    Args:
        name_or_folder: As in `find`.

    Returns:
        `name`; `folder`; `megabytes`; `recipe`, as nested dicts with all defaults; and `metrics`,
        what its export recorded of the training and the networks.

    Raises:
        UserError: There is no such model, or its description is damaged.
    """
    # Recipes take a while to import, and `find` does without.
    from kerasgan.recipes.recipe_file import read_recipe

    folder = find(name_or_folder)
    try:
        metrics = json.loads(read_text(folder / METRICS))
        msgspec.convert(metrics, _Metrics)
    except (OSError, ValueError, RecursionError) as error:
        reason = shortened(error, 200)
        raise UserError(f"Cannot read {folder / METRICS}: {reason}; get the entry again") from None
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {
        "name": HubAddress.parse(name_or_folder).name
        if is_hub_address(name_or_folder)
        else folder.resolve().name,
        "folder": str(folder),
        "megabytes": round(size / 1e6, 1),
        "recipe": read_recipe(folder / "recipe.toml").as_dict(),
        "metrics": metrics,
    }
