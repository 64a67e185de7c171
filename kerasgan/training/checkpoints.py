"""The checkpoints of a run: the last one, and the one before it."""

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kerasgan.errors import UserError
from kerasgan.files import atomic_path
from kerasgan.training.seal import sealed, unsealed

if TYPE_CHECKING:
    import keras


class Checkpoints:
    """The last checkpoint of a run and the one before it, each with its checksum inside.

    | file | content |
    |---|---|
    | `checkpoint.weights.h5` | the last one |
    | `checkpoint.previous.weights.h5` | the one before it |
    | `checkpoint.damaged.weights.h5` | a last one whose checksum differed, set aside |

    At any moment there is a whole one: a new one is written beside the others, the last becomes
    the previous one, and the new one the last. Where a kill comes between these two, the previous
    one is the newest there is, and `newest` is it.

    Args:
        folder: The run folder.
    """

    def __init__(self, folder: Path) -> None:
        self.last = folder / "checkpoint.weights.h5"
        self.previous = folder / "checkpoint.previous.weights.h5"
        self.damaged = folder / "checkpoint.damaged.weights.h5"

    @property
    def newest(self) -> Path | None:
        """The file to go on from, or `None` if nothing was saved yet."""
        return next((path for path in (self.last, self.previous) if path.is_file()), None)

    def save(self, model: "keras.Model") -> None:
        """Writes a model's weights, optimizers and counters as the last checkpoint.

        Raises:
            UserError: The disk is full or not writable; the checkpoints are as they were.
        """
        save_weights(model, self.last, previous=self.previous)

    def load(self, model: "keras.Model") -> None:
        """Loads the newest checkpoint into a model, and says on stderr if it has no checksum.

        Raises:
            UserError: There is none, or its checksum differs.
            Exception: Whatever Keras raises if it is of another model.
        """
        newest = self.newest or self.last
        try:
            load_weights(model, newest)
        except DamagedWeights as error:
            raise UserError(f"{error}; {self._way_on(newest)}") from None

    def only_last_is_damaged(self) -> str | None:
        """Returns what is wrong with the last checkpoint if the one before it is whole."""
        if not (self.last.is_file() and self.previous.is_file()):
            return None
        try:
            _read(self.last)
        except ValueError as error:
            with contextlib.suppress(ValueError):
                _read(self.previous)
                return str(error)
        return None

    def set_damaged_aside(self) -> None:
        """Sets the last checkpoint aside if it is damaged and the one before it is whole.

        The previous one is then the newest. A training that goes on from it comes to the same
        weights, so this says what it did on stderr and raises nothing.
        """
        if damage := self.only_last_is_damaged():
            self.last.replace(self.damaged)
            print(
                f"{damage}; it is set aside as {self.damaged.name}, and the training goes on from "
                f"the one before it, {self.previous.name}, to the same weights",
                file=sys.stderr,
            )

    def _way_on(self, damaged: Path) -> str:
        if damaged == self.last and self.previous.is_file():
            return (
                "`kerasgan train` in this run folder goes on from the one before it, "
                f"{self.previous.name}"
            )
        return "put back a copy of it, or train in another folder with --out"


class DamagedWeights(ValueError):
    """A file of weights cannot be read, or its checksum differs."""


def save_weights(model: "keras.Model", path: Path, *, previous: Path | None = None) -> None:
    """Writes a model's weights, optimizers and counters with a checksum, whole or not at all.

    Args:
        model: The model.
        path: The file, `*.weights.h5`.
        previous: What a file that is there already is renamed to.

    Raises:
        UserError: The disk is full or not writable.
    """
    memory = _WeightsInMemory()
    model.save_weights(memory)
    # HDF5 crashes or prints pages where it fails to write a file, so it writes none itself.
    content = sealed(memory.getvalue())
    with atomic_path(path) as temporary:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if previous is not None and path.is_file():
            path.replace(previous)


def load_weights(model: "keras.Model", path: Path) -> None:
    """Loads what `save_weights` wrote, and says on stderr if it has no checksum.

    Raises:
        DamagedWeights: The file cannot be read, or its checksum differs.
        Exception: Whatever Keras raises if it is of another model.
    """
    content, is_verified = _read(path)
    if not is_verified:
        print(
            f"{path} is not verified: it was written before checkpoints had checksums",
            file=sys.stderr,
        )
    model.load_weights(_WeightsInMemory(content))


class _WeightsInMemory(io.BytesIO):
    """Bytes that Keras saves to and loads from as it does with a file of this name."""

    def __str__(self) -> str:
        return "memory.weights.h5"


def _read(path: Path) -> tuple[bytes, bool]:
    """Returns the content of a file of weights and whether its checksum was verified."""
    try:
        return unsealed(path.read_bytes())
    except OSError as error:
        raise DamagedWeights(f"Cannot read the checkpoint {path} ({error.strerror})") from None
    except ValueError as error:
        raise DamagedWeights(f"The checkpoint {path} is damaged ({error})") from None
