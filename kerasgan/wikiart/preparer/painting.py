"""What is known of a painting before its image is read."""

from dataclasses import dataclass

from kerasgan.data.sources.file_tree import FileTree


@dataclass(frozen=True, slots=True)
class Painting:
    """A painting of a source.

    Attributes:
        id: Its name in the data set; no two paintings of a source have the same.
        file: Its image, by the name that the source's `FileTree` has for it.
        identity: What stays the same wherever the painting is found again: the dump has some in
            several styles. Decides whether it is for training or testing.
        artist: Or "".
        title: Or "".
        year: Or -1.
        genres: Its genres, the foremost first.
        styles: Its styles, the foremost first.
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
class Skip:
    """A painting that is left out.

    Attributes:
        path: Its file, or the id of a painting whose file was read.
        cause: A short phrase, the same for all that are left out for this reason.
        detail: More on this one, or "".
    """

    path: str
    cause: str
    detail: str = ""


@dataclass(frozen=True)
class Found:
    """All that a source has.

    Attributes:
        kind: What the source was taken for.
        tree: Its files.
        paintings: The paintings, sorted by their ids.
        skipped: Images that nothing is known of, and paintings without an image.
    """

    kind: str
    tree: FileTree
    paintings: list[Painting]
    skipped: list[Skip]
