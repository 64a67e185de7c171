"""From paintings as they were downloaded to a data set to train on."""

import collections
import contextlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from kerasgan.argument_checks import whole_number
from kerasgan.data.decoder import LARGEST_SIDE, Decoder
from kerasgan.distribution.cores import available_cores
from kerasgan.errors import UserError
from kerasgan.files.atomic import atomic_write, publish_folder
from kerasgan.files.folder_lock import folder_lock
from kerasgan.files.new_folder import check_new_folder
from kerasgan.files.regular_file import read_text
from kerasgan.files.user_path import user_path
from kerasgan.wikiart.preparer.class_choice import ClassChoice, chosen_paintings
from kerasgan.wikiart.preparer.decoding import prepare_parts, prepare_parts_with_beam
from kerasgan.wikiart.preparer.find_paintings import find_paintings
from kerasgan.wikiart.preparer.painting import SkippedImage
from kerasgan.wikiart.preparer.plan import DEDUPE, plan_dataset
from kerasgan.wikiart.preparer.work_folder import clear, start

# Lies beside the files of the data set.
_REPORT = "preparation.json"


@dataclass(frozen=True)
class Preparation:
    """A report of how a source was prepared.

    Attributes:
        source: The layout of the source, `"dump"` or `"image folder"`.
        options: The options of `prepare` that determine the data set.
        written: The number of paintings of each split, by its name.
        longer_sides: The number of paintings, by the lower end in pixels of a range; a painting is
            counted in the range of its longer side in the source.
        skipped: The images that are not in the data set.
    """

    source: str
    options: dict[str, Any]
    written: dict[str, int]
    longer_sides: dict[int, int]
    skipped: tuple[SkippedImage, ...]

    @property
    def causes(self) -> dict[str, int]:
        """The number of images that were skipped for each cause, the most frequent first."""
        counts = collections.Counter(skip.cause for skip in self.skipped)
        return dict(counts.most_common())


def prepare(
    source: str | Path,
    out: str | Path,
    *,
    size: int = 64,
    fit: str = "squash",
    genres: str | Sequence[str] | None = None,
    styles: str | Sequence[str] | None = None,
    min_per_class: int = 0,
    test_fraction: float = 0.05,
    dedupe: str = "none",
    workers: int | None = None,
    beam_options: Any | None = None,
    progress: bool = False,
) -> Preparation:
    """Writes the paintings of a source as a data set of TensorFlow Datasets.

    `tfds.builder_from_directory(out)` reads it, and so does `load_images("wikiart", path=out)`.
    Its splits are `train` and, unless `test_fraction` is 0, `test`; see `is_for_testing`. Each
    example has

    - `image`: uint8 `(size, size, 3)`, stored as a JPEG of quality 98, or as it is in the source
      if it is a JPEG of this size there;
    - `genre`, `style`, `artist`: class labels, -1 where unknown; if a painting has several genres
      or styles, the first that was requested, or without a request the first in the source;
    - `genres`, `styles`: all of the painting's classes that are kept;
    - `title` and `id`, texts, and `year`, -1 where unknown.

    The same source and options give the same bytes. Until the data set is complete, only the
    folder `{out}.incomplete` exists; the same call resumes from the paintings that are decoded
    there. Decoding processes are spawned, so a script must call this below
    `if __name__ == "__main__":`.

    Args:
        source: A folder or zip; see `find_paintings`.
        out: The folder to write; it must not exist, or must be empty.
        size: Side of the images in pixels.
        fit: How an image that is not square becomes square: `"crop"`, `"pad"` (with white) or
            `"squash"`.
        genres: One genre to keep or several, each as `name`, or as `old=new` to rename it, in the
            order of the classes; several genres may get the same name. None keeps all, sorted.
        styles: The styles to keep, in the same form.
        min_per_class: Genres and styles with fewer paintings are left out.
        test_fraction: The expected fraction of the paintings that is for testing, in [0, 1).
        dedupe: `"exact"` leaves out copies of a file, `"perceptual"` also other reproductions of
            a painting; see `without_duplicates`.
        workers: Number of processes that decode; None for one on each processor.
        beam_options: Apache Beam's `PipelineOptions`; a Beam runner then decodes and writes. Its
            machines must be able to reach `source` and `out` by the same paths.
        progress: Whether to show progress bars on stderr.

    Raises:
        UserError: Something in the arguments or the files must be corrected; the message says
            what, where and how.
    """
    size = whole_number("size", size, least=1, most=LARGEST_SIDE)
    decoder = Decoder(size, fit=fit)
    _check_options(min_per_class, test_fraction, dedupe, workers)
    choices = {"genres": ClassChoice.of("genre", genres), "styles": ClassChoice.of("style", styles)}
    out = check_new_folder(user_path(out), apart_from=[user_path(source)])
    collection = find_paintings(source)
    paintings, others = chosen_paintings(collection.paintings, **choices)
    work = out.with_name(f"{out.name}.incomplete")
    busy = f"Another process is preparing {out}; let it end, or give another folder"
    with folder_lock(work, busy=busy):
        parts = start(work, collection, paintings, decoder)
        if beam_options is None:
            prepare_parts(parts, workers=workers or available_cores(), progress=progress)
        else:
            prepare_parts_with_beam(parts, beam_options)
        plan = plan_dataset(
            paintings,
            parts,
            **choices,
            min_per_class=min_per_class,
            test_fraction=test_fraction,
            dedupe=dedupe,
        )
        preparation = Preparation(
            source=collection.kind,
            options={
                "size": size,
                "fit": fit,
                **{name: choice.new_names for name, choice in choices.items()},
                "min_per_class": min_per_class,
                "test_fraction": test_fraction,
                "dedupe": dedupe,
            },
            written={name: count for name, count in plan.counts.items() if count},
            longer_sides=plan.longer_sides,
            skipped=tuple(sorted([*collection.skipped, *others, *plan.skipped], key=astuple)),
        )
        # Only here: importing TensorFlow Datasets takes seconds, and mistakes are reported sooner.
        from kerasgan.wikiart.preparer.builder import write_dataset

        folder = write_dataset(
            plan, work / "tfds", size=size, beam_options=beam_options, progress=progress
        )
        _save(preparation, folder)
        publish_folder(folder, out)
        clear(work)
    # Without its lock the folder is empty, unless something was put there meanwhile.
    with contextlib.suppress(OSError):
        work.rmdir()
    return preparation


def read_preparation(folder: Path) -> Preparation:
    """Returns the report of how a data set was prepared.

    Raises:
        UserError: `prepare` did not write the folder, or the report cannot be read.
    """
    path = folder / _REPORT
    try:
        document = json.loads(read_text(path))
        return Preparation(
            source=document["source"],
            options=document["options"],
            written=document["written"],
            longer_sides={int(least): count for least, count in document["longer_sides"].items()},
            skipped=tuple(SkippedImage(*skip) for skip in document["skipped"]),
        )
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(
            f"{folder} was not written by kerasgan wikiart prepare: it has no {_REPORT}"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f"{path} cannot be read ({error}): prepare the data set again") from error


def _save(preparation: Preparation, folder: Path) -> None:
    document = {
        "source": preparation.source,
        "options": preparation.options,
        "written": preparation.written,
        "longer_sides": preparation.longer_sides,
        "skipped": [astuple(skip) for skip in preparation.skipped],
    }
    with atomic_write(folder / _REPORT) as file:
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        # A file's name need not be UTF-8; the characters that stand for its bytes are escaped, as
        # JSON does it.
        file.write(text.encode(errors="backslashreplace"))


def _check_options(
    min_per_class: int, test_fraction: float, dedupe: str, workers: int | None
) -> None:
    if min_per_class < 0:
        raise UserError(f"min_per_class must be at least 0. Received: {min_per_class}")
    if not 0 <= test_fraction < 1:
        raise UserError(f"test_fraction must be in [0, 1). Received: {test_fraction}")
    if dedupe not in DEDUPE:
        raise UserError(f"dedupe must be one of {', '.join(DEDUPE)}. Received: {dedupe!r}")
    if workers is not None and workers < 1:
        raise UserError(f"workers must be at least 1. Received: {workers}")
