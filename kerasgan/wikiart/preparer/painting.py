"""The facts about paintings: those in the metadata, and those that decoding finds."""

from dataclasses import dataclass

from kerasgan.data.sources.file_tree import FileTree


@dataclass(frozen=True, slots=True)
class Painting:
    """A painting of a collection.

    Attributes:
        id: Its name in the data set; no two paintings of a collection have the same.
        file: Its image, by the name that the collection's `FileTree` has for it.
        identity: The same for all copies of a painting: the dump has some paintings in several
            styles. It decides whether the painting is for training or for testing.
        artist: The artist's name, "" if unknown.
        title: The title, "" if unknown.
        year: The year, -1 if unknown.
        genres: The genres, the most important first.
        styles: The styles, the most important first.
    """

    id: str
    file: str
    identity: str
    artist: str
    title: str
    year: int
    genres: tuple[str, ...]
    styles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """The image of a painting, as it was found when it was decoded.

    Attributes:
        failure: Why it could not be decoded, or "". After a failure the rest is 0 or "".
        offset: Where its JPEG begins in the file of the part.
        length: The number of bytes of its JPEG.
        width: Width in pixels in the source.
        height: Height in pixels in the source.
        perceptual_hash: The `perceptual_hash` of the prepared image.
        sha256: SHA-256 of the source's file, in hexadecimal.
    """

    failure: str = ""
    offset: int = 0
    length: int = 0
    width: int = 0
    height: int = 0
    perceptual_hash: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class SkippedImage:
    """An image that is left out of the data set.

    Attributes:
        path: The image's file.
        cause: A short phrase, the same for all images that are left out for this reason.
        detail: More about this image, or "".
    """

    path: str
    cause: str
    detail: str = ""


@dataclass(frozen=True)
class Collection:
    """The contents of a folder or zip of paintings.

    Attributes:
        kind: The layout that was recognized, `"dump"` or `"image folder"`.
        tree: The files.
        paintings: The paintings, sorted by their ids.
        skipped: Images that no metadata describe, and paintings whose image is missing.
    """

    kind: str
    tree: FileTree
    paintings: list[Painting]
    skipped: list[SkippedImage]
