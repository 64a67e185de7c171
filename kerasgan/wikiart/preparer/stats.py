"""Counting the paintings of a prepared data set, and drawing some of each class."""

import collections
import io
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rich.box
from PIL import Image
from rich.console import Console
from rich.table import Table

from kerasgan.data.own_grids import GRID
from kerasgan.data.sources.wikiart_source import wikiart_source
from kerasgan.drawing import grid, save_picture
from kerasgan.drawing.overwriting import check_overwrite
from kerasgan.files.user_path import user_path
from kerasgan.wikiart.preparer.prepare import read_preparation

# Stands for the genre or style of a painting that has none.
_UNKNOWN = "(unknown)"
# Wider than the widest table of the dump's 27 styles and 10 genres: nothing is cut off.
_WIDTH = 400


@dataclass(frozen=True)
class Stats:
    """The contents of a prepared data set.

    Attributes:
        splits: The number of paintings of each split, by its name.
        genres: The names of the genres, followed by "(unknown)" if some paintings have none.
        styles: The names of the styles, followed by "(unknown)" if some paintings have none.
        joint: int `(genres, styles)`, the number of paintings that have both.
        longer_sides: See `Preparation`.
        causes: The number of images of the source that were skipped, by cause.
        samples: Encoded images of the first paintings of each class, by label set and class.
    """

    splits: dict[str, int]
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    joint: np.ndarray
    longer_sides: dict[int, int]
    causes: dict[str, int]
    samples: dict[tuple[str, str], list[bytes]]

    def text(self) -> str:
        """Returns tables of splits, genres, styles, both together, image sizes and causes."""
        ends = [*list(self.longer_sides)[1:], None]
        sizes = {
            f"{least} to {end - 1}" if end else f"{least} or more": count
            for (least, count), end in zip(self.longer_sides.items(), ends, strict=True)
            if count
        }
        joint = [
            (style, *map(int, counts))
            for style, counts in zip(self.styles, self.joint.T, strict=True)
        ]
        genres = dict(zip(self.genres, self.joint.sum(axis=1).tolist(), strict=True))
        styles = dict(zip(self.styles, self.joint.sum(axis=0).tolist(), strict=True))
        tables = [
            _counts_table("Split", self.splits),
            _counts_table("Genre", genres),
            _counts_table("Style", styles),
            _table(("Style and genre", *self.genres), joint),
            _counts_table("Longer side in the source", sizes),
            _counts_table("Skipped", self.causes),
        ]
        return "\n".join(tables)


def collect_stats(folder: str | Path, *, samples_per_class: int = 64) -> Stats:
    """Counts the paintings of a folder that `prepare` wrote.

    Images are not decoded.

    Args:
        folder: The folder.
        samples_per_class: Number of images of each genre and style to return.

    Raises:
        UserError: The folder was not written by `prepare`, or lacks a file.
    """
    folder = user_path(folder)
    preparation = read_preparation(folder)
    sources = [wikiart_source(folder, split) for split in preparation.written]
    names = {what: [*sources[0].class_names[what], _UNKNOWN] for what in ("genre", "style")}
    joint = np.zeros((len(names["genre"]), len(names["style"])), np.int64)
    samples = collections.defaultdict(list)
    for item in (item for source in sources for item in source.items()):
        # An unknown label is -1, which indexes the last name.
        joint[item.labels["genre"], item.labels["style"]] += 1
        image = item.open().read()
        for what in names:
            of_class = samples[what, names[what][item.labels[what]]]
            if len(of_class) < samples_per_class:
                of_class.append(image)
    genres, styles = (np.flatnonzero(joint.any(axis=axis)) for axis in (1, 0))
    return Stats(
        splits=preparation.written,
        genres=tuple(names["genre"][number] for number in genres),
        styles=tuple(names["style"][number] for number in styles),
        joint=joint[genres][:, styles],
        longer_sides=preparation.longer_sides,
        causes=preparation.causes,
        samples=dict(samples),
    )


def save_contact_sheets(stats: Stats, folder: str | Path, *, force: bool = False) -> list[Path]:
    """Draws a grid of paintings of each genre and style, and returns the files.

    The files are called `genre-{name}.png` and `style-{name}.png`, with `_` for characters that
    some file systems do not allow, and a number where names would differ in these or in upper and
    lower case alone: `style-Cubism-2.png`.

    Args:
        stats: The contents of a data set.
        folder: The folder to write into.
        force: Whether to replace files that kerasgan did not write.

    Raises:
        UserError: A file cannot be written, or one of that name exists that kerasgan did not
            write and `force` is False.
    """
    sheets, taken = {}, set()
    for (what, name), images in sorted(stats.samples.items()):
        stem = f"{what}-{_file_name(name)}"
        stems = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
        free = next(each for each in stems if each.casefold() not in taken)
        taken.add(free.casefold())
        sheets[Path(folder) / f"{free}.png"] = images
    for path in sheets:
        check_overwrite(path, force=force)
    return [
        save_picture(grid(_decoded(images)), path, text={GRID: "contact sheet"})
        for path, images in sheets.items()
    ]


def _decoded(images: Sequence[bytes]) -> np.ndarray:
    """Returns encoded images of one size as uint8 `(n, size, size, 3)`."""
    # `prepare` writes JPEG: no other decoder is offered what a folder may have instead.
    opened = [Image.open(io.BytesIO(image), formats=["JPEG"]) for image in images]
    return np.stack([np.asarray(image) for image in opened])


def _file_name(name: str) -> str:
    return re.sub(r"[^\w() -]", "_", name)


def _counts_table(title: str, counts: Mapping[str, int]) -> str:
    return _table((title, "Paintings"), [*counts.items(), ("all", sum(counts.values()))])


def _table(header: Sequence[str], rows: Sequence[Sequence[str | int]]) -> str:
    table = Table(box=rich.box.SIMPLE, pad_edge=False)
    for number, name in enumerate(header):
        table.add_column(name, justify="right" if number else "left", no_wrap=True)
    for name, *counts in rows:
        table.add_row(str(name), *(f"{count:,}" for count in counts))
    text = io.StringIO()
    Console(file=text, width=_WIDTH, highlight=False, markup=False).print(table)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())
