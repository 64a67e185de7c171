"""A line that counts pictures and names some."""

from collections.abc import Sequence

from kerasgan.errors import shortened_message

NAMED = 3
"""The largest number of pictures that a line names."""


def counted_pictures(count: int, what: str, names: Sequence[str]) -> list[str]:
    """Returns a line such as `"2 pictures are empty: a.png, b.png"`, or none of no pictures.

    Args:
        count: How many pictures there are.
        what: What they are.
        names: Their names, at least the first `NAMED`.
    """
    if not count:
        return []
    pictures = "1 picture is" if count == 1 else f"{count:,} pictures are"
    more = f" and {count - NAMED:,} more" if count > NAMED else ""
    return [shortened_message(f"{pictures} {what}: {', '.join(names[:NAMED])}{more}")]
