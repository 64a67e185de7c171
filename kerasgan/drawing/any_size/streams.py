"""A picture as a stream of PNG bytes, which goes to a file or to libvips as it is drawn."""

import contextlib
import struct
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyvips

from kerasgan.drawing.size import Size

_COLOUR_TYPES = {1: 0, 3: 2}
_SUB = 1


def png_stream(
    strips: Iterable[np.ndarray],
    *,
    size: Size,
    channels: int,
    level: int,
    text: Mapping[str, str] | None = None,
) -> Generator[bytes]:
    """Encodes strips as a PNG, one strip in memory at a time.

    Every libvips reads PNG from a stream, whatever it was built with. Stored rather than deflated,
    it costs next to nothing.

    Args:
        strips: uint8 `(rows, width, channels)`, from the top downwards, all rows of the picture.
        size: Size of the picture.
        channels: 1 or 3.
        level: How hard to compress, from 0 (not at all) to 9.
        text: Text chunks by their keywords.

    Yields:
        The file's bytes, about a strip at a time.

    Reference:
        Portable Network Graphics (PNG) Specification, third edition, W3C, sections 5, 7, 9 to 11.
    """
    header = (size.width, size.height, 8, _COLOUR_TYPES[channels], 0, 0, 0)
    yield b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", *header))
    for keyword, content in (text or {}).items():
        # International text, not compressed, without a language.
        yield _chunk(b"iTXt", keyword.encode("latin-1") + bytes(5) + content.encode())
    deflate = zlib.compressobj(level)
    for strip in strips:
        pixels = strip.reshape(len(strip), -1)
        rows = np.empty((len(strip), 1 + pixels.shape[1]), np.uint8)
        # This filter subtracts from each pixel the one to its left; files become a fifth smaller.
        rows[:, 0] = _SUB
        rows[:, 1:] = pixels
        rows[:, 1 + channels :] -= pixels[:, :-channels]
        if piece := deflate.compress(rows.data):
            yield _chunk(b"IDAT", piece)
    yield _chunk(b"IDAT", deflate.flush()) + _chunk(b"IEND", b"")


def save_stream(stream: Iterator[bytes], save: Callable[[pyvips.Image], None]) -> None:
    """Saves with libvips a picture that comes as a stream of an image file's bytes.

    Neither the stream nor the picture need fit in memory: libvips reads bytes as it writes.

    Args:
        stream: The bytes. Threads of libvips read them, one thread at a time.
        save: Saves an image, which can be read only once, from the top downwards.

    Raises:
        pyvips.Error: The image cannot be saved.
        Exception: Whatever `stream` raises.
    """
    reader = _Reader(stream)
    source = pyvips.SourceCustom()
    source.on_read(reader.read)

    def run() -> None:
        save(pyvips.Image.new_from_source(source, "", access="sequential", fail_on="error"))

    try:
        # In this thread Ctrl-C would wait until libvips returns, when everything is drawn.
        with ThreadPoolExecutor(1, "saving") as thread, contextlib.closing(reader):
            thread.submit(run).result()
    except BaseException:
        if reader.error is not None:
            raise reader.error from None
        raise


class _Reader:
    """Reads a stream in pieces of any length.

    C code calls `read`, and no exception passes through it. So the stream ends there, which libvips
    reports as an error, and `error` keeps what happened.
    """

    def __init__(self, stream: Iterator[bytes]) -> None:
        self.error: BaseException | None = None
        self._stream = stream
        self._left = memoryview(b"")
        self._closed = False

    def close(self) -> None:
        """Ends the stream."""
        self._closed = True

    def read(self, length: int) -> bytes:
        """Returns at most `length` bytes; none at the end."""
        try:
            while not self._left and not self._closed:
                piece = next(self._stream, None)
                if piece is None:
                    break
                self._left = memoryview(piece)
        except BaseException as error:
            self.error = error
            self._closed = True
        if self._closed:
            return b""
        piece, self._left = self._left[:length], self._left[length:]
        return bytes(piece)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
