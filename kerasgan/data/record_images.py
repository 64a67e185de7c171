"""Images in TFRecord shards, which are decoded whenever they are indexed."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from kerasgan.data.decoder import Decoder, decoding_failure
from kerasgan.data.record_index import example_features, record_index
from kerasgan.data.sources.source import Shard
from kerasgan.distribution.cores import available_cores
from kerasgan.errors import UserError, shortened


class RecordImages:
    """The images of TFRecord shards, which are read and decoded when they are indexed.

    They are indexed like an array, by an integer, a slice, integers or a mask, along the first
    axis. Only the records that are indexed are read: each worker of a training reads its own
    share of every batch, and no copy of the data is made on any disk. Threads decode.

    Args:
        shards: The shards, whose records follow one another. The feature `"image"` of each record
            is an encoded image.
        decoder: How the images are decoded.
        features: The names of the integer features that are labels.
        folder: Where the index of each file is kept, which is made in one pass over it.
        begin: The number of the shard whose index is made first. Workers that share the folder
            and begin at different ones share the work.

    Attributes:
        labels: By feature, int32 `(n,)`.

    Raises:
        UserError: A file is damaged, or the folder cannot be written.
    """

    dtype = np.dtype(np.uint8)

    def __init__(
        self,
        shards: Sequence[Shard],
        decoder: Decoder,
        *,
        features: Sequence[str] = (),
        folder: Path,
        begin: int = 0,
    ) -> None:
        self.decoder = decoder
        self._paths = [shard.path for shard in shards]
        order = range(len(shards))
        rotated = [*order[begin:], *order[:begin]]
        indices = {n: record_index(self._paths[n], features, folder) for n in rotated}
        parts = {n: slice(shards[n].first, shards[n].first + shards[n].count) for n in order}
        sizes = [len(indices[n].offsets[parts[n]]) for n in order]
        if sizes != [shard.count for shard in shards]:
            raise UserError(
                f"The files beside {self._paths[0]} have other numbers of records than their data "
                "set says: copy all its files, or prepare it again"
            )
        self._file_numbers = np.repeat(np.arange(len(order)), sizes)
        self._offsets, self._lengths, checksums = (
            np.concatenate([getattr(indices[n], field)[parts[n]] for n in order])
            for field in ("offsets", "lengths", "checksums")
        )
        self.labels = {
            name: np.concatenate([indices[n].labels[name][parts[n]] for n in order])
            for name in features
        }
        self._checksums = checksums
        self._maps: dict[int, np.ndarray] = {}
        self._pool = ThreadPoolExecutor(available_cores(), thread_name_prefix="decode")

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """The shape of all of them."""
        side = self.decoder.image_size
        return (len(self), side, side, self.decoder.channels)

    @property
    def fingerprint(self) -> str:
        """sha256, in hexadecimal, of the records' checksums and the options of their decoding."""
        options = [getattr(self.decoder, name) for name in ("image_size", "channels", "fit")]
        digest = hashlib.sha256(repr([*options, self.decoder.background_pixel]).encode())
        digest.update(self._checksums.astype("<u4").tobytes())
        return digest.hexdigest()

    def __len__(self) -> int:
        return len(self._offsets)

    def __getitem__(self, index: Any) -> np.ndarray:
        if isinstance(index, tuple):
            raise TypeError(
                "images of records are indexed along their first axis only: use images[number][...]"
                f". Received: index={shortened(repr(index))}"
            )
        rows = np.arange(len(self))[index]
        if rows.ndim == 0:
            return self._decoded(int(rows))
        decoded = [*self._pool.map(self._decoded, rows.ravel().tolist())]
        return np.array(decoded, np.uint8).reshape(*rows.shape, *self.shape[1:])

    def __iter__(self) -> Iterator[np.ndarray]:
        return (self[row] for row in range(len(self)))

    def __repr__(self) -> str:
        return f"<RecordImages {self.shape} in {len(self._paths)} files>"

    def encoded(self, row: int) -> bytes:
        """Returns the file of an image."""
        start, length = self._offsets[row], self._lengths[row]
        record = self._bytes(int(self._file_numbers[row]))[start : start + length].tobytes()
        return example_features(record)["image"].bytes_list.value[0]

    def _decoded(self, row: int) -> np.ndarray:
        try:
            return self.decoder.decode(io.BytesIO(self.encoded(row)))
        except MemoryError:
            raise
        except Exception as error:  # Pillow and protobuf raise nearly anything
            path = self._paths[self._file_numbers[row]]
            raise UserError(
                f"An image in {path} cannot be decoded ({decoding_failure(error)}): prepare the "
                "data set again, or leave out data.stream, which leaves such images out"
            ) from error

    def _bytes(self, number: int) -> np.ndarray:
        """Returns the bytes of a file; only those that are used are read."""
        if number not in self._maps:
            self._maps[number] = np.memmap(self._paths[number], np.uint8, "r")
        return self._maps[number]
