"""What a prepared data set has."""

import collections
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow_datasets as tfds
from PIL import Image

from kerasgan.errors import UserError
from kerasgan.wikiart.prepare import PREPARATION

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
        sizes: By the least number of pixels of the source's longer side, how many paintings have
            as many, but fewer than the next number.
        causes: How many paintings of the source were skipped, by their cause.
        samples: By the label set and class, encoded images of the first paintings.
    """

    splits: dict[str, int]
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    joint: np.ndarray
    sizes: dict[int, int]
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
    description = _description(folder)
    builder = tfds.builder_from_directory(folder)
    names = {what: [*builder.info.features[what].names, UNKNOWN] for what in ("genre", "style")}
    joint = np.zeros((len(names["genre"]), len(names["style"])), np.int64)
    samples = collections.defaultdict(list)
    for split in builder.info.splits:
        dataset = builder.as_dataset(split=split, decoders={"image": tfds.decode.SkipDecoding()})
        for example in tfds.as_numpy(dataset):
            # Unknown is -1, which is the last place.
            joint[example["genre"], example["style"]] += 1
            for what in names:
                of_class = samples[what, names[what][example[what]]]
                if len(of_class) < samples_per_class:
                    of_class.append(example["image"])
    genres, styles = joint.any(axis=1), joint.any(axis=0)
    return Stats(
        splits={name: info.num_examples for name, info in builder.info.splits.items()},
        genres=tuple(name for name, occurs in zip(names["genre"], genres, strict=True) if occurs),
        styles=tuple(name for name, occurs in zip(names["style"], styles, strict=True) if occurs),
        joint=joint[genres][:, styles],
        sizes={int(least): count for least, count in description["longer_sides"].items()},
        causes=dict(collections.Counter(cause for _, cause, _ in description["skipped"])),
        samples=dict(samples),
    )


def decoded(images: Sequence[bytes]) -> np.ndarray:
    """Returns encoded images of one size as uint8 `(n, size, size, 3)`."""
    return np.stack([np.asarray(Image.open(io.BytesIO(image))) for image in images])


def _description(folder: Path) -> dict[str, Any]:
    path = folder / PREPARATION
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(
            f"{folder} was not written by kerasgan wikiart prepare: it has no {PREPARATION}"
        ) from None
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read ({error}): prepare the data set anew") from error
