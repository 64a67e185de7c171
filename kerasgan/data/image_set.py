"""A set of decoded images."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from kerasgan.data.record_images import RecordImages
from kerasgan.data.selection import SelectedImages, select_rows
from kerasgan.data.skipped import SkippedFile
from kerasgan.errors import UserError, shortened

_FEW = 100


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Decoded images of one size, with their labels.

    A label set is one way of sorting the images into classes: paintings have a genre and a style.

    Attributes:
        images: uint8 `(n, size, size, channels)`: usually a read-only memory map of a cache file,
            which may be larger than memory, or `RecordImages`, which are decoded whenever they
            are indexed, or `SelectedImages` of one of them.
        labels: By label set, int32 `(n,)`: indices into its class names, or -1 where the class of
            an image is unknown.
        class_names: By label set, the names of its classes.
        skipped: The files that were left out: those that are no pictures or cannot be decoded.
        background: One value in 0..255 per channel: the colour of pixels that were transparent, or
            that padding or augmentation added.
        images_fingerprint: sha256, in hexadecimal, of the array that `images` is or selects from;
            computed if it is not given.
        no_label_sets: By column of a table that is no label set, the reason.

    Raises:
        UserError: An array has another dtype or shape, there are no images, or a label is not the
            index of a class name.
    """

    images: np.ndarray | RecordImages | SelectedImages
    labels: Mapping[str, np.ndarray] = field(default_factory=dict)
    class_names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    skipped: tuple[SkippedFile, ...] = ()
    background: tuple[int, ...] = ()
    images_fingerprint: str = ""
    no_label_sets: Mapping[str, str] = field(default_factory=dict)

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
            object.__setattr__(self, "images_fingerprint", _images_fingerprint(self._whole))

    def __len__(self) -> int:
        return len(self.images)

    def __repr__(self) -> str:
        count, *_, side, channels = self.images.shape
        classes = "".join(f", {name}: {len(names)}" for name, names in self.class_names.items())
        return f"<ImageSet of {count:,} images {side}x{side}x{channels}{classes}>"

    @cached_property
    def fingerprint(self) -> str:
        """sha256, in hexadecimal, of the images, their selection and their labels.

        A resumed run compares it, so that it does not continue with other data. Without labels
        and selection it is `images_fingerprint`.
        """
        rows = self.images.rows if isinstance(self.images, SelectedImages) else None
        if rows is None and not self.labels:
            return self.images_fingerprint
        description = {
            "images": self.images_fingerprint,
            "rows": None if rows is None else _sha256(rows),
            "labels": {
                name: [self.class_names[name], _sha256(values)]
                for name, values in self.labels.items()
            },
        }
        return hashlib.sha256(json.dumps(description, sort_keys=True).encode()).hexdigest()

    def select(
        self, labels: Sequence[str] = (), classes: Mapping[str, Sequence[str]] | None = None
    ) -> "ImageSet":
        """Returns the images that have labels in some label sets, with these labels only.

        ```python
        paintings = wikiart.select(["genre"], {"genre": ["landscape", "portrait"]})
        ```

        Args:
            labels: The label sets to keep. Images without a label in one of them are left out.
            classes: By label set, the names of the classes to keep. Images of other classes are
                left out, and the classes are numbered in this order. A label set of `labels` that
                is missing here keeps the classes that occur, in their own order. A label set that
                is not among `labels` restricts the images, and is then dropped.

        Raises:
            UserError: A label set or class is unknown or named twice, or a named class has no
                image.
        """
        if not labels and not classes:
            return replace(self, labels={}, class_names={})
        rows, kept, names = select_rows(
            self.labels, self.class_names, labels, classes or {}, self.no_label_sets
        )
        return replace(self.take(rows), labels=kept, class_names=names)

    def take(self, rows: np.ndarray) -> "ImageSet":
        """Returns some of the images with their labels; no image is copied.

        Args:
            rows: Integers in [-n, n), at least one: the indices of the images, in their new order;
                or a mask of n booleans.

        Raises:
            IndexError: There is no such image, or a mask has another length.
        """
        rows = np.arange(len(self))[rows]
        labels = {name: values[rows] for name, values in self.labels.items()}
        whole = self._whole
        if isinstance(self.images, SelectedImages):
            rows = self.images.rows[rows]
        # All images in their own order have the fingerprint of the whole array.
        all_of_them = np.array_equal(rows, np.arange(len(whole)))
        images = whole if all_of_them else SelectedImages(whole, rows)
        return replace(self, images=images, labels=labels)

    @property
    def _whole(self) -> np.ndarray | RecordImages:
        """The array that the images are, or are selected from."""
        return self.images.whole if isinstance(self.images, SelectedImages) else self.images


def check_is_image_set(value: object) -> None:
    """Raises UserError unless a value, of an argument `image_set`, is an `ImageSet`."""
    if isinstance(value, ImageSet):
        return
    is_array = isinstance(value, np.ndarray)
    received = f"{value.dtype} of shape {value.shape}" if is_array else shortened(repr(value))
    raise UserError(
        "image_set must be an ImageSet; kerasgan.data.load_images returns one, and "
        "kerasgan.data.ImageSet(array) makes one of a uint8 array (n, size, size, channels). "
        f"Received: {received}"
    )


def _checked_labels(name: str, values: np.ndarray, images: int, classes: int) -> np.ndarray:
    """Returns the labels of a label set as int32, after checking them."""
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


def _images_fingerprint(images: np.ndarray | RecordImages) -> str:
    # The False once meant that the images had no labels. Existing runs depend on the digest.
    digest = hashlib.sha256(repr((images.shape, False)).encode())
    for image in images:  # one at a time: a memory map may be larger than memory
        digest.update(np.ascontiguousarray(image).data)
    return digest.hexdigest()


def _sha256(integers: np.ndarray) -> str:
    little_endian = integers.dtype.newbyteorder("<")
    return hashlib.sha256(np.ascontiguousarray(integers, little_endian).data).hexdigest()


def advice_on_count(count: int) -> list[str]:
    """Returns what to say of a set of so many images: nothing, or that they are few."""
    if count >= _FEW:
        return []
    return [f"So few pictures teach little: {_FEW} or more of one kind are a good set."]
