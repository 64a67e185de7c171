"""The source "tfds:NAME": a data set of TensorFlow Datasets."""

import difflib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from kerasgan.data.sources.catalog import DATA_SETS
from kerasgan.data.sources.source import Item, Source
from kerasgan.errors import UserError

# What TFDS fetches the data sets of the shipped recipes from.
_DOWNLOADED_FROM = {
    "mnist": "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "cifar10": "https://www.cs.toronto.edu/~kriz/",
}


def tfds_source(name: str, path: Path | None, split: str) -> Source:
    """Returns the images of a TFDS data set, downloaded and prepared first if need be.

    Every feature that is a `ClassLabel` is a label set of the feature's name.

    Args:
        name: As TFDS calls it: `"mnist"`, `"cifar10"`, or with its version, `"mnist:3.0.1"`.
        path: The folder of prepared data sets (`data_dir`); None for TFDS's own, which is
            `TFDS_DATA_DIR` or `~/tensorflow_datasets`.
        split: In TFDS's notation, such as `"train"` or `"train[:10%]"`.

    Raises:
        UserError: TFDS is not installed, knows no such name, cannot prepare it, or it has no
            such split or no 8- or 16-bit `image`.
    """
    return builder_source(_prepared(_imported(name), name, path), split, where=f"tfds:{name}")


def builder_source(builder: Any, split: str, *, where: str) -> Source:
    """Returns the images of a split of a prepared data set; see `tfds_source`.

    Args:
        builder: A `tfds.core.DatasetBuilder` whose data set is on disk.
        split: In TFDS's notation.
        where: How messages call the data set.

    Raises:
        UserError: There is no such split or no 8- or 16-bit `image`.
    """
    import tensorflow_datasets as tfds

    features = builder.info.features
    features = dict(features.items()) if isinstance(features, tfds.features.FeaturesDict) else {}
    image = features.get("image")
    if not isinstance(image, tfds.features.Image) or np.dtype(image.np_dtype) not in (
        np.uint8,
        np.uint16,
    ):
        raise UserError(
            f'"{where}" has no 8- or 16-bit feature "image": choose a data set of images'
        )
    try:
        info = builder.info.splits[split]
        files = [Path(file) for file in info.filepaths]
        stats = [file.stat() for file in files]
    except OSError as error:
        raise UserError(
            f'"{where}" lacks {error.filename}: copy all files of the data set, or prepare it anew'
        ) from error
    except (KeyError, ValueError) as error:
        known = ", ".join(builder.info.splits)
        raise UserError(f'"{where}" has the splits {known}. Received: split={split!r}') from error
    if not info.num_examples:
        raise UserError(f'split {split!r} of "{where}" is empty: choose a larger one')

    class_names = {
        key: tuple(feature.names or map(str, range(feature.num_classes)))
        for key, feature in features.items()
        if isinstance(feature, tfds.features.ClassLabel)
    }

    def items() -> Iterator[Item]:
        # Left encoded: the same decoder as for files then applies the same options.
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
        # Two copies of one version may differ, a user's own or a part of the whole: their files do.
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
    )


def _readable(examples: Iterable[dict[str, Any]], where: str) -> Iterator[dict[str, Any]]:
    import tensorflow as tf

    try:
        yield from examples
    except tf.errors.OpError as error:
        raise UserError(
            f'"{where}" has a damaged file ({type(error).__name__}): copy all files of the data '
            "set again, or prepare it anew"
        ) from error


def tfds_splits(name: str, path: Path | None) -> dict[str, int]:
    """Returns how many images each split of a TFDS data set has, downloaded first if need be.

    Args:
        name: As in `tfds_source`.
        path: As in `tfds_source`.

    Raises:
        UserError: TFDS is not installed, knows no such name or cannot prepare it.
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


def _prepared(tfds: Any, name: str, path: Path | None) -> Any:
    """Returns the builder of `name`, its data set on disk."""
    try:
        builder = tfds.builder(name, data_dir=path)
    except Exception as error:
        close = difflib.get_close_matches(name, tfds.list_builders(), n=3)
        hint = f"did you mean {' or '.join(close)}? " if close else ""
        raise UserError(
            f'TensorFlow Datasets has no "{name}" ({_first_line(error)}): {hint}'
            "The names are listed at https://www.tensorflow.org/datasets/catalog"
        ) from error
    try:
        if not (Path(builder.data_dir) / "dataset_info.json").is_file():
            _check_reachable(name, Path(builder.data_dir).parents[1])
        builder.download_and_prepare()
    except Exception as error:
        raise UserError(
            f'TensorFlow Datasets could not prepare "{name}" in {builder.data_dir} '
            f"({_first_line(error)}): connect to the network and try again, or run, where there "
            f"is a network, kerasgan data prepare {_typed(name)} --out DIR, copy DIR here and "
            "pass it by --data DIR"
        ) from error
    return builder


def _check_reachable(name: str, folder: Path) -> None:
    """Raises the error of a missing network at once: TFDS tries for minutes, and says so."""
    page = _DOWNLOADED_FROM.get(name)
    fetched = any(path.is_file() for path in (folder / "downloads").rglob("*"))
    if page is None or fetched:
        return
    import requests  # TFDS downloads with it

    try:
        requests.head(page, timeout=10)
    except requests.RequestException as error:
        raise ConnectionError(f"{page} cannot be reached") from error


def _typed(name: str) -> str:
    """Returns how a data set of TFDS is called on the command line."""
    source = f"tfds:{name}"
    return next((each.name for each in DATA_SETS if each.source == source), source)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
