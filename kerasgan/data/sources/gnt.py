"""Finding and reading the `.gnt` files of CASIA-HWDB."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from kerasgan.data.sources.catalog import how_to_get
from kerasgan.data.sources.file_tree import OpenFile
from kerasgan.data.sources.files_at import files_at
from kerasgan.errors import UserError
from kerasgan.files.regular_file import open_regular

# Sample size, tag code, width, height.
_HEADER = struct.Struct("<I2sHH")


@dataclass(frozen=True, eq=False)
class GntSample:
    """A handwritten character.

    Attributes:
        character: The character.
        pixels: uint8 `(height, width)`; ink is dark, and paper is 255.
    """

    character: str
    pixels: np.ndarray


@dataclass(frozen=True)
class BadRecord:
    """A part of a `.gnt` file that is not a sample.

    Attributes:
        file: The name of the file.
        offset: The position of its first byte in the file.
        reason: What is wrong with it, in one line.
    """

    file: str
    offset: int
    reason: str


def gnt_files(path: Path | None) -> dict[str, OpenFile]:
    """Returns functions that open the `.gnt` files of a folder or zip, and of zips in the folder.

    The keys are the names of the files, which begin with the name of `path`. The database is
    downloaded as zips, which need not be unpacked.

    Args:
        path: The folder or zip, or one `.gnt` file.

    Raises:
        UserError: There are none, or a zip cannot be read.
    """
    if path is not None and path.is_file() and path.suffix.lower() == ".gnt":
        return {path.name: partial(open_regular, path)}
    tree = files_at(path, source="casia")
    assert path is not None  # files_at has refused it
    called = path.resolve().name
    trees = {called: tree}
    if path.is_dir():
        zips = [name for name in tree.names if name.lower().endswith(".zip")]
        trees |= {f"{called}/{name}": files_at(path / name, source="casia") for name in zips}
    files = {
        f"{where}/{name}": partial(tree.open, name)
        for where, tree in trees.items()
        for name in tree.names
        if name.lower().endswith(".gnt")
    }
    if not files:
        raise UserError(
            f"{path} has no .gnt files or zips of them; images in folders named by their "
            f"characters need no conversion. {how_to_get('casia')}"
        )
    return files


def is_gnt_name(name: str) -> bool:
    """Tells whether a name is that of a `.gnt` file, or of a downloaded zip of them."""
    last = name.split("/")[-1].lower()
    return last.endswith(".gnt") or (last.startswith("gnt") and last.endswith(".zip"))


def read_gnt(file: BinaryIO, name: str) -> Iterator[GntSample | BadRecord]:
    """Yields the samples and the bad records of a `.gnt` file, in their order.

    A record is a sample size (uint32, the bytes of the whole record), a tag code (two bytes, the
    character in GBK, or one byte of ASCII and a zero), a width and a height (uint16) and a grey
    byte for each pixel, row by row; the numbers are little-endian. See
    https://nlpr.ia.ac.cn/databases/handwriting/Offline_database.html, table 2.

    If the size of a record disagrees with its width and height, nothing tells where the next one
    begins, so the rest of the file is one bad record.

    Args:
        file: The file, seekable.
        name: The name of the file, for bad records.

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
        if reason := _fault_of_size(size, width, height, length - at):
            yield BadRecord(name, at, f"{reason}; the rest of the file is left out")
            return
        character = _character(tag)
        if not width * height:
            yield BadRecord(name, at, f"no pixels: it is {width} wide and {height} high")
        elif character is None:
            yield BadRecord(name, at, f"its tag code 0x{tag.hex()} is not a character in GBK")
        else:
            pixels = np.frombuffer(file.read(width * height), np.uint8)
            yield GntSample(character, pixels.reshape(height, width))
        at += size


def _fault_of_size(size: int, width: int, height: int, left: int) -> str | None:
    """Returns what is wrong with the size of a record, or None."""
    expected = _HEADER.size + width * height
    if size != expected:
        return f"its size is {size}, but {width}x{height} pixels and a header are {expected} bytes"
    if size > left:
        return f"cut off: {width}x{height} pixels and a header are {size} bytes, {left} are left"
    return None


def _character(tag: bytes) -> str | None:
    """Returns the character of a tag code, or None if it is not a printable one."""
    try:
        text = tag.rstrip(b"\0").decode("gbk")
    except UnicodeDecodeError:
        return None
    return text if len(text) == 1 and text.isprintable() else None
