"""A picture that knows what it was drawn from, and folders of such pictures."""

import io
import os
import re
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from kerasgan.drawing.overwriting import is_signed
from kerasgan.drawing.picture import save_picture, to_picture
from kerasgan.drawing.provenance import Provenance
from kerasgan.errors import UserError
from kerasgan.files.atomic import check_writable, publish_folder
from kerasgan.files.user_path import user_path

_NUMBERED = re.compile(r"-?\d+\.png", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class DrawnPicture:
    """A picture and its provenance. A notebook shows the picture inline.

    Attributes:
        image: `(height, width, channels)`, float32 in [0, 1] or uint8.
        provenance: What it was drawn from.
    """

    image: np.ndarray
    provenance: Provenance

    def __repr__(self) -> str:
        height, width = self.image.shape[:2]
        return f"<DrawnPicture {width}x{height} from {self.provenance.summary()}>"

    def picture(self) -> Image.Image:
        """Returns it as a Pillow picture."""
        return to_picture(self.image)

    def save(self, path: str | Path) -> Path:
        """Writes it in the format that the ending names; a PNG says what it was drawn from.

        Raises:
            UserError: As `kerasgan.drawing.save_picture`.
        """
        return save_picture(self.image, path, text=self.provenance.text())

    def _repr_png_(self) -> bytes:
        return png_bytes(self.image)


def png_bytes(image: np.ndarray) -> bytes:
    """Returns an image as the bytes of a PNG file without text, as notebooks show it."""
    file = io.BytesIO()
    to_picture(image).save(file, format="PNG")
    return file.getvalue()


def check_numbered_folder(
    folder: str | Path, *, files: Collection[str] = (), force: bool = False
) -> Path:
    """Returns a folder that numbered pictures can be written to.

    Args:
        folder: The folder, which need not exist.
        files: The names of other files to be written into it.
        force: Whether pictures and files that are there may be replaced.

    Raises:
        UserError: It is a file, it has numbered pictures or one of the files already and `force`
            is false, or it is in a place that cannot be written to.
    """
    folder = user_path(folder)
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file, not a folder; choose another name")
    present = _numbered(folder)
    if present and not force:
        raise UserError(
            f"The folder {folder} has pictures already ({present[0].name}); choose another, or "
            "pass force=True, which replaces all numbered pictures that kerasgan wrote there"
        )
    for path in map(folder.joinpath, files):
        if path.is_dir() or (os.path.lexists(path) and not force):
            raise UserError(
                f"The folder {folder} has {path.name} already; choose another, or pass force=True "
                "to replace it"
            )
    check_writable(folder if folder.is_dir() else folder.parent)
    return folder


def save_numbered(
    pictures: Iterable[DrawnPicture],
    count: int,
    folder: str | Path,
    *,
    numbers: Sequence[int] | None = None,
    digits: int = 1,
    files: Mapping[str, bytes] | None = None,
    force: bool = False,
) -> Path:
    """Writes pictures as `0.png`, `1.png` and so on, all of them or none.

    All have as many digits as the longest number, so that files sorted by name are sorted by
    number. With `force`, those of the numbered pictures in the folder that kerasgan wrote are
    removed, so that two series never mix.

    Args:
        pictures: The pictures, which need not fit in memory together.
        count: The number of pictures.
        folder: The folder; see `check_numbered_folder`.
        numbers: The number of each picture; `None` counts them from 0.
        digits: The least number of digits.
        files: Other files to write beside the pictures, by their names.
        force: Whether to replace numbered pictures that are there.

    Raises:
        UserError: As `check_numbered_folder`, or the folder cannot be written.
    """
    files = files or {}
    folder = check_numbered_folder(folder, files=files, force=force)
    numbers = range(count) if numbers is None else numbers
    digits = max([digits, *(len(str(number)) for number in numbers)])
    names = [f"{number:0{digits}d}" for number in numbers]
    # Inside the folder where it exists, because it may be on another disk than its parent.
    place = folder if folder.is_dir() else folder.parent
    try:
        with tempfile.TemporaryDirectory(prefix=".pictures-", dir=place) as workplace:
            drawn = Path(workplace) / "new"
            drawn.mkdir()
            for name, picture in zip(names, pictures, strict=True):
                _save(picture, drawn / f"{name}.png", folder)
            for name, content in files.items():
                (drawn / name).write_bytes(content)
            check_numbered_folder(folder, files=files, force=force)
            if folder.is_dir():
                _replace(folder, drawn, Path(workplace) / "replaced")
            else:
                publish_folder(drawn, folder)
    except OSError as error:
        raise UserError(f"Cannot write the folder {folder}: {error.strerror or error}") from None
    return folder


def _save(picture: DrawnPicture, path: Path, folder: Path) -> None:
    try:
        picture.save(path)
    except UserError as error:
        raise UserError(str(error).replace(str(path.parent), str(folder))) from None


def _replace(folder: Path, drawn: Path, replaced: Path) -> None:
    """Moves new files into a folder, and what they replace out of it; all of them or none.

    Args:
        folder: The folder.
        drawn: The folder of the new files. They take the place of files of their names, and of all
            numbered pictures that kerasgan wrote before.
        replaced: A folder to make on the same disk, for what they take the place of.
    """
    new = [folder / path.name for path in sorted(drawn.iterdir())]
    old = [*filter(is_signed, _numbered(folder)), *filter(os.path.lexists, new)]
    # A folder of such a name is no picture, and nothing takes its place.
    moves = [(path, replaced / path.name) for path in dict.fromkeys(old) if not path.is_dir()]
    moves += [(drawn / path.name, path) for path in new]
    replaced.mkdir()
    done = []
    try:
        for source, target in moves:
            source.rename(target)
            done.append((source, target))
    except BaseException:
        for source, target in reversed(done):
            target.rename(source)
        raise


def _numbered(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _NUMBERED.fullmatch(path.name))
