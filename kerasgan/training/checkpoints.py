"""The checkpoints of a run: the last one, and the one before it."""

import contextlib
import hashlib
import io
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from kerasgan.errors import UserError, shortened
from kerasgan.files.atomic import atomic_path, name_too, replace

if TYPE_CHECKING:
    import keras

# HDF5 leaves the first 512 bytes of a file to its user and looks for its own beginning after them.
# The checksum is there: Keras and other programs read the file as usual, and a kill cannot separate
# the two, as it could if the checksum were a file of its own.
_CHECKSUM_BYTES = 512
_HDF5 = b"\x89HDF\r\n\x1a\n"

BEST_WEIGHTS = "best.weights.h5"
"""The file in a run folder with the weights that were measured best."""


class Checkpoints:
    """The last checkpoint of a run and the one before it, each with its checksum inside.

    | file | content |
    |---|---|
    | `checkpoint.weights.h5` | the last one |
    | `checkpoint.previous.weights.h5` | the one before it |
    | `checkpoint.damaged.weights.h5` | a last one whose checksum differed, set aside |

    At any moment both are whole: a new one is written beside the others, then the last one gets the
    name of the previous one too, then the new one takes its place. Where a disk gives no file two
    names, the last is renamed, and until the new one has its name, only the previous one is there,
    which `newest` then is.

    Args:
        folder: The run folder.
    """

    def __init__(self, folder: Path) -> None:
        self.last = folder / "checkpoint.weights.h5"
        self.previous = folder / "checkpoint.previous.weights.h5"
        self.damaged = folder / "checkpoint.damaged.weights.h5"

    @property
    def newest(self) -> Path | None:
        """The newest file, or `None` if nothing was saved yet."""
        return next((path for path in (self.last, self.previous) if path.is_file()), None)

    @property
    def resumable(self) -> Path | None:
        """The file to resume from: the newest, or the one before it if only the last is damaged."""
        return self.previous if self._damage_of_last_alone() else self.newest

    def save(self, model: "keras.Model") -> None:
        """Writes a model's weights, optimizers and counters as the last checkpoint.

        Raises:
            UserError: The disk is full or not writable; the last checkpoint is as it was.
        """
        save_weights(model, self.last, previous=self.previous)

    def load(
        self, model: "keras.Model", path: Path | None = None, *, optimizers: bool = True
    ) -> None:
        """Loads a checkpoint into a model, and says on stderr if it has no checksum.

        Args:
            model: The model, built and compiled as the run's recipe says.
            path: The checkpoint; by default the newest.
            optimizers: Whether it is an error if the state of the optimizers does not fit.

        Raises:
            UserError: The checkpoint is missing, damaged or of other networks.
        """
        path = path or self.newest or self.last
        try:
            with warnings.catch_warnings():
                # Keras only warns if it leaves a variable as it was.
                warnings.filterwarnings("error", message="Skipping")
                if not optimizers:
                    warnings.filterwarnings(
                        "ignore", message="Skipping variable loading for optimizer"
                    )
                load_weights(model, path)
        except DamagedWeights as error:
            raise UserError(f"{error}; {self._remedy(path)}") from None
        except Exception as error:  # Keras and HDF5 raise all kinds for a file without a checksum.
            if misfit := _misfit(model, path):
                raise UserError(
                    f"The checkpoint {path} does not fit: {misfit}; put back the recipe "
                    "that it was trained by, or train anew in another folder"
                ) from None
            reason = shortened(str(error).strip("'\"").partition("\n")[0].strip(". "))
            raise UserError(
                f"The checkpoint {path} is damaged or of other networks ({reason}); {_NO_OTHER}"
            ) from None

    def set_damaged_aside(self) -> None:
        """Sets the last checkpoint aside if it is damaged and the one before it is whole.

        The previous one is then the newest. A training that resumes from it ends with the same
        weights, so this only says on stderr what it did.
        """
        if damage := self._damage_of_last_alone():
            replace(self.last, self.damaged)
            print(
                f"{damage}; it is set aside as {self.damaged.name}, and the training resumes from "
                f"the one before it, {self.previous.name}, to the same weights",
                file=sys.stderr,
            )

    def _damage_of_last_alone(self) -> str | None:
        """Returns what is wrong with the last checkpoint if the one before it is whole."""
        if not (self.last.is_file() and self.previous.is_file()):
            return None
        try:
            _read(self.last)
        except DamagedWeights as error:
            with contextlib.suppress(DamagedWeights):
                _read(self.previous)
                return str(error)
        return None

    def _remedy(self, damaged: Path) -> str:
        if damaged == self.last and self.previous.is_file():
            return (
                "`kerasgan train` in this run folder resumes from the one before it, "
                f"{self.previous.name}"
            )
        return _NO_OTHER


_NO_OTHER = "put back a copy of it, or train anew in another folder"


class DamagedWeights(ValueError):
    """A file of weights cannot be read, or its checksum differs."""


def save_weights(model: "keras.Model", path: Path, *, previous: Path | None = None) -> None:
    """Writes a model's weights, optimizers and counters with a checksum, whole or not at all.

    Args:
        model: The model.
        path: The file, `*.weights.h5`.
        previous: The name that a file that is there already keeps.

    Raises:
        UserError: The disk is full or not writable.
    """
    memory = _WeightsInMemory()
    model.save_weights(memory)
    # HDF5 crashes or prints pages if it fails to write a file, so it only writes to memory.
    content = memory.getvalue()
    with atomic_path(path) as temporary:
        with temporary.open("wb") as file:
            file.write(_checksum(content))
            file.write(content)
            file.flush()
            # Before the names change, so that the new one is whole when it takes the place.
            os.fsync(file.fileno())
        if previous is not None and path.is_file():
            name_too(path, previous)


def load_weights(model: "keras.Model", path: Path) -> None:
    """Loads what `save_weights` wrote, and says on stderr if it has no checksum.

    Raises:
        DamagedWeights: The file cannot be read, or its checksum differs.
        Exception: Whatever Keras raises if it is of another model.
    """
    content, is_verified = _read(path)
    if not is_verified:
        print(
            f"{path} is not verified: it has no checksum, which the checkpoints of trainings have",
            file=sys.stderr,
        )
    model.load_weights(_WeightsInMemory(content))


def _misfit(model: "keras.Model", path: Path) -> str | None:
    """Returns in what the shapes in a file of weights differ from those of a model, if they do."""
    from kerasgan.training.weight_shapes import difference_of_shapes

    memory = _WeightsInMemory()
    model.save_weights(memory)
    try:
        return difference_of_shapes(io.BytesIO(_read(path)[0]), memory)
    except Exception:  # HDF5 raises all kinds for a damaged file without a checksum.
        return None


class _WeightsInMemory(io.BytesIO):
    """Bytes that Keras saves to and loads from as if they were a file of this name."""

    def __str__(self) -> str:
        return "memory.weights.h5"


def _checksum(content: bytes) -> bytes:
    text = f"checkpoint of kerasgan\nsha256 of the rest: {hashlib.sha256(content).hexdigest()}\n"
    return text.encode("ascii").ljust(_CHECKSUM_BYTES, b"\0")


def _read(path: Path) -> tuple[bytes, bool]:
    """Returns the HDF5 content of a file of weights, and whether its checksum was verified.

    A file without a checksum begins with HDF5's own signature, which no damaged checksum resembles.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DamagedWeights(f"Cannot read the checkpoint {path} ({error.strerror})") from None
    if data.startswith(_HDF5):
        return data, False
    content = data[_CHECKSUM_BYTES:]
    if data[:_CHECKSUM_BYTES] != _checksum(content):
        raise DamagedWeights(f"The checkpoint {path} is damaged (its checksum differs)")
    return content, True
