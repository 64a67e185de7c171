"""Reading the `.gnt` files of CASIA-HWDB."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

# Sample size, tag code, width, height.
_HEADER = struct.Struct("<I2sHH")

# How much is searched at once for the next whole record behind a bad one.
_SEARCHED = 1 << 16


@dataclass(frozen=True, eq=False)
class GntSample:
    """A handwritten character.

    Attributes:
        character: The character, as text.
        pixels: uint8 `(height, width)`; ink is dark, what is not ink is 255.
    """

    character: str
    pixels: np.ndarray


@dataclass(frozen=True)
class BadRecord:
    """A part of a `.gnt` file that is no sample.

    Attributes:
        file: The name of the file.
        offset: Where in the file it begins, in bytes.
        reason: What is wrong with it, in one line.
    """

    file: str
    offset: int
    reason: str


def read_gnt(file: BinaryIO, name: str) -> Iterator[GntSample | BadRecord]:
    """Yields the samples of a `.gnt` file in their order, and what is wrong between them.

    A record is a sample size (uint32, the bytes of the whole record), a tag code (two bytes, the
    character in GBK, or one byte of ASCII and a zero), a width and a height (uint16) and a grey
    byte for each pixel, row by row; the numbers are little-endian. See
    https://nlpr.ia.ac.cn/databases/handwriting/Offline_database.html, table 2.

    Behind a record whose size cannot be trusted, reading goes on at the next place where the size
    of a record agrees with its width and height.

    Args:
        file: The file, seekable.
        name: What reports call it.

    Raises:
        OSError: The file cannot be read.
    """
    length = file.seek(0, io.SEEK_END)
    at = 0
    while at < length:
        file.seek(at)
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size:
            yield BadRecord(name, at, f"cut off: {len(header)} bytes are left for a header of 10")
            return
        size, tag, width, height = _HEADER.unpack(header)
        if reason := _why_untrusted(size, width, height, length - at):
            yield BadRecord(name, at, reason)
            at = _next_record(file, at + 1, length)
            continue
        character = _character(tag)
        if not width * height:
            yield BadRecord(name, at, f"no pixels: it is {width} wide and {height} high")
        elif character is None:
            yield BadRecord(name, at, f"its tag code 0x{tag.hex()} is no character in GBK")
        else:
            pixels = np.frombuffer(file.read(width * height), np.uint8)
            yield GntSample(character, pixels.reshape(height, width))
        at += size


def _why_untrusted(size: int, width: int, height: int, left: int) -> str | None:
    """Says why a record's size does not lead to the next one, or returns None."""
    expected = _HEADER.size + width * height
    if size != expected:
        return f"its size is {size}, but {width}x{height} pixels and a header are {expected} bytes"
    if size > left:
        return f"cut off: {width}x{height} pixels and a header are {size} bytes, {left} are left"
    return None


def _next_record(file: BinaryIO, start: int, length: int) -> int:
    """Returns where the first whole record at or behind `start` begins, or the file's length."""
    for at in range(start, length - _HEADER.size, _SEARCHED):
        file.seek(at)
        part = np.frombuffer(file.read(_SEARCHED + _HEADER.size - 1), np.uint8).astype(np.int64)
        # Every place of the part is tried as the beginning of a header, all at once.
        byte = [part[place : len(part) - _HEADER.size + 1 + place] for place in range(10)]
        size = byte[0] | byte[1] << 8 | byte[2] << 16 | byte[3] << 24
        pixels = (byte[6] | byte[7] << 8) * (byte[8] | byte[9] << 8)
        ends = at + np.arange(len(size)) + size
        whole = (pixels > 0) & (size == _HEADER.size + pixels) & (ends <= length)
        for place in np.flatnonzero(whole):
            if _character(bytes(part[place + 4 : place + 6].tolist())) is not None:
                return at + int(place)
    return length


def _character(tag: bytes) -> str | None:
    """Returns what a tag code stands for, or None if it is no printable character."""
    try:
        text = tag.rstrip(b"\0").decode("gbk")
    except UnicodeDecodeError:
        return None
    return text if len(text) == 1 and text.isprintable() else None
