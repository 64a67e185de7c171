"""What every source of images offers to the loader."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO


@dataclass(frozen=True)
class Item:
    """One encoded image.

    Attributes:
        name: How errors and reports call it.
        open: Returns its bytes as a seekable file; called once, in any thread, and closed by the
            caller. May raise: the image is then skipped.
        labels: By the name of each label set, the index of its class; -1, or no entry, where it
            is not known.
    """

    name: str
    open: Callable[[], BinaryIO]
    labels: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Encoded images in a fixed order, not yet read.

    Attributes:
        where: The folder, file or data set, for messages.
        identity: JSON-able; changes whenever the images or labels may have changed. Decoded
            images are cached under it.
        count: Number of items.
        items: Returns an iterator over them.
        class_names: By the name of each label set, the name of each class.
    """

    where: str
    identity: Any
    count: int
    items: Callable[[], Iterator[Item]]
    class_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
