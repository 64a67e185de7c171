"""The images of a source, before they are decoded."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from kerasgan.data.skipped import SkippedFile


@dataclass(frozen=True)
class Item:
    """One encoded image.

    Attributes:
        name: Its name in errors and reports.
        open: Returns its bytes as a seekable file, which the caller closes; called once, in any
            thread. If it raises an error, the image is skipped.
        labels: By label set, the index of its class; -1, or no entry, where the class is unknown.
    """

    name: str
    open: Callable[[], BinaryIO]
    labels: dict[str, int] = field(default_factory=dict)


class Shard(NamedTuple):
    """Consecutive records of a TFRecord file.

    Attributes:
        path: The file.
        first: The number of the first record, from 0.
        count: How many records there are of it.
    """

    path: Path
    first: int
    count: int


@dataclass(frozen=True)
class Source:
    """Encoded images in a fixed order, which are not read yet.

    Attributes:
        where: The folder, file or data set, for messages.
        identity: A JSON-able value that changes whenever the images or labels may have changed;
            decoded images are cached under it.
        count: Number of images.
        items: Returns an iterator over the images.
        class_names: By label set, the names of its classes.
        left_out: The files beside the images that are not read.
        no_label_sets: By column of a table that is no label set, the reason.
        side: The side in pixels of stored images, if all are known to have the same.
        shards: The TFRecord files of the images, in which each label set is an integer feature;
            empty if there are none.
        has_files: Whether each image is a file, whose name its item has, and not a record.
    """

    where: str
    identity: Any
    count: int
    items: Callable[[], Iterator[Item]]
    class_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[SkippedFile, ...] = ()
    no_label_sets: dict[str, str] = field(default_factory=dict)
    side: int | None = None
    shards: tuple[Shard, ...] = ()
    has_files: bool = True
