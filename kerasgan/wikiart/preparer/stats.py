"""What a prepared data set has."""

import collections
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from kerasgan.data.sources.wikiart_source import wikiart_source
from kerasgan.wikiart.preparer.preparation import read_preparation

# The label of a painting that has none.
UNKNOWN = "(unknown)"


@dataclass(frozen=True)
class Stats:
    """The contents of a prepared data set.

    Attributes:
        splits: By the name of each split, the number of its paintings.
        genres: The names of the genres, and last `UNKNOWN` if some paintings have none.
        styles: The names of the styles, likewise.
        joint: int `(genres, styles)`: how many paintings have both.
        longer_sides: See `Preparation`.
        causes: How many paintings of the source were skipped, by their cause.
        samples: By the label set and class, encoded images of the first paintings.
    """

    splits: dict[str, int]
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    joint: np.ndarray
    longer_sides: dict[int, int]
    causes: dict[str, int]
    samples: dict[tuple[str, str], list[bytes]]


def collect_stats(folder: str | Path, *, samples_per_class: int = 64) -> Stats:
    """Counts the paintings of a folder that `prepare` wrote.

    Images are not decoded.

    Args:
        folder: The folder.
        samples_per_class: How many images of each genre and style to return.

    Raises:
        UserError: The folder was not written by `prepare`, or lacks a file.
    """
    folder = Path(folder).expanduser()
    preparation = read_preparation(folder)
    sources = [wikiart_source("", folder, split) for split in preparation.written]
    names = {what: [*sources[0].class_names[what], UNKNOWN] for what in ("genre", "style")}
    joint = np.zeros((len(names["genre"]), len(names["style"])), np.int64)
    samples = collections.defaultdict(list)
    for item in (item for source in sources for item in source.items()):
        # Unknown is -1, which is the last place.
        joint[item.labels["genre"], item.labels["style"]] += 1
        image = item.open().read()
        for what in names:
            of_class = samples[what, names[what][item.labels[what]]]
            if len(of_class) < samples_per_class:
                of_class.append(image)
    genres, styles = joint.any(axis=1), joint.any(axis=0)
    return Stats(
        splits=preparation.written,
        genres=tuple(name for name, occurs in zip(names["genre"], genres, strict=True) if occurs),
        styles=tuple(name for name, occurs in zip(names["style"], styles, strict=True) if occurs),
        joint=joint[genres][:, styles],
        longer_sides=preparation.longer_sides,
        causes=preparation.causes,
        samples=dict(samples),
    )


def decoded(images: Sequence[bytes]) -> np.ndarray:
    """Returns encoded images of one size as uint8 `(n, size, size, 3)`."""
    # As `prepare` writes them: no other decoder is offered what a folder holds instead.
    opened = [Image.open(io.BytesIO(image), formats=["JPEG"]) for image in images]
    return np.stack([np.asarray(image) for image in opened])
