"""A set of decoded images."""

import hashlib
from dataclasses import dataclass

import numpy as np

from kerasgan.errors import UserError


@dataclass(frozen=True)
class Skipped:
    """A file that was left out, and why.

    Attributes:
        path: Its name, relative to the folder or zip it came from.
        reason: One line.
    """

    path: str
    reason: str


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Decoded images of one size.

    Attributes:
        images: uint8 `(n, size, size, channels)`, usually a read-only memory map of a cache file,
            so that a set may be larger than memory.
        labels: int32 `(n,)`, indices into `class_names`, or None.
        class_names: The name of each class; `()` when `labels` is None.
        skipped: The files that could not be decoded.
        background: One value in 0..255 per channel: what surrounds the subject wherever the
            image was transparent, was padded, or is shifted by augmentation.
        fingerprint: sha256, in hexadecimal, of the images and labels; a resumed run compares it
            to refuse other data. Computed when it is not given.

    Raises:
        UserError: The arrays have another dtype or shape, or no images.
    """

    images: np.ndarray
    labels: np.ndarray | None = None
    class_names: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    background: tuple[int, ...] = ()
    fingerprint: str = ""

    def __post_init__(self) -> None:
        shape, dtype = self.images.shape, self.images.dtype
        if dtype != np.uint8 or len(shape) != 4 or shape[1] != shape[2] or 0 in shape:
            raise UserError(
                "images must be uint8 of shape (n, size, size, channels), none of them 0. "
                f"Received: {dtype} of shape {shape}"
            )
        if self.labels is not None and self.labels.shape != shape[:1]:
            raise UserError(
                f"labels must have one entry for each of the {shape[0]} images. "
                f"Received: shape {self.labels.shape}"
            )
        if not self.background:
            object.__setattr__(self, "background", (255,) * shape[3])
        elif len(self.background) != shape[3]:
            raise UserError(
                f"background must have one value for each of the {shape[3]} channels. "
                f"Received: background={self.background}"
            )
        if not self.fingerprint:
            object.__setattr__(self, "fingerprint", _fingerprint(self.images, self.labels))

    def __len__(self) -> int:
        return len(self.images)


def _fingerprint(images: np.ndarray, labels: np.ndarray | None) -> str:
    digest = hashlib.sha256(repr((images.shape, labels is not None)).encode())
    for image in images:  # one at a time: a memory map may be larger than memory
        digest.update(np.ascontiguousarray(image))
    if labels is not None:
        digest.update(np.ascontiguousarray(labels, np.int32))
    return digest.hexdigest()
