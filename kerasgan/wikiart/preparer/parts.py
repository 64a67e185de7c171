"""The decoded images of a preparation, in parts that are each whole or not there."""

import functools
import hashlib
import io
import json
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import imagehash
import numpy as np
from PIL import Image

from kerasgan.data.decoder import Decoder, decoding_failure
from kerasgan.data.sources.file_tree import FileTree, file_tree
from kerasgan.files import atomic_write

# Of paintings at 64 pixels, quality 98 differs from the decoded image by 0.9 grey levels of 256
# on average (1.9 with TensorFlow's decoder, which is a fast one), takes 0.57 of the bytes of a PNG
# and a fifth of its time; at 256 pixels half of the bytes and an eighth of the time. Colours are
# kept at full resolution.
_JPEG = {"quality": 98, "subsampling": 0}


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen when a painting's image was decoded.

    Attributes:
        failure: Why it could not be decoded, or "". The rest is then 0 or "".
        offset: Where its JPEG begins in the file of the part.
        length: How many bytes it has.
        width: In pixels, in the source.
        height: In pixels, in the source.
        perceptual_hash: The 64 bits of `imagehash.phash`, of the image as prepared.
        sha256: Of the source's file, in hexadecimal.
    """

    failure: str = ""
    offset: int = 0
    length: int = 0
    width: int = 0
    height: int = 0
    perceptual_hash: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class Part:
    """Some paintings that one process decodes.

    Attributes:
        number: Which part of the preparation it is.
        folder: Where its two files are.
        source: The folder or zip of the paintings.
        revision: Another one whenever the source is not as it was.
        files: The paintings' files there.
        decoder: How they are decoded.
    """

    number: int
    folder: str
    source: str
    revision: str
    files: tuple[str, ...]
    decoder: Decoder

    @property
    def images_path(self) -> Path:
        """Where the prepared images are, one after the other."""
        return Path(self.folder) / f"{self.number:06d}.jpegs"

    @property
    def looks_path(self) -> Path:
        """Where a line for each painting is; it is written last."""
        return Path(self.folder) / f"{self.number:06d}.jsonl"

    def prepare(self) -> int:
        """Decodes the paintings if that is not done yet, and returns their number.

        Any process that reaches the source and the folder can do it.

        Raises:
            UserError: The folder cannot be written, or the disk is full.
        """
        if not self.looks_path.exists():
            tree, looks = _tree(self.source, self.revision), []
            with atomic_write(self.images_path) as images:
                for file in self.files:
                    look, jpeg = _look(tree, file, self.decoder, images.tell())
                    images.write(jpeg)
                    looks.append(look)
            with atomic_write(self.looks_path) as file:
                file.write("".join(json.dumps(asdict(look)) + "\n" for look in looks).encode())
        return len(self.files)

    def looks(self) -> list[Look]:
        """Returns what was seen of each painting, once the part is prepared."""
        lines = self.looks_path.read_text(encoding="utf-8").splitlines()
        return [Look(**json.loads(line)) for line in lines]


def read_images(
    path: Path, examples: list[tuple[int, int, dict[str, Any]]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields examples of a part with their images, each with its key, as TFDS builders do.

    Args:
        path: The part's `images_path`.
        examples: The offset and length of each image, and the other features of the example.
    """
    with path.open("rb") as images:
        for offset, length, features in examples:
            images.seek(offset)
            yield features["id"], {"image": images.read(length), **features}


@functools.lru_cache(maxsize=1)
def _tree(source: str, revision: str) -> FileTree:
    """Returns the source's files; a process lists those of a revision once."""
    return file_tree(Path(source), source="wikiart")


def _look(tree: FileTree, file: str, decoder: Decoder, offset: int) -> tuple[Look, bytes]:
    """Returns what is seen of an image, and the prepared image, empty if there is none."""
    try:
        with warnings.catch_warnings(), tree.open(file) as opened:
            # A large scan or an odd palette is no news: the image is decoded all the same.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", module=r"PIL\.")
            content = opened.read()
            picture, (width, height) = decoder.picture(io.BytesIO(content))
            # Profiles and comments of the source would be written into the JPEG.
            picture.info = {}
            encoded = io.BytesIO()
            picture.save(encoded, "JPEG", **_JPEG)
            bits = np.packbits(imagehash.phash(picture).hash)
    except MemoryError:
        raise
    except Exception as error:  # Pillow's decoders raise nearly anything on a corrupt file
        return Look(failure=decoding_failure(error)), b""
    jpeg = encoded.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    perceptual_hash = int.from_bytes(bits.tobytes())
    return Look("", offset, len(jpeg), width, height, perceptual_hash, digest), jpeg
