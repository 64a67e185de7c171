"""A picture as a stream of PNG bytes, of which only a strip is ever in memory."""

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

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
) -> Iterator[bytes]:
    """Encodes strips as a PNG.

    PNG is what every libvips reads from a stream, whatever it was built with. Stored rather than
    deflated, it costs next to nothing.

    Args:
        strips: uint8 `(rows, width, channels)`, from the top downwards, all rows of the picture.
        size: Of the picture.
        channels: 1 or 3.
        level: How hard to compress, from 0, not at all, to 9.
        text: Text chunks by their keywords.

    Yields:
        The file's bytes, about a strip at a time.

    Reference:
        Portable Network Graphics (PNG) Specification, third edition, W3C, sections 5, 7, 9 to 11.
    """
    header = (size.width, size.height, 8, _COLOUR_TYPES[channels], 0, 0, 0)
    yield b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", *header))
    for keyword, content in (text or {}).items():
        # International text, not compressed, of no language.
        yield _chunk(b"iTXt", keyword.encode("latin-1") + bytes(5) + content.encode())
    deflate = zlib.compressobj(level)
    for strip in strips:
        pixels = strip.reshape(len(strip), -1)
        rows = np.empty((len(strip), 1 + pixels.shape[1]), np.uint8)
        # The filter that takes from each pixel the one to its left makes files a fifth smaller.
        rows[:, 0] = _SUB
        rows[:, 1:] = pixels
        rows[:, 1 + channels :] -= pixels[:, :-channels]
        if piece := deflate.compress(rows):
            yield _chunk(b"IDAT", piece)
    yield _chunk(b"IDAT", deflate.flush()) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
