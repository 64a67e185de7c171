"""The folder of one training, which describes itself and can be resumed."""

import contextlib
import json
import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from kerasgan.errors import UserError
from kerasgan.files import check_writable, is_partial_file, remove_partial_files, write_text
from kerasgan.folder_lock import LOCK_FILE
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_file import recipe_from_dict
from kerasgan.regular_file import read_text
from kerasgan.shortened import shortened
from kerasgan.training.checkpoints import Checkpoints
from kerasgan.training.run_description import check_description, is_log_line

_PACKAGES = ("kerasgan", "tensorflow", "keras", "numpy", "pillow")


class RunFolder:
    """One training's folder.

    | file | content |
    |---|---|
    | `recipe.toml` | the recipe, as it was given where nothing was overridden |
    | `run.json` | the recipe with all defaults, data, package versions, processor |
    | `checkpoint.weights.h5` | networks, optimizers and batch counter; see `Checkpoints` |
    | `checkpoint.previous.weights.h5` | the checkpoint before it |
    | `log.jsonl` | a line of metrics per interval |
    | `samples/` | pictures from fixed latents |
    | `tensorboard/` | events, where tensorboard is installed |
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    @property
    def checkpoints(self) -> Checkpoints:
        """The checkpoints, of which there need not be any yet."""
        return Checkpoints(self.path)

    @property
    def recipe_file(self) -> Path:
        """The recipe in TOML."""
        return self.path / "recipe.toml"

    @property
    def samples(self) -> Path:
        """The folder of sample grids."""
        return self.path / "samples"

    @property
    def exists(self) -> bool:
        """Whether a training was begun here."""
        return self._description.is_file()

    @property
    def _description(self) -> Path:
        return self.path / "run.json"

    @property
    def _log(self) -> Path:
        return self.path / "log.jsonl"

    def create(self, recipe: Recipe, recipe_text: str, data: dict[str, Any]) -> None:
        """Begins a training: writes the recipe and what it runs on.

        Args:
            recipe: The recipe with its precision resolved.
            recipe_text: The recipe as TOML.
            data: `path`, `images` and `fingerprint` of the training data.

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
        }
        write_text(self._description, json.dumps(description, indent=2) + "\n")

    def check_unused(self, recipe_text: str) -> None:
        """Checks that a training may begin here, in no folder yet or an empty one.

        Raises:
            UserError: The folder holds something else.
        """
        for entry in self.path.iterdir() if self.path.is_dir() else ():
            # A start that was killed leaves the recipe without its description.
            is_begun = entry == self.recipe_file and _holds(entry, recipe_text)
            if not is_begun and not is_partial_file(entry) and entry.name != LOCK_FILE:
                raise UserError(
                    f"The folder {self.path} is not empty and holds no training "
                    f"(it has {shortened(entry.name)}); give another with --out"
                )

    def describe(self) -> dict[str, Any]:
        """Returns what `create` wrote.

        Raises:
            UserError: There is no training here, or its description is damaged.
        """
        try:
            description = json.loads(read_text(self._description))
            check_description(description)
        except FileNotFoundError:
            raise UserError(f"{self.path} is not a run folder: it has no run.json") from None
        except (OSError, ValueError, RecursionError) as error:
            reason = shortened(error, 200)
            raise UserError(f"Cannot read {self._description}: {reason}") from None
        return description

    def recipe(self) -> Recipe:
        """Returns the resolved recipe of the training here."""
        return recipe_from_dict(self.describe()["recipe"], where=str(self._description))

    def log(self) -> list[dict[str, Any]]:
        """Returns the log's lines, oldest first; a line torn by a crash is left out."""
        if not self._log.is_file():
            return []
        lines = []
        for text in self._log.read_text(encoding="utf-8", errors="replace").splitlines():
            with contextlib.suppress(ValueError, RecursionError):
                lines.append(json.loads(text))
        return [line for line in lines if is_log_line(line)]

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
        """Drops lines after `iteration`, which a resumed training writes again, and returns it."""
        kept = [line for line in self.log() if line["iteration"] <= iteration]
        write_text(self._log, "".join(json.dumps(line) + "\n" for line in kept))
        return kept


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
