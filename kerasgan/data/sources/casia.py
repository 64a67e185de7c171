"""Converting the `.gnt` files of CASIA-HWDB to folders of images."""

import collections
import hashlib
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from PIL import Image
from tqdm import tqdm

from kerasgan.data.sources.file_tree import OpenFile
from kerasgan.data.sources.gnt import BadRecord, GntSample, gnt_files, read_gnt
from kerasgan.errors import UserError
from kerasgan.files.atomic import write_text
from kerasgan.files.new_folder import new_folder

_REPORT = "casia.json"

_SPLIT = re.compile(r"(?<![a-z])(?:(?P<test>test|tst)|train|trn)")

# The errors of reading a file, or a member of a damaged zip.
_UNREADABLE = (
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class PreparedCasia:
    """What `prepare_casia` wrote and what it left out.

    Attributes:
        images: The number of images of each split.
        characters: The different characters, sorted.
        left_out: The number of samples of characters that were not requested.
        repeated: The files that were left out because they are copies of others.
        bad: The bad records of the files.
    """

    images: dict[str, int]
    characters: str
    left_out: int
    repeated: tuple[str, ...]
    bad: tuple[BadRecord, ...]


def prepare_casia(
    path: Path | None, out: Path, *, characters: int | str | None = None, progress: bool = False
) -> PreparedCasia:
    """Writes handwritten characters as `{out}/{split}/{character}/{number}.png`, in grey.

    The name of a file, or else of the innermost folder or zip that contains `test`, `tst`, `train`
    or `trn`, gives its split: `Gnt1.1Test` and `HWDB1.1tst_gnt` are in `test`. Files without such
    a name are in `train`. The folders of characters that are not Chinese are named by their code
    points, such as `U+0041`. The folder `out` is written completely or not at all, and contains a
    report, `casia.json`.

    Args:
        path: The folder or zip of the `.gnt` files, or one such file; see `gnt_files`.
        out: The folder to write; it must not exist, or be empty.
        characters: The characters to write: an integer n for the first n in the order of GB2312,
            a string of the characters, or None for all Chinese characters.
        progress: Whether to show a progress bar on stderr when it takes over a second.

    Raises:
        UserError: There are no such files, characters or samples, or `out` cannot be written.
    """
    wanted = _wanted(characters)
    files = gnt_files(path)
    with new_folder(out) as folder:
        try:
            prepared = _write(files, folder, wanted, progress)
        except OSError as error:
            raise UserError(f"Cannot write {out}: {error.strerror or error}") from error
        if not prepared.characters:
            first = f"; the first: {describe(prepared.bad[0])}" if prepared.bad else ""
            raise UserError(
                f"{path} has no sample of a requested character, but {prepared.left_out} samples "
                f"of others and {len(prepared.bad)} bad records{first}"
            )
        if isinstance(characters, str) and (
            missing := sorted({*"".join(characters.split())} - {*prepared.characters})
        ):
            raise UserError(f"{path} has no sample of {' '.join(missing)}: leave them out")
        write_text(folder / _REPORT, json.dumps(asdict(prepared), ensure_ascii=False, indent=1))
    return prepared


def describe(record: BadRecord) -> str:
    """Returns a line that says where a bad record is and what is wrong with it."""
    return f"{record.file}, byte {record.offset:,}: {record.reason}"


def gb2312_characters() -> str:
    """Returns the 6,763 Chinese characters of GB2312 in its order, the 3,755 common ones first."""
    codes = [bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    # Five codes after the common characters are unused.
    return "".join(code.decode("gb2312", errors="ignore") for code in codes)


def _wanted(characters: int | str | None) -> Callable[[str], bool]:
    """Returns a function that tells whether a character is requested."""
    if characters is None:
        return _is_chinese
    if isinstance(characters, int):
        known = gb2312_characters()
        if not 1 <= characters <= len(known):
            raise UserError(
                f"characters must be an integer from 1 to {len(known)}. "
                f"Received: characters={characters}"
            )
        return frozenset(known[:characters]).__contains__
    if not characters.split():
        raise UserError(f"characters must name at least one. Received: characters={characters!r}")
    return frozenset(characters).__contains__


def _write(
    files: dict[str, OpenFile], folder: Path, wanted: Callable[[str], bool], progress: bool
) -> PreparedCasia:
    """Writes the requested samples of the files."""
    numbers: collections.Counter[tuple[str, str]] = collections.Counter()
    bad, repeated, left_out = [], [], 0
    unique = _without_copies(files, repeated)
    for name in tqdm(
        unique,
        desc="Reading characters",
        total=len(files),
        unit="file",
        file=sys.stderr,
        delay=1,
        leave=False,
        disable=not progress,
    ):
        split = _split(name)
        for sample in _samples(files[name], name):
            if isinstance(sample, BadRecord):
                bad.append(sample)
            elif wanted(sample.character):
                key = split, sample.character
                image = folder / split / _folder_name(sample.character) / f"{numbers[key]:04}.png"
                if not numbers[key]:
                    image.parent.mkdir(parents=True)
                Image.fromarray(sample.pixels).save(image)
                numbers[key] += 1
            else:
                left_out += 1
    images: collections.Counter[str] = collections.Counter()
    for (split, _), count in numbers.items():
        images[split] += count
    return PreparedCasia(
        images=dict(images),
        characters="".join(sorted({character for _, character in numbers})),
        left_out=left_out,
        repeated=tuple(repeated),
        bad=tuple(bad),
    )


def _samples(open_file: OpenFile, name: str) -> Iterator[GntSample | BadRecord]:
    try:
        with open_file() as file:
            yield from read_gnt(file, name)
    except _UNREADABLE as error:
        yield BadRecord(name, 0, f"cannot be read ({error})")


def _without_copies(files: dict[str, OpenFile], repeated: list[str]) -> Iterator[str]:
    """Yields the names of the files that are not copies, and appends the others to `repeated`.

    A zip and the files that were unpacked from it often lie in one folder.
    """
    occurrences = collections.Counter(_last(name) for name in files)
    seen = set()
    for name, open_file in files.items():
        if occurrences[_last(name)] > 1:
            try:
                with open_file() as file:
                    digest = hashlib.file_digest(cast(Any, file), "sha256").digest()
            except _UNREADABLE:
                digest = name  # reading the file later says what is wrong
            if digest in seen:
                repeated.append(name)
                continue
            seen.add(digest)
        yield name


def _last(name: str) -> str:
    return name.split("/")[-1]


def _split(name: str) -> str:
    """Returns the split that the name of a file, or else of its innermost folder, gives."""
    for part in reversed(name.lower().split("/")):
        if found := _SPLIT.search(part):
            return "test" if found["test"] else "train"
    return "train"


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _folder_name(character: str) -> str:
    # A folder cannot be named "/", and some file systems do not distinguish "A" from "a".
    return character if _is_chinese(character) else f"U+{ord(character):04X}"
