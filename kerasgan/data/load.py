"""From a source's name to decoded images."""

import collections
import difflib
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from kerasgan.cores import available_cores
from kerasgan.data.cache import ImageCache
from kerasgan.data.decoder import Decoder, decoding_failure
from kerasgan.data.image_set import ImageSet, Skipped
from kerasgan.data.sources.catalog import source_of
from kerasgan.data.sources.image_files import image_files
from kerasgan.data.sources.image_folder import image_folder
from kerasgan.data.sources.pokemon_images import pokemon_images
from kerasgan.data.sources.source import Item, Source
from kerasgan.data.sources.tfds_source import tfds_source
from kerasgan.data.sources.wikiart_source import wikiart_source, wikiart_test_split
from kerasgan.errors import UserError

# By the part of the name before the colon: how the whole is written, and the function that opens
# it, given the part after the colon, the path and the split.
_SOURCES: dict[str, tuple[str, Callable[[str, Path | None, str], Source]]] = {
    "images": ("images", image_files),
    "imagefolder": ("imagefolder", image_folder),
    "pokemon": ("pokemon", pokemon_images),
    "tfds": ("tfds:NAME", tfds_source),
    "wikiart": ("wikiart", wikiart_source),
}


def load_images(
    source: str,
    *,
    path: str | Path | None = None,
    image_size: int,
    channels: int = 3,
    fit: str = "pad",
    background: str | Sequence[int] = "white",
    split: str = "train",
    cache_dir: str | Path | None = None,
    progress: bool = False,
) -> ImageSet:
    """Returns the images of a source, decoded to one size.

    They come with every label set of the source; see `ImageSet.select`. They are decoded once and
    kept in a cache, which later calls map into memory without reading it whole. Changed files or
    options are decoded anew. Files that cannot be decoded are skipped and named in the result.

    ```python
    pokemon = load_images("images", path="pokemon.zip", image_size=128)
    mnist = load_images("tfds:mnist", image_size=28, channels=1, background="black")
    ```

    Args:
        source: `"images"`, the image files in the folder or zip `path`; `"tfds:NAME"`, a data set
            of TensorFlow Datasets, whose `data_dir` is `path`; or of the folder or zip `path`
            again, `"imagefolder"`, images and a table of them, `"pokemon"`, pictures and
            `pokedex.json`, or `"wikiart"`, the WikiArt Dataset of ArtGAN or what `kerasgan wikiart
            prepare` wrote. A name that `kerasgan data list` shows will do too: `"mnist"` is
            `"tfds:mnist"`.
        path: See `source`.
        image_size: Side of the decoded images in pixels.
        channels: 3 (RGB) or 1 (grey).
        fit: How an image that is not square becomes square: `"pad"`, `"crop"` or `"squash"`.
        background: The colour behind transparency and padding; a name or code that Pillow
            understands, or red, green and blue in 0..255.
        split: For sources that have splits, which one; of a folder, the name of one within.
        cache_dir: Where decoded images are kept; None for `$KERASGAN_CACHE`, else the platform's
            cache folder.
        progress: Whether to show a progress bar on stderr when decoding takes over a second.

    Raises:
        UserError: Something in the arguments or the files must be corrected; the message says
            what, where and how.
    """
    decoder = Decoder(image_size, channels, fit, background)
    kind, found = open_source(source, None if path is None else Path(path).expanduser(), split)
    options = [decoder.image_size, decoder.channels, decoder.fit, decoder.background]
    cache = ImageCache(
        None if cache_dir is None else Path(cache_dir), [kind, found.identity, options]
    )
    return cache.open() or _decode(found, decoder, cache, progress)


def open_source(source: str, path: Path | None = None, split: str = "train") -> tuple[str, Source]:
    """Returns the kind of a source, and its images, not yet read. See `load_images`."""
    kind, _, argument = source_of(source).partition(":")
    if kind not in _SOURCES:
        known = ", ".join(f'"{written}"' for written, _ in _SOURCES.values())
        close = difflib.get_close_matches(kind, _SOURCES, n=1)
        suffix = f":{argument}" if argument else ""
        hint = f' Did you mean "{close[0]}{suffix}"?' if close else ""
        raise UserError(f'unknown source "{source}": the sources are {known}.{hint}')
    _, opener = _SOURCES[kind]
    return kind, opener(argument, path, split)


def own_test_split(source: str, path: str | Path | None) -> str | None:
    """Returns the name of the split that a source has set apart for testing, if it has one.

    Such a split is of the same paintings as the split `"train"`, and near-duplicates are never in
    both. That of a TFDS data set is not meant: what it is for differs from one to another.

    Args:
        source: As in `load_images`.
        path: As in `load_images`.
    """
    if source != "wikiart" or path is None:
        return None
    return wikiart_test_split(Path(path).expanduser())


def _decode(source: Source, decoder: Decoder, cache: ImageCache, progress: bool) -> ImageSet:
    """Decodes every item into the cache."""
    cache.check_writable()
    skipped, decoded = [], []
    pixel_shape = (decoder.image_size, decoder.image_size, decoder.channels)
    with (
        warnings.catch_warnings(),
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
        # A large scan or an odd palette is no news to the user: the image is decoded all the same.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        warnings.filterwarnings("ignore", module=r"PIL\.")
        for item, result in _in_order(source.items(), decoder):
            bar.update()
            if isinstance(result, Skipped):
                skipped.append(result)
            else:
                append(result)
                decoded.append(item.labels)
        if not decoded:
            raise UserError(
                f"none of the {source.count} image files in {source.where} can be decoded; "
                f"the first is {skipped[0].path} ({skipped[0].reason}): pass other images"
            )
    labels = {
        name: np.array([numbers.get(name, -1) for numbers in decoded], np.int32)
        for name in source.class_names
    }
    # Test splits without labels mark them all -1.
    known = [name for name in labels if labels[name].max() >= 0]
    return cache.finish(
        labels={name: labels[name] for name in known},
        class_names={name: source.class_names[name] for name in known},
        skipped=tuple(skipped),
        background=decoder.background_pixel,
    )


def _in_order(
    items: Iterator[Item], decoder: Decoder
) -> Iterator[tuple[Item, np.ndarray | Skipped]]:
    """Yields every item with its image, decoded in threads, in the order of the items.

    Only so many are under way as keep the threads busy, however many there are in all.
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


def _attempt(item: Item, decoder: Decoder) -> np.ndarray | Skipped:
    try:
        with item.open() as file:
            return decoder.decode(file)
    except MemoryError:
        raise
    except Exception as error:  # Pillow's decoders raise nearly anything on a corrupt file
        return Skipped(item.name, decoding_failure(error))
