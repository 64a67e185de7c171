"""The files below a folder, or in a zip of one."""

import collections
import contextlib
import io
import os
import posixpath
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, BinaryIO

from kerasgan.data.picture_formats import (
    PICTURE_EXTENSIONS,
    is_picture_name,
    kind_of_file,
    why_not_read,
)
from kerasgan.data.skipped import SkippedFile
from kerasgan.data.sources.catalog import how_to_get
from kerasgan.data.sources.source import Item, Source
from kerasgan.errors import UserError, did_you_mean, shortened_path
from kerasgan.files.regular_file import open_regular

# Opens a file, in any thread.
OpenFile = Callable[[], BinaryIO]

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

# The largest number of kinds of files that a message names.
_LISTED = 8

# Members of a zip are unpacked in memory. No image that can be decoded is this large.
_LARGEST_MEMBER = 1 << 29


@dataclass(frozen=True)
class FileTree:
    """The visible files of a folder or zip, which are not read yet.

    Attributes:
        where: The folder or zip, for messages.
        names: The names of the files, relative to it, with slashes, sorted.
        identity: Given some names, returns a JSON-able value that changes whenever these files may
            have changed.
        open: Opens a file by name, in any thread.
    """

    where: str
    names: tuple[str, ...]
    identity: Callable[[Sequence[str]], Any]
    open: Callable[[str], BinaryIO]

    @cached_property
    def _names_as_typed(self) -> dict[str, str]:
        # A name that is there in just this form goes before one in another form.
        return {composed(name): name for name in self.names} | {name: name for name in self.names}

    def name_of(self, typed: str) -> str:
        """Returns the name of a file that a table or a person names, or `typed` if there is none.

        macOS writes the names of files in another form of Unicode than people write tables in.
        """
        return self._names_as_typed.get(typed) or self._names_as_typed.get(composed(typed), typed)

    @property
    def images(self) -> list[str]:
        """The names with the extension of a picture that can be read."""
        return [name for name in self.names if is_picture_name(name)]

    def check_has_pictures(self) -> None:
        """Checks that there is a picture that can be read.

        Raises:
            UserError: There is none; the message counts the other files by their kinds.
        """
        if self.images:
            return
        kinds = collections.Counter(kind_of_file(name) for name in self.names)
        counts = [f"{count:,} {kind}" for kind, count in kinds.most_common(_LISTED)]
        more = ", …" if len(kinds) > _LISTED else ""
        found = f"; it has other files: {', '.join(counts)}{more}" if counts else ""
        raise UserError(
            f"{self.where} has no image files ({', '.join(PICTURE_EXTENSIONS)}){found}. "
            "Pass path=PATH with a folder or a zip of images"
        )

    def source(
        self,
        names: Sequence[str],
        classes: Mapping[str, Sequence[str | int | None]],
        *,
        also_read: Collection[str] = (),
        left_out: Sequence[SkippedFile] = (),
        no_label_sets: Mapping[str, str] | None = None,
    ) -> Source:
        """Returns the source of the named images.

        Args:
            names: The images, in this order.
            classes: By label set, the name or number of each image's class, or None. The classes
                of the label set are those that occur, sorted.
            also_read: Further files that the labels depend on.
            left_out: Pictures that the source does not have, and why. Files that are no pictures
                are left out too.
            no_label_sets: By column of a table that is no label set, the reason.
        """
        known = {
            label_set: sorted({value for value in values if value is not None})
            for label_set, values in classes.items()
        }
        numbers: dict[str, dict[str | int | None, int]] = {
            label_set: {value: number for number, value in enumerate(values)}
            for label_set, values in known.items()
        }

        def items() -> Iterator[Item]:
            for row, name in enumerate(names):
                labels = {key: numbers[key].get(values[row], -1) for key, values in classes.items()}
                yield Item(name, partial(self.open, name), labels)

        return Source(
            where=self.where,
            identity=self.identity([*names, *also_read]),
            count=len(names),
            items=items,
            class_names={label_set: tuple(map(str, values)) for label_set, values in known.items()},
            left_out=(*self._not_pictures({*also_read, *names}), *left_out),
            no_label_sets=dict(no_label_sets or {}),
        )

    def _not_pictures(self, also_read: Collection[str]) -> Iterator[SkippedFile]:
        for name in self.names:
            if name not in also_read and not is_picture_name(name):
                yield SkippedFile(name, why_not_read(name))


def file_tree(path: Path | None, *, source: str) -> FileTree:
    """Returns the files under `path`.

    Folders are searched recursively; zips are read without extracting them. Hidden files and those
    that macOS adds to zips (`__MACOSX`) are left out.

    Args:
        path: The folder or the zip.
        source: The name of the source, for messages.

    Raises:
        UserError: There is no such path, or it is not a folder or a zip that can be read.
    """
    if path is None:
        raise UserError(
            f'source "{source}" needs a folder or a zip of images: pass path=PATH. '
            f"{how_to_get(source)}"
        )
    if path.is_file():
        return _zip(path)
    if path.is_dir():
        return _folder(path)
    if path.exists():
        raise UserError(
            f"{path} is neither a folder nor a file: pass path=PATH with a folder or a zip"
        )
    if source == "images":
        raise UserError(f"There is no folder or zip {shortened_path(path)!r}{_beside(path)}")
    raise UserError(
        f"{path} does not exist: pass path=PATH with a folder or a zip of images. "
        f"{how_to_get(source)}"
    )


def _beside(missing: Path) -> str:
    """Returns the end of a message: folders and zips beside a path that have a similar name."""
    try:
        names = [
            each.name
            for each in missing.parent.iterdir()
            if _visible(each.name) and (each.is_dir() or each.suffix == ".zip")
        ]
    except OSError:
        return f"; {shortened_path(missing.parent)!r} is no folder"
    place = "this folder" if missing.parent == Path() else shortened_path(missing.parent)
    return did_you_mean(missing.name, names, known_are=f"{place} has") if names else ""


def _visible(name: str) -> bool:
    return not any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _folder(root: Path) -> FileTree:
    return FileTree(
        where=str(root),
        names=tuple(sorted(filter(_visible, _walk(root)))),
        # Another folder may have files of the same names, sizes and times, if it was unpacked from
        # an archive in which all times are alike, for instance.
        identity=lambda names: [
            os.path.realpath(root),
            [[name, *_size_and_time(root / name)] for name in names],
        ],
        open=lambda name: open_regular(root / name),
    )


def _walk(root: Path) -> Iterator[str]:
    """Yields the name of every file below `root`, relative to it, with slashes."""
    seen = set()

    def refuse(error: OSError) -> None:
        raise UserError(
            f"{error.filename} cannot be read ({error.strerror}): check its permissions"
        )

    # Links to folders are common in data sets, but one to a parent must not loop forever, and one
    # to a folder beside it must not take its place: links are followed after all else.
    beginnings = collections.deque([str(root)])
    while beginnings:
        for folder, subfolders, files in os.walk(beginnings.popleft(), onerror=refuse):
            real = os.path.realpath(folder)
            if real in seen:
                subfolders.clear()
                continue
            seen.add(real)
            subfolders[:] = sorted(filter(_visible, subfolders))
            paths = [os.path.join(folder, subfolder) for subfolder in subfolders]  # noqa: PTH118
            beginnings += [path for path in paths if os.path.islink(path)]  # noqa: PTH114
            for file in files:
                yield (Path(folder) / file).relative_to(root).as_posix()


def _size_and_time(path: Path) -> tuple[int, int] | tuple[None, None]:
    try:
        stat = path.stat()
    # The file of a dangling link, or of a name in a table, does not exist: opening it raises the
    # error, and the file is skipped like a corrupt one.
    except (OSError, ValueError):
        return None, None
    return stat.st_size, stat.st_mtime_ns


def _zip(path: Path) -> FileTree:
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
    members = {name: member for name, member in members.items() if _visible(name)}

    def identity(names: Sequence[str]) -> Any:
        chosen = [members[name] for name in names if name in members]
        return [_size_and_time(path), [[m.filename, m.file_size, m.CRC] for m in chosen]]

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


def composed(name: str) -> str:
    """Returns a name in the form of Unicode that people type; macOS has letters in parts."""
    return unicodedata.normalize("NFC", name)


def decoded(name: str) -> str:
    """Returns the name of a file as text that UTF-8 can hold; if it is not UTF-8, from Latin-1."""
    encoded = os.fsencode(name)
    try:
        return encoded.decode("utf-8")
    except UnicodeDecodeError:
        return encoded.decode("latin-1")


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    if member.file_size > _LARGEST_MEMBER:
        raise ValueError(f"unpacks to {member.file_size} bytes")
    try:
        return io.BytesIO(archive.read(member))
    except (*_UNREADABLE_ZIP, zlib.error) as error:  # encrypted, or compressed by an unknown method
        raise OSError(f"cannot be unpacked ({error})") from error
