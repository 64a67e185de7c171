"""The files in a zip, which are read without extracting them."""

import contextlib
import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from kerasgan.data.sources.file_names import is_visible
from kerasgan.data.sources.file_tree import FileTree
from kerasgan.data.sources.folder_tree import size_and_time
from kerasgan.errors import UserError

# The errors of damaged zips, and of kinds of zips that Python cannot read.
_UNREADABLE_ZIP = (
    zipfile.BadZipFile,
    ValueError,
    RuntimeError,
    OverflowError,
    EOFError,
    struct.error,
)

# The flag of a member of a zip whose name is in UTF-8.
_IS_UTF_8 = 0x800

# Members of a zip are unpacked in memory. No image that can be decoded is this large.
_LARGEST_MEMBER = 1 << 29


def zip_tree(path: Path) -> FileTree:
    """Returns the visible files in a zip.

    Raises:
        UserError: It is not a zip that can be read.
    """
    try:
        # No `with`: reading the list of files takes as long as some hundred images, so the archive
        # stays open. It closes itself when nothing refers to it.
        archive = zipfile.ZipFile(path)
    except _UNREADABLE_ZIP as error:
        raise UserError(
            f"{path} is neither a folder nor a zip that can be read ({error}): "
            "pass a folder or a zip of images, and unpack other archives first"
        ) from error
    except OSError as error:
        raise UserError(
            f"{path} cannot be read ({error.strerror}): check its permissions"
        ) from error
    # If a zip has a name twice, the last one counts, as when it is extracted.
    members = {_member_name(m): m for m in archive.infolist() if not m.is_dir()}
    members = {name: member for name, member in members.items() if is_visible(name)}

    def identity(names: Sequence[str]) -> Any:
        chosen = [members[name] for name in names if name in members]
        return [size_and_time(path), [[m.filename, m.file_size, m.CRC] for m in chosen]]

    def open_member(name: str) -> BinaryIO:
        if name not in members:
            raise FileNotFoundError(f"there is no {name} in the zip")
        return _read_member(archive, members[name])

    return FileTree(str(path), tuple(sorted(members)), identity, open_member)


def _member_name(member: zipfile.ZipInfo) -> str:
    """Returns the name of a file in a zip as it would be in a folder."""
    # Some programs write "./a.png", and old ones of Windows "folder\\a.png".
    is_windows = member.create_system == 0
    name = member.filename.replace("\\", "/") if is_windows else member.filename
    if not member.flag_bits & _IS_UTF_8:
        # macOS writes UTF-8 and does not say so.
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return posixpath.normpath(name)


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    if member.file_size > _LARGEST_MEMBER:
        raise ValueError(f"unpacks to {member.file_size} bytes")
    try:
        return io.BytesIO(archive.read(member))
    except (*_UNREADABLE_ZIP, zlib.error) as error:  # encrypted, or compressed by an unknown method
        raise OSError(f"cannot be unpacked ({error})") from error
