"""From paintings as they were downloaded to a data set to train on."""

import contextlib
import io
import sys
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from tqdm import tqdm

from kerasgan.cores import available_cores
from kerasgan.data.decoder import Decoder
from kerasgan.errors import UserError
from kerasgan.files import publish_folder
from kerasgan.folder_lock import folder_lock
from kerasgan.new_folder import check_new_folder
from kerasgan.wikiart.preparer.class_choice import ClassChoice, chosen_paintings
from kerasgan.wikiart.preparer.decoding import prepare_parts
from kerasgan.wikiart.preparer.plan import DEDUPE, Plan, plan_dataset
from kerasgan.wikiart.preparer.preparation import Preparation
from kerasgan.wikiart.preparer.sources import find_paintings
from kerasgan.wikiart.preparer.work_folder import remove, start


def prepare(
    source: str | Path,
    out: str | Path,
    *,
    size: int = 64,
    fit: str = "squash",
    genres: Sequence[str] | None = None,
    styles: Sequence[str] | None = None,
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

    - `image`: uint8 `(size, size, 3)`, kept as a JPEG of quality 98;
    - `genre`, `style`, `artist`: class labels, -1 where unknown; of several genres or styles the
      first that was requested, or else the first in the source;
    - `genres`, `styles`: all of the painting's classes that are kept;
    - `title` and `id`, texts, and `year`, -1 where unknown.

    The same source and options give the same bytes. Until all is written there is only the
    folder `{out}.incomplete`; the same call goes on from what was decoded there. Processes are
    spawned, so a script calls this below `if __name__ == "__main__":`.

    Args:
        source: A folder or zip; see `find_paintings`.
        out: The folder to write; it must not exist, or be empty.
        size: Side of the images in pixels.
        fit: How an image that is not square becomes square: `"crop"`, `"pad"` (with white) or
            `"squash"`.
        genres: The genres to keep, each `name` or `old=new` to rename it, in the order of the
            classes; several may get one name. None keeps all, sorted.
        styles: The styles to keep, likewise.
        min_per_class: Genres and styles with fewer paintings are left out.
        test_fraction: The expected part of the paintings that is for testing, in [0, 1).
        dedupe: `"exact"` leaves out copies of a file, `"perceptual"` also other reproductions of
            a painting; see `without_duplicates`.
        workers: Processes that decode; None for one on each processor.
        beam_options: Apache Beam's `PipelineOptions`, to decode and write by its runner instead.
            Its machines must reach `source` and `out` by the same paths.
        progress: Whether to show progress bars on stderr.

    Raises:
        UserError: Something in the arguments or the files must be corrected; the message says
            what, where and how.
    """
    decoder = Decoder(size, fit=fit)
    _check_options(min_per_class, test_fraction, dedupe, workers)
    choices = {"genres": ClassChoice.of("genre", genres), "styles": ClassChoice.of("style", styles)}
    out = check_new_folder(Path(out).expanduser(), apart_from=[Path(source).expanduser()])
    found = find_paintings(source)
    paintings, others = chosen_paintings(found.paintings, **choices)
    work = out.with_name(f"{out.name}.incomplete")
    busy = f"Another process is preparing {out}; let it end, or give another OUT"
    with folder_lock(work, busy=busy):
        parts = start(work, found, paintings, decoder)
        if beam_options is None:
            prepare_parts(parts, workers=workers or available_cores(), progress=progress)
        else:
            from kerasgan.wikiart.preparer.beam import prepare_parts_with_beam

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
            source=found.kind,
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
            skipped=tuple(sorted([*found.skipped, *others, *plan.skipped], key=astuple)),
        )
        folder = _write(plan, size, work, beam_options, progress)
        preparation.save(folder)
        publish_folder(folder, out)
        remove(work)
    return preparation


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


def _write(plan: Plan, size: int, work: Path, beam_options: Any | None, progress: bool) -> Path:
    """Writes the data set below the working folder, and returns its folder."""
    import tensorflow_datasets as tfds

    from kerasgan.wikiart.preparer.builder import Wikiart

    # Its bars count files and splits; this one counts paintings.
    tfds.disable_progress_bar()
    with tqdm(
        desc="Writing paintings",
        total=sum(plan.counts.values()),
        unit="image",
        file=sys.stderr,
        dynamic_ncols=True,
        disable=not progress or beam_options is not None,
    ) as bar:
        builder = Wikiart(
            data_dir=work / "tfds",
            image_size=size,
            class_names=plan.class_names,
            splits={
                name: [(part.images_path, examples) for part, examples in parts]
                for name, parts in plan.splits.items()
            },
            with_beam=beam_options is not None,
            progress=bar.update,
        )
        # It prints where it writes, which is not where the data set will be.
        with contextlib.redirect_stdout(io.StringIO()):
            builder.download_and_prepare(
                download_config=tfds.download.DownloadConfig(beam_options=beam_options)
            )
    return Path(builder.data_dir)
