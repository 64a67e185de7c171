"""A picture as a stream of PNG bytes, of which only a strip is ever in memory."""

import struct
import zlib
from collections.abc import Iterable, Iterator

import numpy as np

_COLOUR_TYPES = {1: 0, 3: 2}


def png_stream(
    strips: Iterable[np.ndarray], *, width: int, height: int, channels: int
) -> Iterator[bytes]:
    """Encodes strips as an uncompressed PNG.

    PNG is what every libvips reads from a stream, whatever it was built with. Stored rather than
    deflated, it costs next to nothing.

    Args:
        strips: uint8 `(rows, width, channels)`, from the top downwards, `height` rows in all.
        width: Columns.
        height: Rows.
        channels: 1 or 3.

    Yields:
        The file's bytes, about a strip at a time.

    Reference:
        Portable Network Graphics (PNG) Specification, third edition, W3C, sections 5, 7 and 10.
    """
    header = (width, height, 8, _COLOUR_TYPES[channels], 0, 0, 0)
    yield b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", *header))
    deflate = zlib.compressobj(level=0)
    for strip in strips:
        rows = np.zeros((len(strip), 1 + width * channels), np.uint8)  # 0: a row without filter.
        rows[:, 1:] = strip.reshape(len(strip), -1)
        yield _chunk(b"IDAT", deflate.compress(rows))
    yield _chunk(b"IDAT", deflate.flush()) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
