"""The decoded images of a preparation, in parts of which each is either complete or absent."""

import functools
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from kerasgan.data.decoder import CANNOT_BE_OPENED, Decoder, decoding_failure
from kerasgan.data.picture_formats import without_warnings_of_pillow
from kerasgan.data.sources.file_tree import FileTree
from kerasgan.data.sources.files_at import files_at
from kerasgan.files.atomic import atomic_write
from kerasgan.wikiart.preparer.duplicates import perceptual_hash
from kerasgan.wikiart.preparer.painting import DecodedImage

# For paintings at 64 pixels, quality 98 differs from the decoded image by 0.9 grey levels of 256
# on average (1.9 with TensorFlow's decoder, which is a fast one), takes 0.57 of the bytes of a PNG
# and a fifth of its time; at 256 pixels half of the bytes and an eighth of the time. Colours are
# kept at full resolution.
JPEG = {"quality": 98, "subsampling": 0}


@dataclass(frozen=True)
class Part:
    """Some paintings that one process decodes.

    Attributes:
        number: The place of the part in the preparation.
        folder: The folder of its two files.
        source: The folder or zip of the paintings.
        revision: A text that differs whenever the source has changed.
        files: The paintings' files in the source.
        decoder: Decodes them.
    """

    number: int
    folder: str
    source: str
    revision: str
    files: tuple[str, ...]
    decoder: Decoder

    @property
    def images_path(self) -> Path:
        """The file of the prepared images, one after the other."""
        return Path(self.folder) / f"{self.number:06d}.jpegs"

    @property
    def records_path(self) -> Path:
        """The file with a line for each `DecodedImage`; it is written last."""
        return Path(self.folder) / f"{self.number:06d}.jsonl"

    def prepare(self) -> int:
        """Decodes the paintings unless that is done already, and returns their number.

        Any process that can reach the source and the folder can do this.

        Raises:
            UserError: The folder cannot be written to, or the disk is full.
        """
        if not self.records_path.exists():
            tree, records = _tree(self.source, self.revision), []
            with without_warnings_of_pillow(), atomic_write(self.images_path) as images:
                for file in self.files:
                    record, jpeg = _decoded(tree, file, self.decoder, images.tell())
                    images.write(jpeg)
                    records.append(json.dumps(asdict(record)) + "\n")
            with atomic_write(self.records_path) as file:
                file.write("".join(records).encode())
        return len(self.files)

    def forget_if_files_could_not_be_opened(self) -> None:
        """Removes what was prepared if some files could not be opened, to try it again."""
        if self.records_path.exists() and any(
            image.failure.startswith(CANNOT_BE_OPENED) for image in self.decoded_images()
        ):
            self.records_path.unlink()

    def decoded_images(self) -> list[DecodedImage]:
        """Returns the `DecodedImage` of each painting of a part that is prepared."""
        lines = self.records_path.read_text(encoding="utf-8").splitlines()
        return [DecodedImage(**json.loads(line)) for line in lines]


def read_examples(
    path: Path, examples: list[tuple[int, int, dict[str, Any]]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the examples of a part with their images, each with its key, as TFDS builders do.

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
    return files_at(Path(source), source="wikiart")


def _decoded(
    tree: FileTree, file: str, decoder: Decoder, offset: int
) -> tuple[DecodedImage, bytes]:
    """Returns the record of an image and its prepared JPEG, which is empty after a failure."""
    try:
        with tree.open(file) as opened:
            content = opened.read()
        picture, size = decoder.picture(io.BytesIO(content))
        keeps = size == picture.size and _is_plain_jpeg(content)
        jpeg = content if keeps else _encoded(picture)
        hashed = perceptual_hash(picture)
    except MemoryError:
        raise
    except Exception as error:  # Pillow's decoders raise nearly anything on a corrupt file
        return DecodedImage(failure=decoding_failure(error)), b""
    digest = hashlib.sha256(content).hexdigest()
    return DecodedImage("", offset, len(jpeg), *size, hashed, digest), jpeg


def _is_plain_jpeg(content: bytes) -> bool:
    """Tells whether a file is a JPEG in colour that holds nothing but its pixels.

    Others may have profiles, comments or a rotation.
    """
    if not (content.startswith(b"\xff\xd8\xff") and content.endswith(b"\xff\xd9")):
        return False
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
        segments = {name for name, _ in image.applist}  # pyright: ignore[reportAttributeAccessIssue]
        return image.format == "JPEG" and image.mode == "RGB" and segments <= {"APP0"}


def _encoded(picture: Image.Image) -> bytes:
    # Otherwise profiles and comments of the source would be written into the JPEG.
    picture.info = {}
    file = io.BytesIO()
    picture.save(file, "JPEG", **JPEG)
    return file.getvalue()
