"""A line of `metadata.jsonl`."""

from typing import Annotated

import msgspec

_Side = Annotated[int, msgspec.Meta(gt=0, lt=2**31)]


class Record(msgspec.Struct, kw_only=True):
    """What is known of a stored image.

    Attributes:
        file_name: `images/{id}.jpg`.
        id: Safe as the name of a file.
        title: One line, possibly empty.
        artist: One line, possibly empty.
        year: As the site writes it, or None.
        genres: Slugs.
        styles: Slugs.
        width: In pixels, of the file.
        height: In pixels, of the file.
        source_url: Where the image was fetched.
        sha256: Of the file, in hexadecimal.
        fetched_at: When, in UTC.
    """

    file_name: str
    id: str
    title: str
    artist: str
    year: str | None
    genres: list[str]
    styles: list[str]
    width: _Side
    height: _Side
    source_url: str
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
    fetched_at: str
