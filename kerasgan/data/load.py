"""Loading the images of a source."""

import collections
import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from kerasgan.data.cache import ImageCache
from kerasgan.data.decoder import CANNOT_BE_OPENED, Decoder, decoding_failure
from kerasgan.data.holdout import is_of_train
from kerasgan.data.image_set import ImageSet
from kerasgan.data.picture_formats import picture_formats, without_warnings_of_pillow
from kerasgan.data.record_images import RecordImages
from kerasgan.data.skipped import SkippedFile
from kerasgan.data.sources.catalog import DATA_SETS, source_of
from kerasgan.data.sources.image_files import image_files, image_folder
from kerasgan.data.sources.pokemon_images import pokemon_images
from kerasgan.data.sources.source import Item, Source
from kerasgan.data.sources.tfds_source import tfds_source
from kerasgan.data.sources.wikiart_source import wikiart_source, wikiart_test_split
from kerasgan.distribution.cores import available_cores
from kerasgan.distribution.workers import own_place, worker_count
from kerasgan.errors import UserError, did_you_mean, shortened, shortened_path
from kerasgan.files.cache_folder import cache_folder
from kerasgan.files.new_folder import real_path
from kerasgan.files.user_path import user_path

# The functions that open each source, given its path and split. The source "tfds:NAME" has a name
# as well.
_SOURCES: dict[str, Callable[[Path | None, str], Source]] = {
    "images": image_files,
    "imagefolder": image_folder,
    "pokemon": pokemon_images,
    "wikiart": wikiart_source,
}
_TFDS = "tfds:"


def load_images(
    source: str,
    *,
    path: str | Path | None = None,
    image_size: int,
    channels: int = 3,
    fit: str = "pad",
    background: str | Sequence[int] = "white",
    split: str = "train",
    stream: bool = False,
    cache_dir: str | Path | None = None,
    progress: bool = False,
) -> ImageSet:
    """Returns the images of a source, decoded to one size.

    They come with every label set of the source; see `ImageSet.select`. They are decoded once and
    cached; later calls map the cache into memory without reading all of it. If files or options
    change, the images are decoded again. Files that are no pictures or cannot be decoded are left
    out and listed in `ImageSet.skipped`.

    ```python
    pokemon = load_images("images", path="pokemon.zip", image_size=128)
    mnist = load_images("tfds:mnist", image_size=28, channels=1, background="black")
    ```

    Args:
        source: One of:
            `"images"`: the image files in the folder or zip `path`.
            `"imagefolder"`: the images in `path` that a table in it lists.
            `"pokemon"`: the image files in `path`, labelled by its `pokedex.json`.
            `"wikiart"`: the WikiArt Dataset of ArtGAN in `path`, or a folder that `kerasgan
            wikiart prepare` wrote.
            `"tfds:NAME"`: a data set of TensorFlow Datasets, whose `data_dir` is `path`.
            A name that `kerasgan data list` shows, such as `"mnist"` for `"tfds:mnist"`.
        path: The folder or file of the source.
        image_size: Side of the decoded images in pixels.
        channels: 3 (RGB) or 1 (grey).
        fit: How an image that is not square becomes square: `"pad"`, `"crop"` or `"squash"`.
        background: The colour of transparent and padded pixels: a name or code that Pillow
            understands, or red, green and blue in 0..255.
        split: The split of the source; in a folder or zip, the name of a folder inside.
        stream: Whether to decode each image whenever it is indexed, and to cache only where it is,
            for data sets in TFRecords that outgrow a disk when they are decoded. An image that
            cannot be decoded is then an error.
        cache_dir: The cache folder; None for `$KERASGAN_CACHE`, or the platform's cache folder if
            that is not set.
        progress: Whether to show a progress bar on stderr when decoding takes over a second.

    Raises:
        UserError: An argument or a file is wrong; the message says which, and how to correct it.
    """
    decoder = Decoder(image_size, channels, fit, background)
    path = None if path is None else user_path(path)
    cache_dir = None if cache_dir is None else user_path(cache_dir)
    kind, found = open_source(source, path, split)
    if stream:
        return _streamed(found, decoder, cache_dir)
    options = [decoder.image_size, decoder.channels, decoder.fit, decoder.background]
    options += [*picture_formats()]  # With a further one, more files can be read.
    place = None if path is None else [kind, str(real_path(path)), split, options]
    cache = ImageCache(cache_dir, [kind, found.identity, options], place=place)
    images = cache.open()
    if images is not None and _can_be_opened(found, images.skipped):
        images = None  # Windows replaces no file that is mapped.
    if images is None:
        images = _decode(found, decoder, cache, progress)
    # The cache does not depend on files that are not read.
    skipped = sorted([*found.left_out, *images.skipped], key=lambda file: file.path)
    return replace(images, skipped=tuple(skipped), no_label_sets=found.no_label_sets)


def open_source(source: str, path: Path | None = None, split: str = "train") -> tuple[str, Source]:
    """Returns the kind of a source, and the source, whose images are not read yet.

    The arguments are those of `load_images`.
    """
    source = str(source)  # A path is not a source either, and gets the same answer.
    if not isinstance(split, str):
        raise UserError(
            "split must be the name of a split, such as 'train', which a folder or zip without "
            f"splits has too. Received: split={shortened(repr(split))}"
        )
    written = source_of(source)
    if written.startswith(_TFDS):
        return "tfds", tfds_source(written.removeprefix(_TFDS), path, split)
    if written not in _SOURCES:
        known = {*_SOURCES, *(each.name for each in DATA_SETS), f"{_TFDS}NAME"}
        hint = did_you_mean(source, sorted(known))
        if not hint.endswith("?"):
            shown = shortened_path(source)
            hint += f"; for a folder or zip pass path={shown!r} with the source images"
        raise UserError(f'unknown source "{shortened(source)}"{hint}')
    return written, _SOURCES[written](path, split)


def own_test_split(source: str, path: str | Path | None, split: str = "train") -> str | None:
    """Returns the name of the split that a prepared WikiArt folder keeps for testing, or None.

    It has paintings of the same collection as the split `"train"`, without near-duplicates in
    both. Test splits of TFDS data sets do not count, because their purposes differ.

    Args:
        source: As in `load_images`.
        path: As in `load_images`.
        split: The split that is trained on, as in `load_images`. If it is not of `"train"` alone,
            it may have images of the test split, and the result is None.
    """
    if source != "wikiart" or path is None or not is_of_train(split):
        return None
    return wikiart_test_split(user_path(path))


def _streamed(source: Source, decoder: Decoder, folder: Path | None) -> ImageSet:
    if not source.shards:
        raise UserError(
            "data.stream needs a data set of TensorFlow Datasets in TFRecords, such as a folder "
            f"that kerasgan wikiart prepare wrote. Received: {source.where}"
        )
    images = RecordImages(
        source.shards,
        decoder,
        features=[*source.class_names],
        folder=folder or cache_folder(),
        begin=len(source.shards) * own_place() // worker_count(),
    )
    known = [name for name, values in images.labels.items() if values.max() >= 0]
    return ImageSet(
        images=images,
        labels={name: images.labels[name] for name in known},
        class_names={name: source.class_names[name] for name in known},
        background=decoder.background_pixel,
        images_fingerprint=images.fingerprint,
    )


def _can_be_opened(source: Source, skipped: Sequence[SkippedFile]) -> bool:
    """Returns whether a file that could not be opened can be now, which changes nothing else."""
    closed = {file.path for file in skipped if file.cause == CANNOT_BE_OPENED}
    for item in source.items() if closed else ():
        if item.name in closed:
            with contextlib.suppress(Exception), item.open():
                return True
    return False


def _decode(source: Source, decoder: Decoder, cache: ImageCache, progress: bool) -> ImageSet:
    """Decodes every item into the cache."""
    cache.check_writable()
    skipped, decoded = [], []
    pixel_shape = (decoder.image_size, decoder.image_size, decoder.channels)
    with (
        without_warnings_of_pillow(),
        cache.writing(pixel_shape) as append,
        tqdm(
            desc="Decoding images",
            total=source.count,
            unit="image",
            file=sys.stderr,
            delay=1,
            leave=False,
            disable=not progress,
        ) as bar,
    ):
        for item, result in _in_order(source.items(), decoder):
            bar.update()
            if isinstance(result, SkippedFile):
                skipped.append(result)
            else:
                append(result)
                decoded.append(item.labels)
        if not decoded:
            raise UserError(
                f"none of the {source.count} image files in {source.where} can be decoded: pass "
                f"other images. The first is {shortened_path(skipped[0].path)}: "
                f"{shortened(skipped[0].reason)}"
            )
    labels = {
        name: np.array([numbers.get(name, -1) for numbers in decoded], np.int32)
        for name in source.class_names
    }
    # Test splits without labels have only -1.
    known = [name for name in labels if labels[name].max() >= 0]
    return cache.finish(
        labels={name: labels[name] for name in known},
        class_names={name: source.class_names[name] for name in known},
        skipped=tuple(skipped),
        background=decoder.background_pixel,
    )


def _in_order(
    items: Iterator[Item], decoder: Decoder
) -> Iterator[tuple[Item, np.ndarray | SkippedFile]]:
    """Yields every item with its image, in the order of the items; threads decode them.

    Only as many images are in memory as keep the threads busy.
    """
    workers = available_cores()
    pending: collections.deque[tuple[Item, Future]] = collections.deque()
    with ThreadPoolExecutor(workers) as pool:
        for item in items:
            pending.append((item, pool.submit(_attempt, item, decoder)))
            if len(pending) > 4 * workers:
                oldest, future = pending.popleft()
                yield oldest, future.result()
        for item, future in pending:
            yield item, future.result()


def _attempt(item: Item, decoder: Decoder) -> np.ndarray | SkippedFile:
    try:
        with item.open() as file:
            return decoder.decode(file)
    except MemoryError:
        raise
    except Exception as error:  # Pillow's decoders raise nearly anything on a corrupt file
        return SkippedFile(item.name, decoding_failure(error))
