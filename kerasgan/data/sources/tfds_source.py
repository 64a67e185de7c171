"""The source "tfds:NAME": a data set of TensorFlow Datasets."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from kerasgan.data.sources.catalog import DATA_SETS
from kerasgan.data.sources.source import Item, Shard, Source
from kerasgan.data.sources.tfds_folder import LAST_FILE, is_on_disk, name_alone, names_on_disk
from kerasgan.errors import NoSuchSplit, UserError, did_you_mean

# The largest number of data sets that a message names.
_LISTED = 10


def tfds_source(name: str, path: Path | None, split: str) -> Source:
    """Returns the images of a TFDS data set.

    If it is not in TFDS's own folder, it is first downloaded and prepared there. Nothing is ever
    downloaded into a folder that the user names; `tfds_splits` does that.

    Each feature that is a `ClassLabel` is a label set with the name of the feature.

    Args:
        name: The name in TFDS, which may include a version: `"mnist"`, `"mnist:3.0.1"`.
        path: The folder of prepared data sets (`data_dir`); None for TFDS's default, which is
            `TFDS_DATA_DIR` or `~/tensorflow_datasets`.
        split: The split in TFDS's notation, such as `"train"` or `"train[:10%]"`.

    Raises:
        UserError: TFDS is not installed, or has no such data set or cannot prepare it, `path` does
            not have it, or the data set has no such split or no 8- or 16-bit feature `image`.
    """
    tfds = _imported(name)
    builder = _prepared(tfds, name) if path is None else _found(tfds, name, path)
    return builder_source(builder, split, where=f"tfds:{name}")


def builder_source(builder: Any, split: str, *, where: str) -> Source:
    """Returns the images of a split of a prepared data set; see `tfds_source`.

    Args:
        builder: A `tfds.core.DatasetBuilder` whose data set is on disk.
        split: The split in TFDS's notation.
        where: The name of the data set, for messages.

    Raises:
        NoSuchSplit: There is no such split, or it is empty.
        UserError: There is no 8- or 16-bit feature `image`, or a file is missing.
    """
    import tensorflow_datasets as tfds

    features: Any = builder.info.features
    features = dict(features.items()) if isinstance(features, tfds.features.FeaturesDict) else {}
    image = features.get("image")
    if not isinstance(image, tfds.features.Image) or image.np_dtype not in (np.uint8, np.uint16):
        raise UserError(
            f'"{where}" has no 8- or 16-bit feature "image": choose a data set of images'
        )
    try:
        info = builder.info.splits[split]
        files = [Path(file) for file in info.filepaths]
        stats = [file.stat() for file in files]
    except OSError as error:
        raise UserError(
            f'"{where}" lacks {error.filename}: copy all files of the data set, or prepare it again'
        ) from error
    except (KeyError, ValueError) as error:
        known = ", ".join(builder.info.splits)
        raise NoSuchSplit(f'"{where}" has the splits {known}. Received: split={split!r}') from error
    if not info.num_examples:
        raise NoSuchSplit(f'split {split!r} of "{where}" is empty: choose a larger one')

    # The features of a data set that was read from its files are in another order each time.
    class_names = {
        key: tuple(feature.names or map(str, range(feature.num_classes or 0)))
        for key, feature in sorted(features.items())
        if isinstance(feature, tfds.features.ClassLabel)
    }

    def items() -> Iterator[Item]:
        # The images stay encoded, so that they are decoded like image files, with the same options.
        dataset = builder.as_dataset(
            split=split, shuffle_files=False, decoders={"image": tfds.decode.SkipDecoding()}
        )
        for number, example in enumerate(_readable(tfds.as_numpy(dataset), where)):
            encoded = io.BytesIO(example["image"])
            yield Item(
                f"{split}/{number}",
                lambda encoded=encoded: encoded,
                {key: int(example[key]) for key in class_names},
            )

    return Source(
        where=where,
        # Two data sets of one name and version may differ, but then their files differ too.
        identity=[
            builder.info.full_name,
            split,
            info.num_examples,
            [
                [file.name, stat.st_size, stat.st_mtime_ns]
                for file, stat in zip(files, stats, strict=True)
            ],
        ],
        count=info.num_examples,
        items=items,
        class_names=class_names,
        side=image.shape[0],  # pyright: ignore[reportIndexIssue] (a lazy module)
        shards=_shards(builder, info),
        has_files=False,
    )


def _shards(builder: Any, info: Any) -> tuple[Shard, ...]:
    """Returns the TFRecord files of a split, or nothing if it is kept in another format."""
    import tensorflow_datasets as tfds

    if builder.info.file_format is not tfds.core.FileFormat.TFRECORD:
        return ()
    return tuple(
        Shard(Path(each.filename), each.skip, each.examples_in_shard - each.skip)
        if each.take < 0
        else Shard(Path(each.filename), each.skip, each.take)
        for each in info.file_instructions
    )


def _readable(examples: Iterable[dict[str, Any]], where: str) -> Iterator[dict[str, Any]]:
    import tensorflow as tf

    try:
        yield from examples
    except tf.errors.OpError as error:
        raise UserError(
            f'"{where}" has a damaged file ({type(error).__name__}): copy all files of the data '
            "set, or prepare it again"
        ) from error


def tfds_splits(name: str, path: Path | None) -> dict[str, int]:
    """Returns the number of images in each split of a TFDS data set; downloads it if necessary.

    Args:
        name: As in `tfds_source`.
        path: As in `tfds_source`.

    Raises:
        UserError: TFDS is not installed, or has no such data set or cannot prepare it.
    """
    splits = _prepared(_imported(name), name, path).info.splits
    return {split: info.num_examples for split, info in splits.items()}


def _imported(name: str) -> Any:
    if not name:
        raise UserError('source "tfds" needs the name of a data set, such as "tfds:mnist"')
    try:
        import tensorflow_datasets
    except ImportError as error:
        raise UserError(
            f'"tfds:{name}" needs TensorFlow Datasets ({error}): '
            "pip install tensorflow-datasets importlib_resources"
        ) from error
    return tensorflow_datasets


def _builder(tfds: Any, name: str, path: Path | None) -> Any:
    try:
        return tfds.builder(name, data_dir=path)
    except Exception as error:
        raise UserError(
            f'TensorFlow Datasets has no "{name}" ({_first_line(error)})'
            f"{did_you_mean(name, tfds.list_builders())} "
            "See https://www.tensorflow.org/datasets/catalog for all names"
        ) from error


def _prepared(tfds: Any, name: str, path: Path | None = None) -> Any:
    """Returns the builder of `name`, with the data set on disk, where it may be downloaded to."""
    builder = _builder(tfds, name, path)
    try:
        builder.download_and_prepare()
    except Exception as error:
        raise UserError(
            f'TensorFlow Datasets could not prepare "{name}" in {builder.data_dir} '
            f"({_first_line(error)}): connect to the network and try again; or, on a machine with "
            f"a network, run kerasgan data prepare {_name_in_catalog(name)} --out DIR, copy DIR "
            "here and pass path=DIR"
        ) from error
    return builder


def _found(tfds: Any, name: str, path: Path) -> Any:
    """Returns the builder of a data set that a folder of the user has; nothing is downloaded."""
    if is_on_disk(name, path):
        builder = _builder(tfds, name, path)
        # Without a version, TFDS takes its newest one, and of several configurations the first.
        if (Path(builder.data_dir) / LAST_FILE).is_file():
            return builder
    if present := names_on_disk(name, path):
        raise UserError(
            f"{path} does not have the version or configuration of the data set that TensorFlow "
            f'Datasets reads for "{name}": pass one of those that it has, as the source '
            f"{' or '.join(f'tfds:{each}' for each in present[:_LISTED])}"
        )
    if name_alone(name) not in (known := tfds.list_builders()):
        raise UserError(f'TensorFlow Datasets has no "{name}"{did_you_mean(name, known)}')
    raise UserError(
        f'{path} does not have the data set "{name}" of TensorFlow Datasets: pass path=DIR with '
        f"the folder that has it, download it with kerasgan data prepare {_name_in_catalog(name)} "
        "--out DIR, or pass no path, which downloads it to the folder of TensorFlow Datasets"
    )


def _name_in_catalog(name: str) -> str:
    """Returns the name of a TFDS data set on the command line."""
    source = f"tfds:{name}"
    return next((each.name for each in DATA_SETS if each.source == source), source)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
