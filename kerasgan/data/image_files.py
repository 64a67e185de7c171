"""The source "images": a folder of image files, or a zip of one."""

import io
import os
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from kerasgan.data.source import Item, Source
from kerasgan.errors import UserError

_EXTENSIONS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp")

# A zip member is unpacked in memory; no image that can be decoded is packed this large.
_LARGEST_MEMBER = 1 << 29


def image_files(argument: str, path: Path | None, split: str) -> Source:
    """Returns the image files under `path`, in the sorted order of their names.

    A folder is searched recursively; a zip is read in place, nothing is extracted. Hidden files
    and those that macOS adds to a zip (`__MACOSX`) are passed over.

    Args:
        argument: What followed `images:`; must be empty.
        path: The folder or the zip.
        split: Must be `"train"`: a folder has no splits.

    Raises:
        UserError: There is no such path, it is no zip, it holds no image files, or an argument
            or a split was given.
    """
    if argument:
        raise UserError(
            'source "images" takes no name: pass its folder or zip by --data PATH. '
            f'Received: "images:{argument}"'
        )
    if split != "train":
        raise UserError(f'source "images" has only the split "train". Received: split={split!r}')
    if path is None:
        raise UserError('source "images" needs a folder or a zip of images: pass --data PATH')
    if path.is_dir():
        source = _folder(path)
    elif path.is_file():
        source = _zip(path)
    else:
        raise UserError(f"{path} does not exist: pass a folder or a zip of images by --data PATH")
    if not source.count:
        raise UserError(
            f"{path} has no image files ({', '.join(_EXTENSIONS)}): "
            "pass another folder or zip by --data PATH"
        )
    return source


def _is_image(name: str) -> bool:
    """Whether `name`, a path with slashes, is a visible file with an image's extension."""
    parts = name.split("/")
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not hidden and parts[-1].lower().endswith(_EXTENSIONS)


def _folder(root: Path) -> Source:
    names = sorted(filter(_is_image, _walk(root)))
    return Source(
        where=str(root),
        identity=[[name, *_size_and_time(root / name)] for name in names],
        count=len(names),
        items=lambda: (Item(name, partial((root / name).open, "rb")) for name in names),
    )


def _walk(root: Path) -> Iterator[str]:
    """Yields the name of every file below `root`, relative to it, with slashes."""
    seen = set()

    def refuse(error: OSError) -> None:
        raise UserError(
            f"{error.filename} cannot be read ({error.strerror}): check its permissions"
        )

    for folder, subfolders, files in os.walk(root, followlinks=True, onerror=refuse):
        # Links to folders are common in data sets; a link to a parent must not loop for ever.
        real = os.path.realpath(folder)
        if real in seen:
            subfolders.clear()
            continue
        seen.add(real)
        subfolders.sort()
        for file in files:
            yield (Path(folder) / file).relative_to(root).as_posix()


def _size_and_time(path: Path) -> tuple[int, int] | tuple[None, None]:
    try:
        stat = path.stat()
    except OSError:  # a dangling link: opening it says so, and it is skipped like a corrupt file
        return None, None
    return stat.st_size, stat.st_mtime_ns


def _zip(path: Path) -> Source:
    try:
        with zipfile.ZipFile(path) as archive:
            found = [member for member in archive.infolist() if _is_image(member.filename)]
    except zipfile.BadZipFile as error:
        raise UserError(
            f"{path} is neither a folder nor a zip that can be read ({error}): "
            "pass a folder or a zip of images by --data PATH"
        ) from error
    except OSError as error:
        raise UserError(
            f"{path} cannot be read ({error.strerror}): check its permissions"
        ) from error
    # A zip may hold a name twice; the last one counts, as when it is extracted.
    members = sorted({m.filename: m for m in found}.values(), key=lambda m: m.filename)

    def items() -> Iterator[Item]:
        # No `with`: the last items are still being read in threads when this generator ends. The
        # archive closes itself with the last of them.
        archive = zipfile.ZipFile(path)
        for member in members:
            yield Item(member.filename, partial(_read_member, archive, member))

    return Source(
        where=str(path),
        identity=[_size_and_time(path), [[m.filename, m.file_size, m.CRC] for m in members]],
        count=len(members),
        items=items,
    )


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    if member.file_size > _LARGEST_MEMBER:
        raise ValueError(f"unpacks to {member.file_size} bytes")
    return io.BytesIO(archive.read(member))
