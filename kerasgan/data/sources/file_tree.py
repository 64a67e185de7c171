"""The files below a folder, or in a zip of one."""

import collections
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, BinaryIO

from kerasgan.data.picture_formats import (
    PICTURE_EXTENSIONS,
    is_picture_name,
    kind_of_file,
    why_not_read,
)
from kerasgan.data.skipped import SkippedFile
from kerasgan.data.sources.file_names import composed
from kerasgan.data.sources.source import Item, Source
from kerasgan.errors import UserError

# Opens a file, in any thread.
OpenFile = Callable[[], BinaryIO]

# The largest number of kinds of files that a message names.
_LISTED = 8


@dataclass(frozen=True)
class FileTree:
    """The visible files of a folder or zip, which are not read yet.

    Attributes:
        where: The folder or zip, for messages.
        names: The names of the files, relative to it, with slashes, sorted.
        identity: Given some names, returns a JSON-able value that changes whenever these files may
            have changed.
        open: Opens a file by name, in any thread.
    """

    where: str
    names: tuple[str, ...]
    identity: Callable[[Sequence[str]], Any]
    open: Callable[[str], BinaryIO]

    @cached_property
    def _names_as_typed(self) -> dict[str, str]:
        # A name that is there in just this form goes before one in another form.
        return {composed(name): name for name in self.names} | {name: name for name in self.names}

    def name_of(self, typed: str) -> str:
        """Returns the name of a file that a table or a person names, or `typed` if there is none.

        macOS writes the names of files in another form of Unicode than people write tables in.
        """
        return self._names_as_typed.get(typed) or self._names_as_typed.get(composed(typed), typed)

    @property
    def images(self) -> list[str]:
        """The names with the extension of a picture that can be read."""
        return [name for name in self.names if is_picture_name(name)]

    def check_has_pictures(self) -> None:
        """Checks that there is a picture that can be read.

        Raises:
            UserError: There is none; the message counts the other files by their kinds.
        """
        if self.images:
            return
        kinds = collections.Counter(kind_of_file(name) for name in self.names)
        counts = [f"{count:,} {kind}" for kind, count in kinds.most_common(_LISTED)]
        more = ", …" if len(kinds) > _LISTED else ""
        found = f"; it has other files: {', '.join(counts)}{more}" if counts else ""
        raise UserError(
            f"{self.where} has no image files ({', '.join(PICTURE_EXTENSIONS)}){found}. "
            "Pass path=PATH with a folder or a zip of images"
        )

    def source(
        self,
        names: Sequence[str],
        classes: Mapping[str, Sequence[str | int | None]],
        *,
        also_read: Collection[str] = (),
        left_out: Sequence[SkippedFile] = (),
        no_label_sets: Mapping[str, str] | None = None,
    ) -> Source:
        """Returns the source of the named images.

        Args:
            names: The images, in this order.
            classes: By label set, the name or number of each image's class, or None. The classes
                of the label set are those that occur, sorted.
            also_read: Further files that the labels depend on.
            left_out: Pictures that the source does not have, and why. Files that are no pictures
                are left out too.
            no_label_sets: By column of a table that is no label set, the reason.
        """
        known = {
            label_set: sorted({value for value in values if value is not None})
            for label_set, values in classes.items()
        }
        numbers: dict[str, dict[str | int | None, int]] = {
            label_set: {value: number for number, value in enumerate(values)}
            for label_set, values in known.items()
        }

        def items() -> Iterator[Item]:
            for row, name in enumerate(names):
                labels = {key: numbers[key].get(values[row], -1) for key, values in classes.items()}
                yield Item(name, partial(self.open, name), labels)

        return Source(
            where=self.where,
            identity=self.identity([*names, *also_read]),
            count=len(names),
            items=items,
            class_names={label_set: tuple(map(str, values)) for label_set, values in known.items()},
            left_out=(*self._not_pictures({*also_read, *names}), *left_out),
            no_label_sets=dict(no_label_sets or {}),
        )

    def _not_pictures(self, also_read: Collection[str]) -> Iterator[SkippedFile]:
        for name in self.names:
            if name not in also_read and not is_picture_name(name):
                yield SkippedFile(name, why_not_read(name))
