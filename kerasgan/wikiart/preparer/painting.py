"""The facts about a painting that are known before its image is decoded."""

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
class SkippedFile:
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
    skipped: list[SkippedFile]
