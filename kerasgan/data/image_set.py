"""A set of decoded images."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from kerasgan.data.selected_images import SelectedImages
from kerasgan.data.selection import selection
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
    """Decoded images of one size, and what is known of each.

    A label set is one way of sorting the images into classes; a painting has a genre and a style.

    Attributes:
        images: uint8 `(n, size, size, channels)`, usually a read-only memory map of a cache file,
            so that a set may be larger than memory, or `SelectedImages` of one.
        labels: By the name of each label set, int32 `(n,)`: indices into its class names, or -1
            where the class of an image is not known.
        class_names: By the name of each label set, the names of its classes.
        skipped: The files that could not be decoded.
        background: One value in 0..255 per channel: what surrounds the subject wherever the
            image was transparent, was padded, or is shifted by augmentation.
        images_fingerprint: sha256, in hexadecimal, of the array that `images` is or selects from.
            Computed when it is not given.

    Raises:
        UserError: The arrays have another dtype or shape, there are no images, or a label has no
            class name.
    """

    images: np.ndarray | SelectedImages
    labels: Mapping[str, np.ndarray] = field(default_factory=dict)
    class_names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()
    background: tuple[int, ...] = ()
    images_fingerprint: str = ""

    def __post_init__(self) -> None:
        shape, dtype = self.images.shape, self.images.dtype
        if dtype != np.uint8 or len(shape) != 4 or shape[1] != shape[2] or 0 in shape:
            raise UserError(
                "images must be uint8 of shape (n, size, size, channels), none of them 0. "
                f"Received: {dtype} of shape {shape}"
            )
        if set(self.labels) != set(self.class_names):
            raise UserError(
                "labels and class_names must have the same label sets. "
                f"Received: labels of {list(self.labels)}, class_names of {list(self.class_names)}"
            )
        names = {name: tuple(self.class_names[name]) for name in self.labels}
        labels = {
            name: _checked_labels(name, values, shape[0], len(names[name]))
            for name, values in self.labels.items()
        }
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "class_names", names)
        if not self.background:
            object.__setattr__(self, "background", (255,) * shape[3])
        elif len(self.background) != shape[3]:
            raise UserError(
                f"background must have one value for each of the {shape[3]} channels. "
                f"Received: background={self.background}"
            )
        if not self.images_fingerprint:
            whole = self.images.whole if self._selected else self.images
            object.__setattr__(self, "images_fingerprint", _images_fingerprint(whole))

    def __len__(self) -> int:
        return len(self.images)

    @cached_property
    def fingerprint(self) -> str:
        """sha256, in hexadecimal, of the images, their selection and their labels.

        A resumed run compares it to refuse other data. That of a set with neither labels nor
        selection is `images_fingerprint`.
        """
        if not self._selected and not self.labels:
            return self.images_fingerprint
        description = {
            "images": self.images_fingerprint,
            "rows": _sha256(self.images.rows) if self._selected else None,
            "labels": {
                name: [self.class_names[name], _sha256(values)]
                for name, values in self.labels.items()
            },
        }
        return hashlib.sha256(json.dumps(description, sort_keys=True).encode()).hexdigest()

    def select(
        self, labels: Sequence[str] = (), classes: Mapping[str, Sequence[str]] | None = None
    ) -> "ImageSet":
        """Returns the images that have the wanted labels, with these labels only.

        ```python
        paintings = wikiart.select(["genre"], {"genre": ["landscape", "portrait"]})
        ```

        Args:
            labels: The label sets to keep, for models that learn them. Images without a label in
                one of them are left out.
            classes: By label set, the names of the classes to keep. Images of other classes are
                left out, and in the kept label sets the classes get their numbers in this order.
                A kept label set that is not named here has the classes that occur, in their own
                order. A set that is not among `labels` may be named too: it chooses images, and
                is dropped.

        Raises:
            UserError: A label set or class is unknown or named twice, a named class has no image,
                or no image is left.
        """
        if not labels and not classes:
            return replace(self, labels={}, class_names={})
        rows, kept, names = selection(self.labels, self.class_names, labels, classes or {})
        return replace(self.take(rows), labels=kept, class_names=names)

    def take(self, rows: np.ndarray) -> "ImageSet":
        """Returns the set of some of the images, with their labels; nothing is copied.

        Args:
            rows: Integers in [0, n), at least one: which images, in their new order.
        """
        labels = {name: values[rows] for name, values in self.labels.items()}
        whole = self.images.whole if self._selected else self.images
        rows = self.images.rows[rows] if self._selected else rows
        # All images in their own order are no selection, and have the fingerprint of the whole.
        all_of_them = np.array_equal(rows, np.arange(len(whole)))
        images = whole if all_of_them else SelectedImages(whole, rows)
        return replace(self, images=images, labels=labels)

    @property
    def _selected(self) -> bool:
        return isinstance(self.images, SelectedImages)


def _checked_labels(name: str, values: np.ndarray, images: int, classes: int) -> np.ndarray:
    """Returns the labels as int32 if they are as they must be."""
    values = np.asarray(values)
    if values.shape != (images,) or values.dtype.kind not in "iu":
        raise UserError(
            f'the labels of "{name}" must be one integer for each of the {images} images. '
            f"Received: {values.dtype} of shape {values.shape}"
        )
    if values.min() < -1 or values.max() >= classes:
        raise UserError(
            f'the labels of "{name}" must be indices of its {classes} class names, or -1. '
            f"Received: labels from {values.min()} to {values.max()}"
        )
    return values.astype(np.int32)


def _images_fingerprint(images: np.ndarray) -> str:
    # The False dates from when it told labelled images from others; runs have kept the result.
    digest = hashlib.sha256(repr((images.shape, False)).encode())
    for image in images:  # one at a time: a memory map may be larger than memory
        digest.update(np.ascontiguousarray(image))
    return digest.hexdigest()


def _sha256(integers: np.ndarray) -> str:
    little_endian = integers.dtype.newbyteorder("<")
    return hashlib.sha256(np.ascontiguousarray(integers, little_endian)).hexdigest()
