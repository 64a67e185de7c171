"""What every source of images offers to the loader."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO


@dataclass(frozen=True)
class Item:
    """One encoded image.

    Attributes:
        name: How errors and reports call it.
        open: Returns its bytes as a seekable file; called once, in any thread, and closed by the
            caller. May raise: the image is then skipped.
        label: Index of its class, or None.
    """

    name: str
    open: Callable[[], BinaryIO]
    label: int | None = None


@dataclass(frozen=True)
class Source:
    """Encoded images in a fixed order, not yet read.

    Attributes:
        where: The folder, file or data set, for messages.
        identity: JSON-able; changes whenever the images may have changed. Decoded images are
            cached under it.
        count: Number of items.
        items: Returns an iterator over them.
        class_names: The name of each label; `()` when the items have none.
    """

    where: str
    identity: Any
    count: int
    items: Callable[[], Iterator[Item]]
    class_names: tuple[str, ...] = ()
