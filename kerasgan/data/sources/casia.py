"""From the `.gnt` files of CASIA-HWDB to folders of images."""

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

from PIL import Image
from tqdm import tqdm

from kerasgan.data.sources.file_tree import OpenFile
from kerasgan.data.sources.gnt import BadRecord, GntSample, read_gnt
from kerasgan.data.sources.gnt_files import REPORT, gnt_files
from kerasgan.errors import UserError
from kerasgan.files import write_text
from kerasgan.new_folder import new_folder

_SPLIT = re.compile(r"(?<![a-z])(?:(?P<test>test|tst)|train|trn)")

# What reading a file, or a member of a damaged zip, raises.
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
    """What `prepare_casia` wrote, and what it could not.

    Attributes:
        images: By the name of each split, how many images.
        characters: The different characters, sorted.
        left_out: How many samples are of characters that were not asked for.
        repeated: The files that are copies of others, and were read once.
        bad: What is wrong in the files.
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

    A file is in the split `test` if its name, or the innermost folder or zip around it that tells
    the two apart, has `test` or `tst` in it (`Gnt1.1Test`, `HWDB1.1tst_gnt`), and in `train`
    otherwise. The folder of a character that is not Chinese is called by its code, `U+0041`. The
    folder `out` appears whole or not at all, and holds a report, `casia.json`.

    Args:
        path: Where the `.gnt` files are, see `gnt_files`.
        out: The folder to write; must not exist, or be empty.
        characters: Which: a number, for so many of the first in the order of GB2312; a text of
            the characters themselves; or None, for all Chinese ones.
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
                f"{path} has no sample of a character that is asked for, "
                f"{prepared.left_out} of others and {len(prepared.bad)} bad records{first}"
            )
        if isinstance(characters, str) and (
            missing := sorted({*"".join(characters.split())} - {*prepared.characters})
        ):
            raise UserError(f"{path} has no sample of {' '.join(missing)}: ask for others")
        write_text(folder / REPORT, json.dumps(asdict(prepared), ensure_ascii=False, indent=1))
    return prepared


def describe(record: BadRecord) -> str:
    """Returns a line that says where a bad record is, and what is wrong with it."""
    return f"{record.file}, byte {record.offset:,}: {record.reason}"


def gb2312_characters() -> str:
    """Returns the 6,763 Chinese characters of GB2312 in its order, the 3,755 common ones first."""
    codes = [bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    # Five places behind the common ones are empty.
    return "".join(code.decode("gb2312", errors="ignore") for code in codes)


def _wanted(characters: int | str | None) -> Callable[[str], bool]:
    """Returns what tells whether a character is asked for."""
    if characters is None:
        return _is_chinese
    if isinstance(characters, int):
        known = gb2312_characters()
        if not 1 <= characters <= len(known):
            raise UserError(
                f"the number of characters must be from 1 to {len(known)}. "
                f"Received: characters={characters}"
            )
        return frozenset(known[:characters]).__contains__
    if not characters.split():
        raise UserError(f"characters must name at least one. Received: {characters!r}")
    return frozenset(characters).__contains__


def _write(
    files: dict[str, OpenFile], folder: Path, wanted: Callable[[str], bool], progress: bool
) -> PreparedCasia:
    """Writes the wanted samples of the files."""
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
    """Yields the names of the files without those that are copies, which go to `repeated`.

    A zip and what was unpacked from it often lie in one folder.
    """
    occurrences = collections.Counter(_last(name) for name in files)
    seen = set()
    for name, open_file in files.items():
        if occurrences[_last(name)] > 1:
            try:
                with open_file() as file:
                    digest = hashlib.file_digest(file, "sha256").digest()
            except _UNREADABLE:
                digest = name  # reading it again says what is wrong
            if digest in seen:
                repeated.append(name)
                continue
            seen.add(digest)
        yield name


def _last(name: str) -> str:
    return name.split("/")[-1]


def _split(name: str) -> str:
    """Returns the split that the name of a file says, or its innermost folder that says one."""
    for part in reversed(name.lower().split("/")):
        if found := _SPLIT.search(part):
            return "test" if found["test"] else "train"
    return "train"


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _folder_name(character: str) -> str:
    # A folder cannot be called "/", nor "A" beside "a" where systems do not tell these apart.
    return character if _is_chinese(character) else f"U+{ord(character):04X}"
