"""Where the records of TFRecord shards are, and their labels."""

import os
import struct
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from kerasgan.errors import UserError
from kerasgan.files.atomic import atomic_write
from kerasgan.files.cache_folder import cache_key

# Raise it whenever the content of the files changes.
_FORMAT = 2
# Before each record its length and a checksum of that, after it a checksum of the record; see
# https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
_HEADER, _FOOTER = struct.calcsize("<QI"), struct.Struct("<I")


class RecordIndex(NamedTuple):
    """Where the records of a file are, and what is known of them.

    Attributes:
        offsets: int64 `(n,)`: the position of the first byte of each record.
        lengths: int64 `(n,)`: how many bytes it has.
        checksums: uint32 `(n,)`: the checksums of the records, as the file has them.
        labels: int32 `(n,)` by the name of the feature, -1 where a record has none.
    """

    offsets: np.ndarray
    lengths: np.ndarray
    checksums: np.ndarray
    labels: dict[str, np.ndarray]


def record_index(path: Path, features: Sequence[str], folder: Path) -> RecordIndex:
    """Returns the index of a TFRecord file, which is read through once and kept in a folder.

    Each record is compared with its checksum then, and again if the file has changed.

    Args:
        path: The file, not compressed.
        features: The names of the integer features that are labels.
        folder: Where to keep the index.

    Raises:
        UserError: The file is damaged, or the folder cannot be written.
    """
    stat = path.stat()
    identity = [_FORMAT, str(path.absolute()), stat.st_size, stat.st_mtime_ns, *features]
    kept = folder / f"{cache_key(identity)}.npz"
    try:
        with np.load(kept, allow_pickle=False) as arrays:
            labels = {name: arrays[f"label {name}"] for name in features}
            return RecordIndex(arrays["offsets"], arrays["lengths"], arrays["checksums"], labels)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        index = _read_through(path, features)
    with atomic_write(kept) as file:
        arrays: Any = {f"label {name}": values for name, values in index.labels.items()}
        np.savez(
            file,
            offsets=index.offsets,
            lengths=index.lengths,
            checksums=index.checksums,
            **arrays,
        )
    return index


def example_features(record: bytes) -> Any:
    """Returns the features of a record that is a `tf.train.Example`, by their names."""
    # Listing data sets needs no TensorFlow.
    import tensorflow as tf

    return tf.train.Example.FromString(record).features.feature


def _read_through(path: Path, features: Sequence[str]) -> RecordIndex:
    places, labels = [], []
    with path.open("rb") as file:
        for record in _records(path):
            start = file.seek(_HEADER, os.SEEK_CUR)
            file.seek(len(record), os.SEEK_CUR)
            places.append((start, len(record), _FOOTER.unpack(file.read(_FOOTER.size))[0]))
            labels.append(_labels(record, features, path) if features else [])
        # TensorFlow takes a header that is cut off for the end of the file.
        if file.tell() < os.fstat(file.fileno()).st_size:
            raise _damaged(path, len(places))
    table = np.array(places, np.int64).reshape(-1, 3)
    of_features = np.array(labels, np.int32).reshape(len(places), len(features))
    return RecordIndex(
        table[:, 0],
        table[:, 1],
        table[:, 2].astype(np.uint32),
        dict(zip(features, of_features.T, strict=True)),
    )


def _records(path: Path) -> Iterator[bytes]:
    """Yields the records of a file, each of which TensorFlow compares with its checksum."""
    import tensorflow as tf

    count = 0
    try:
        for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            yield record  # pyright: ignore[reportReturnType] (bytes)
            count += 1
    except tf.errors.DataLossError as error:
        raise _damaged(path, count) from error


def _damaged(path: Path, number: int) -> UserError:
    return UserError(
        f"{path} is damaged, or ends, within its record number {number}, counted from 0: copy it "
        "again, or prepare the data set again"
    )


def _labels(record: bytes, features: Sequence[str], path: Path) -> list[int]:
    try:
        found = example_features(record)
    except Exception as error:  # of protobuf, which has no public module
        raise UserError(
            f"{path} has a record that is no tf.train.Example: prepare the data set again"
        ) from error
    values = [found[name].int64_list.value if name in found else () for name in features]
    return [int(each[0]) if each else -1 for each in values]
