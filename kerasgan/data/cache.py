"""The cache of decoded images."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path
from typing import IO, Any

import numpy as np

from kerasgan.data.image_set import ImageSet
from kerasgan.data.skipped import SkippedFile
from kerasgan.errors import UserError
from kerasgan.files.atomic import atomic_write, check_writable
from kerasgan.files.cache_folder import cache_folder, cache_key

# Raise it whenever the same files and options decode to other pixels or have other labels, or the
# format changes.
_FORMAT = 5


class ImageCache:
    """A folder of decoded image sets, each a `.npy` of uint8 images and a `.json` of the rest.

    Both are written under temporary names and renamed, the `.json` last. So an interrupted process
    leaves no unfinished set, and any number of processes may write the same set at once.

    Args:
        folder: The folder; None for `$KERASGAN_CACHE`, or the platform's cache folder if that is
            not set.
        identity: JSON-able: the source of the images, and all options of their decoding.
        place: JSON-able: the same, but for what changes with the images. A set takes the room of
            the one that was decoded from the same place before; None keeps both.
    """

    def __init__(self, folder: Path | None, identity: Any, *, place: Any = None) -> None:
        self.folder = cache_folder() if folder is None else folder
        key = cache_key([_FORMAT, identity])
        self._place = None if place is None else cache_key(place)
        self.images_path = self.folder / f"{key}.npy"
        self.rest_path = self.folder / f"{key}.json"

    def open(self) -> ImageSet | None:
        """Returns the set, with its images mapped from the file, or None if it is not complete."""
        try:
            rest = json.loads(self.rest_path.read_text(encoding="utf-8"))
            images = np.load(self.images_path, mmap_mode="r", allow_pickle=False)
            if list(images.shape) != rest["shape"]:
                return None
            return ImageSet(
                images=images,
                labels={name: np.array(x, np.int32) for name, x in rest["labels"].items()},
                class_names=rest["class_names"],
                skipped=tuple(SkippedFile(*pair) for pair in rest["skipped"]),
                background=tuple(rest["background"]),
                images_fingerprint=rest["images_fingerprint"],
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError):
            return None

    def check_writable(self) -> None:
        """Creates the folder, and checks before hours of decoding that it can be written to.

        Raises:
            UserError: Nothing can be written there.
        """
        try:
            check_writable(self.folder)
        except UserError as error:
            raise UserError(
                f"{error}; decoded images are cached there: set KERASGAN_CACHE to another folder"
            ) from error

    @contextlib.contextmanager
    def writing(self, pixel_shape: tuple[int, int, int]) -> Iterator[Callable[[np.ndarray], None]]:
        """Yields a function that appends one uint8 image of `pixel_shape` to the `.npy`.

        Raises:
            UserError: The folder cannot be written, or the disk is full.
        """
        with atomic_write(self.images_path) as file:
            count = 0

            def append(image: np.ndarray) -> None:
                nonlocal count
                file.write(np.ascontiguousarray(image, np.uint8).data)
                count += 1

            _write_header(file, (0, *pixel_shape))
            yield append
            # Only now it is known how many images could be decoded. NumPy's header has room for it.
            file.seek(0)
            _write_header(file, (count, *pixel_shape))

    def finish(self, **rest: Any) -> ImageSet:
        """Writes the `.json` of a set whose images are written, and opens the set."""
        images = np.load(self.images_path, mmap_mode="r", allow_pickle=False)
        built = ImageSet(images=images, **rest)
        document = {
            "shape": images.shape,
            "labels": {name: labels.tolist() for name, labels in built.labels.items()},
            "class_names": built.class_names,
            "skipped": [astuple(file) for file in built.skipped],
            "background": built.background,
            "images_fingerprint": built.images_fingerprint,
            "place": self._place,
        }
        with atomic_write(self.rest_path) as file:
            file.write(json.dumps(document).encode())
        self._remove_earlier()
        return built

    def _remove_earlier(self) -> None:
        """Removes the sets that were decoded from the same place, before its images changed."""
        if self._place is None:
            return
        for rest in self.folder.glob("*.json"):
            if rest != self.rest_path and _place_of(rest) == self._place:
                # A process that has them mapped keeps them; Windows does not remove them.
                with contextlib.suppress(OSError):
                    rest.with_suffix(".npy").unlink(missing_ok=True)
                    rest.unlink(missing_ok=True)


def _place_of(rest_path: Path) -> str | None:
    try:
        return json.loads(rest_path.read_text(encoding="utf-8"))["place"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_header(file: IO[bytes], shape: tuple[int, ...]) -> None:
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
