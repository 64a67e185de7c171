"""The folder of one training, which describes itself and can be resumed."""

import contextlib
import json
import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import msgspec

from kerasgan.errors import UserError, shortened
from kerasgan.files.atomic import check_writable, is_partial_file, remove_partial_files, write_text
from kerasgan.files.folder_lock import LOCK_FILE, folder_lock
from kerasgan.files.new_folder import is_litter
from kerasgan.files.regular_file import read_text
from kerasgan.files.user_path import did_you_mean_folder, user_path
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_file import recipe_from_dict
from kerasgan.training.checkpoints import BEST_WEIGHTS, Checkpoints

ONE_DEVICE = "one device"
_PACKAGES = ("kerasgan", "tensorflow", "keras", "numpy", "pillow")
_Count = Annotated[int, msgspec.Meta(ge=0)]


class _Data(msgspec.Struct):
    path: str
    images: _Count
    fingerprint: str


class _Init(msgspec.Struct):
    origin: str
    freeze_discriminator: _Count
    fingerprint: str
    fresh: dict[str, list[str]]


class _Description(msgspec.Struct):
    """What `run.json` must have."""

    recipe: dict[str, Any]
    data: _Data
    versions: dict[str, str]
    machine: dict[str, Any]
    init: _Init | None = None


class _LogLine(msgspec.Struct):
    """What a line of `log.jsonl` must have, besides metrics that are numbers."""

    iteration: _Count
    seconds: Annotated[float, msgspec.Meta(ge=0)]


class RunFolder:
    """One training's folder.

    | file | content |
    |---|---|
    | `recipe.toml` | the recipe: the file that was passed, unless keys were overridden |
    | `run.json` | the recipe with all defaults, data, versions, processor, first weights |
    | `checkpoint.weights.h5` | networks, optimizers and batch counter; see `Checkpoints` |
    | `checkpoint.previous.weights.h5` | the checkpoint before it |
    | `log.jsonl` | a line of metrics per interval |
    | `best.weights.h5` | the weights with the smallest Fréchet distance, if it is measured |
    | `progress.png` | measures and losses against hours, if they are measured |
    | `samples/` | pictures from fixed latents |
    | `progress.webp` | these, one after the other; see `animate_progress` |
    | `tensorboard/` | events, if tensorboard is installed |
    | `logs.json` | by which names W&B and MLflow know the run, if it is logged there |

    Args:
        path: The folder, which need not exist yet.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = user_path(path)

    @property
    def checkpoints(self) -> Checkpoints:
        """The checkpoints; there may be none yet."""
        return Checkpoints(self.path)

    @property
    def best(self) -> Path:
        """The best weights, which exist only if the training is measured."""
        return self.path / BEST_WEIGHTS

    @property
    def recipe_file(self) -> Path:
        """The recipe in TOML."""
        return self.path / "recipe.toml"

    @property
    def samples(self) -> Path:
        """The folder of sample grids."""
        return self.path / "samples"

    @property
    def progress_animation(self) -> Path:
        """The animation of the sample grids, which exists once a training ended."""
        return self.path / "progress.webp"

    @property
    def progress_is_animated(self) -> bool:
        """Whether the animation has all sample grids."""
        try:
            animated = self.progress_animation.stat().st_mtime
        except FileNotFoundError:
            return False
        return all(grid.stat().st_mtime <= animated for grid in self.sample_grids().values())

    def sample_grids(self) -> dict[int, Path]:
        """Returns the sample grids by their iterations, in order."""
        grids = {int(file.stem): file for file in self.samples.glob("*.png") if file.stem.isdigit()}
        return dict(sorted(grids.items()))

    @property
    def exists(self) -> bool:
        """Whether a training was started here."""
        return self.description_file.is_file()

    @property
    def description_file(self) -> Path:
        """What `describe` reads."""
        return self.path / "run.json"

    @property
    def _log(self) -> Path:
        return self.path / "log.jsonl"

    def lock(self) -> contextlib.AbstractContextManager[None]:
        """Makes the folder, and keeps other processes from training in it while the block runs.

        Raises:
            UserError: Another process trains there, or the folder cannot be made or written to.
        """
        busy = f"Another process is training in {self.path}; let it end, or pass another folder="
        return folder_lock(self.path, busy=busy)

    def create(
        self,
        recipe: Recipe,
        recipe_text: str,
        data: dict[str, Any],
        init: dict[str, Any] | None = None,
    ) -> None:
        """Starts a training: writes the recipe, and the data and the machine that it runs on.

        Args:
            recipe: The recipe, with its precision and classes resolved.
            recipe_text: The recipe as TOML.
            data: `path`, `images` and `fingerprint` of the training data.
            init: What the training starts from, if that is another model; see `WarmStart`.

        Raises:
            UserError: The folder is not writable, or holds something else.
        """
        check_writable(self.path)
        remove_partial_files(self.path)
        self.check_unused(recipe_text)
        write_text(self.recipe_file, recipe_text)
        description = {
            "recipe": recipe.as_dict(),
            "data": data,
            "versions": {
                "python": platform.python_version(),
                **{package: _version(package) for package in _PACKAGES},
            },
            "machine": {"processor": _processor(), "cores": os.cpu_count()},
            **({} if init is None else {"init": init}),
        }
        self._write_description(description)

    def record_recipe(self, recipe: Recipe, recipe_text: str) -> None:
        """Notes that the training continues by a recipe that differs where a resumed one may.

        Args:
            recipe: The recipe, with its precision and classes resolved.
            recipe_text: The recipe as TOML.
        """
        description = self.describe()
        if description["recipe"] != (table := recipe.as_dict()):
            write_text(self.recipe_file, recipe_text)
            description["recipe"] = table
            self._write_description(description)

    def record_devices(self, iteration: int, devices: str) -> None:
        """Notes in `run.json` that the training continues on other devices than before.

        Args:
            iteration: The iteration that it continues from.
            devices: The devices that it continues on, in words.
        """
        description = self.describe()
        history = description.setdefault("devices", [])
        if devices != (history[-1]["devices"] if history else ONE_DEVICE):
            history.append({"iteration": iteration, "devices": devices})
            self._write_description(description)

    def check_unused(self, recipe_text: str) -> None:
        """Checks that a training may start here: the folder is missing or empty.

        Raises:
            UserError: The folder holds something else.
        """
        for entry in self.path.iterdir() if self.path.is_dir() else ():
            # A process that was killed while it started leaves the recipe without `run.json`.
            is_started = entry == self.recipe_file and _holds(entry, recipe_text)
            is_ours = is_started or is_partial_file(entry) or entry.name == LOCK_FILE
            if not is_ours and not is_litter(entry.name):
                raise UserError(
                    f"The folder {self.path} is not empty and holds no training "
                    f"(it has {shortened(entry.name)}); pass another folder="
                )

    def describe(self) -> dict[str, Any]:
        """Returns the content of `run.json`, see `create`.

        Raises:
            UserError: There is no training here, or its description is damaged.
        """
        try:
            description = json.loads(read_text(self.description_file))
            msgspec.convert(description, _Description)
        except FileNotFoundError:
            if not self.path.exists():
                near = did_you_mean_folder(self.path)
                raise UserError(f"There is no folder {self.path}{near}") from None
            raise UserError(f"{self.path} is not a run folder: it has no run.json") from None
        except (OSError, ValueError, RecursionError) as error:
            reason = shortened(error, 200)
            raise UserError(f"Cannot read {self.description_file}: {reason}") from None
        return description

    def _write_description(self, description: dict[str, Any]) -> None:
        write_text(self.description_file, json.dumps(description, indent=2) + "\n")

    def recipe(self) -> Recipe:
        """Returns the resolved recipe of the training here."""
        return recipe_from_dict(self.describe()["recipe"], where=str(self.description_file))

    def log(self) -> list[dict[str, Any]]:
        """Returns the lines of the log, oldest first, except those that a crash left incomplete."""
        if not self._log.is_file():
            return []
        lines = []
        for text in self._log.read_text(encoding="utf-8", errors="replace").splitlines():
            with contextlib.suppress(ValueError, RecursionError):
                lines.append(json.loads(text))
        return [line for line in lines if _is_log_line(line)]

    def append_log(self, line: dict[str, Any]) -> None:
        """Adds a line to the log.

        Raises:
            UserError: The disk is full or not writable.
        """
        try:
            with self._log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        except OSError as error:
            raise UserError(f"Cannot write {self._log}: {error.strerror}") from error

    def rewind_log(self, iteration: int) -> list[dict[str, Any]]:
        """Drops the lines after `iteration`, which resuming rewrites, and returns the others."""
        kept = [line for line in self.log() if line["iteration"] <= iteration]
        write_text(self._log, "".join(json.dumps(line) + "\n" for line in kept))
        return kept


def _is_log_line(line: Any) -> bool:
    try:
        msgspec.convert(line, _LogLine)
    except msgspec.ValidationError:
        return False
    return all(isinstance(value, int | float) for value in line.values())


def _holds(file: Path, text: str) -> bool:
    return file.is_file() and file.read_bytes() == text.encode("utf-8")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
