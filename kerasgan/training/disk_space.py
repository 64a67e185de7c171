"""How much disk space a training takes, and whether the disk has it."""

import contextlib
import math
import shutil
from dataclasses import dataclass
from pathlib import Path

import tensorflow as tf
from rich.filesize import decimal

from kerasgan.drawing.card_samples import card_sample_count
from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel
from kerasgan.recipes.recipe import Recipe
from kerasgan.training.logs import is_installed
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.sample_schedule import sample_count

# Measured: a PNG of photographs has up to this part of its pixels' bytes, one of drawings less.
_PNG = 0.7


@dataclass(frozen=True)
class RunSize:
    """The bytes that the files of a training take once it is done.

    Attributes:
        weights: One file of weights, with the optimizers.
        weight_files: How many such files the training keeps.
        samples: All grids of samples, and their copies for TensorBoard.
    """

    weights: int
    weight_files: int
    samples: int

    @property
    def total(self) -> int:
        """All files together."""
        return self.weights * self.weight_files + self.samples

    @property
    def peak_weights(self) -> int:
        """The most that weights take at any moment: a new file is written beside the old ones."""
        return self.weights * (self.weight_files + 1)

    def __str__(self) -> str:
        return (
            f"about {decimal(self.total)}: {self.weight_files} files of weights of "
            f"{decimal(self.weights)} each, and {decimal(self.samples)} of samples"
        )


def run_size(model: AdversarialModel, recipe: Recipe) -> RunSize:
    """Estimates the size of a run folder from the variables of the model and its optimizers.

    Args:
        model: The model, compiled.
        recipe: The recipe.
    """
    training, side = recipe.training, recipe.data.side
    sizes = (math.prod(v.shape) * tf.as_dtype(v.dtype).size for v in model.training_state)
    grids = sample_count(training.iterations, training.sample_every)
    # TensorBoard's events are written wherever it is installed.
    copies = 2 if is_installed("tensorboard") else 1
    grid = _PNG * card_sample_count(model) * side * side * recipe.data.channels
    # The last checkpoint, the one before it, and the best weights.
    return RunSize(sum(sizes), 2 + bool(training.evaluate_every), round(copies * grids * grid))


def check_disk_space(model: AdversarialModel, recipe: Recipe, run: RunFolder) -> None:
    """Refuses a training whose weights the disk has no space for.

    Samples, which come one by one, are no reason: many trainings are stopped before their end.
    `expected_size` says when they would fill the disk.

    Args:
        model: The model, compiled.
        recipe: The recipe.
        run: The run, which need not exist yet; what it has already is not needed again.

    Raises:
        UserError: The disk has less space than the files of weights need.
    """
    free, needed = _free_space(run.path), _needed_by_weights(run_size(model, recipe), run)
    if free is not None and free < needed:
        raise UserError(
            f"The training needs {decimal(needed)} of disk space for {run.path}, of which the disk "
            f"has {decimal(free)}: free some space, or pass another folder= on a larger disk"
        )


def expected_size(model: AdversarialModel, recipe: Recipe, run: RunFolder) -> str:
    """Says in words what a training will take, and when the disk would be full.

    Args:
        model: The model, compiled.
        recipe: The recipe.
        run: The run, which need not exist yet.
    """
    size, free = run_size(model, recipe), _free_space(run.path)
    if free is None:
        return str(size)
    room = max(free - _needed_by_weights(size, run), 0) + _size(_samples(run))
    if room >= size.samples:
        return str(size)
    # All grids are of one size.
    iteration = int(recipe.training.iterations * (room / size.samples))
    return f"{size}; the disk has {decimal(free)}, which is full at about iteration {iteration:,}"


def _needed_by_weights(size: RunSize, run: RunFolder) -> int:
    """Returns the bytes that the weights will take beyond those that are written."""
    return size.peak_weights - _size(_weights(run))


def _free_space(path: Path) -> int | None:
    """Returns the bytes that are free where a folder is or will be, or `None` if unknown."""
    places = (path.absolute(), *path.absolute().parents)
    with contextlib.suppress(OSError):
        if place := next((place for place in places if place.is_dir()), None):
            return shutil.disk_usage(place).free
    return None


def _weights(run: RunFolder) -> list[Path]:
    return [run.checkpoints.last, run.checkpoints.previous, run.best]


def _samples(run: RunFolder) -> list[Path]:
    folders = (run.samples, run.path / "tensorboard")
    return [file for folder in folders for file in folder.glob("*")]


def _size(files: list[Path]) -> int:
    return sum(file.stat().st_size for file in files if file.is_file())
