"""Writing prepared paintings as a data set of TensorFlow Datasets."""

import contextlib
import io
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow_datasets as tfds
from tensorflow_datasets.core.writer import ExampleWriter
from tensorflow_datasets.proto import tf_example_pb2
from tqdm import tqdm

from kerasgan.wikiart.preparer.parts import read_examples
from kerasgan.wikiart.preparer.plan import Plan

# The file of a part's images, and the offset, length and other features of each example in it.
PartExamples = tuple[Path, list[tuple[int, int, dict[str, Any]]]]

_CITATION = """\
@article{tan2019improved,
  title={Improved ArtGAN for Conditional Synthesis of Natural Image and Artwork},
  author={Tan, Wei Ren and Chan, Chee Seng and Aguirre, Hernan and Tanaka, Kiyoshi},
  journal={IEEE Transactions on Image Processing},
  volume={28}, number={1}, pages={394--409}, year={2019}
}"""


def write_dataset(
    plan: Plan, folder: Path, *, size: int, beam_options: Any | None, progress: bool
) -> Path:
    """Writes a data set, and returns the folder of its files, which lies in `folder`.

    Args:
        plan: What to write.
        folder: The folder to write into.
        size: Side of the images in pixels.
        beam_options: Apache Beam's `PipelineOptions`, or None to write without Beam.
        progress: Whether to show a progress bar on stderr; not shown with Beam.
    """
    # The bars of TFDS count files and splits; this one counts paintings.
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
            data_dir=folder,
            image_size=size,
            class_names=plan.class_names,
            splits={
                name: [(part.images_path, examples) for part, examples in parts]
                for name, parts in plan.splits.items()
            },
            with_beam=beam_options is not None,
            progress=bar.update,
        )
        # TFDS prints where it writes, which is not where the data set will be.
        with contextlib.redirect_stdout(io.StringIO()):
            builder.download_and_prepare(
                download_config=tfds.download.DownloadConfig(beam_options=beam_options)
            )
    return Path(builder.data_dir)


class Wikiart(tfds.core.GeneratorBasedBuilder, skip_registration=True):
    """Paintings with their genres, styles and artists.

    Args:
        image_size: Side of the images in pixels.
        class_names: The names of the classes of `genre`, `style` and `artist`.
        splits: The examples of each split, by its name.
        with_beam: Whether to read and write them with Apache Beam.
        progress: Called with the number of examples that were read; not called with Beam.
        **kwargs: Arguments of `tfds.core.DatasetBuilder`, such as `data_dir`.
    """

    VERSION = tfds.core.Version("1.0.0")

    def __init__(
        self,
        *,
        image_size: int,
        class_names: dict[str, tuple[str, ...]],
        splits: dict[str, list[PartExamples]],
        with_beam: bool = False,
        progress: Callable[[int], Any] = lambda count: None,
        **kwargs: Any,
    ) -> None:
        self._image_size, self._class_names, self._splits = image_size, class_names, splits
        self._with_beam, self._progress = with_beam, progress
        super().__init__(**kwargs)

    def _info(self) -> tfds.core.DatasetInfo:
        side = self._image_size
        genre, style, artist = (
            tfds.features.ClassLabel(names=self._class_names[name])
            for name in ("genre", "style", "artist")
        )
        return tfds.core.DatasetInfo(
            builder=self,
            description=(
                "Paintings of WikiArt, prepared by kerasgan. A genre, style or artist of -1 and a "
                "year of -1 are not known."
            ),
            features=tfds.features.FeaturesDict(
                {
                    "image": tfds.features.Image(shape=(side, side, 3), encoding_format="jpeg"),
                    "genre": genre,
                    "style": style,
                    "artist": artist,
                    "title": tfds.features.Text(),
                    "year": tfds.features.Scalar(np.int32),
                    "id": tfds.features.Text(),
                    # All of a painting's genres and styles; `genre` and `style` are the first.
                    "genres": tfds.features.Sequence(genre),
                    "styles": tfds.features.Sequence(style),
                }
            ),
            homepage="https://www.wikiart.org",
            citation=_CITATION,
        )

    def _split_generators(self, dl_manager: Any) -> dict[str, Any]:
        return {name: self._generate_examples(parts) for name, parts in self._splits.items()}

    def _generate_examples(self, parts: list[PartExamples]) -> Any:
        if self._with_beam:
            import apache_beam as beam  # pyright: ignore[reportMissingImports]

            return beam.Create(parts) | beam.Reshuffle() | beam.FlatMap(_read_part)
        return self._counted(parts)

    def _counted(self, parts: list[PartExamples]) -> Iterable[tuple[str, dict[str, Any]]]:
        for part in parts:
            for example in _read_part(part):
                yield example
                self._progress(1)

    def _example_writer(self) -> ExampleWriter:
        return _ReproducibleWriter(self.info.file_format)  # pyright: ignore[reportArgumentType]


class _ReproducibleWriter(ExampleWriter):
    """Writes each example with its features in the order of their names.

    Protocol buffers order the entries of a map differently in every process.
    """

    def write(self, path: Any, examples: Iterable[tuple[Any, bytes]]) -> Any:
        return super().write(path, ((key, _ordered(example)) for key, example in examples))


def _ordered(serialized: bytes) -> bytes:
    example = tf_example_pb2.Example.FromString(serialized)  # pyright: ignore[reportAttributeAccessIssue]
    return example.SerializeToString(deterministic=True)


def _read_part(part: PartExamples) -> Iterable[tuple[str, dict[str, Any]]]:
    return read_examples(*part)
