"""Choosing the classes of a data set and their names."""

import collections
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kerasgan.data.sources.file_names import composed
from kerasgan.errors import UserError, did_you_mean
from kerasgan.one_or_more import one_or_more
from kerasgan.wikiart.clean_text import clean_text
from kerasgan.wikiart.preparer.painting import Painting, SkippedImage


@dataclass(frozen=True)
class ClassChoice:
    """The classes to keep of a label set.

    Attributes:
        what: The label set, `"genre"` or `"style"`.
        new_names: The name of each class in the data set, by its name in the source; in the order
            of the classes. None keeps all classes under their own names.
    """

    what: str
    new_names: dict[str, str] | None

    @classmethod
    def of(cls, what: str, requested: str | Sequence[str] | None) -> "ClassChoice":
        """Returns the choice that one or several of `name` and `name=new name` stand for.

        Raises:
            UserError: An entry is empty, repeats a class, or has a name of several lines.
        """
        if not requested:
            return cls(what, None)
        new_names, requested = {}, tuple(one_or_more(requested))
        for entry in requested:
            old, equals, new = (composed(part.strip()) for part in entry.partition("="))
            if not old or (equals and not new) or old in new_names or clean_text(new) != new:
                raise UserError(
                    f"each {what} must be named once, as name or old=new. "
                    f"Received: {','.join(requested)!r}"
                )
            new_names[old] = new or old
        return cls(what, new_names)

    def check(self, known: Iterable[str]) -> None:
        """Checks that the source has the requested classes.

        Raises:
            UserError: It lacks one of them.
        """
        known = set(known)
        for name in self.new_names or ():
            if name not in known:
                raise UserError(
                    f'no painting has the {self.what} "{name}"' + did_you_mean(name, known)
                )

    def apply(self, classes: Sequence[str]) -> tuple[str, ...]:
        """Returns the classes of a painting that are kept, in the order requested."""
        if self.new_names is None:
            return tuple(classes)
        return tuple(dict.fromkeys(new for old, new in self.new_names.items() if old in classes))

    def names(self, occurring: Iterable[str]) -> tuple[str, ...]:
        """Returns the classes that occur, in the order requested, or sorted if none were."""
        occurring = set(occurring)
        if self.new_names is None:
            return tuple(sorted(occurring))
        return tuple(dict.fromkeys(new for new in self.new_names.values() if new in occurring))


def chosen_paintings(
    paintings: Sequence[Painting], genres: ClassChoice, styles: ClassChoice
) -> tuple[list[Painting], list[SkippedImage]]:
    """Returns the paintings of the chosen classes, with no other class left, and the other files.

    Raises:
        UserError: No painting has one of the classes.
    """
    genres.check(name for painting in paintings for name in painting.genres)
    styles.check(name for painting in paintings for name in painting.styles)
    chosen, skipped = [], []
    for painting in paintings:
        kept = replace(
            painting, genres=genres.apply(painting.genres), styles=styles.apply(painting.styles)
        )
        if genres.new_names is not None and not kept.genres:
            skipped.append(SkippedImage(painting.file, "other genre", ", ".join(painting.genres)))
        elif styles.new_names is not None and not kept.styles:
            skipped.append(SkippedImage(painting.file, "other style", ", ".join(painting.styles)))
        else:
            chosen.append(kept)
    return chosen, skipped


def without_small_classes(
    paintings: Sequence[Painting], least: int
) -> tuple[list[Painting], list[SkippedImage]]:
    """Returns the paintings of classes that are large enough, and the other files.

    A class is large enough if it is the first genre or style of at least `least` paintings. A
    painting of a smaller class stays if it has another genre or style, and is skipped otherwise.
    The remaining paintings are counted again until every class is large enough.
    """
    kept, skipped = list(paintings), []
    while small := _small(kept, least):
        before, kept = kept, []
        for painting in before:
            genres = tuple(name for name in painting.genres if ("genre", name) not in small)
            styles = tuple(name for name in painting.styles if ("style", name) not in small)
            if painting.genres and not genres:
                skipped.append(
                    SkippedImage(painting.file, "small class", f"genre {painting.genres[0]}")
                )
            elif painting.styles and not styles:
                skipped.append(
                    SkippedImage(painting.file, "small class", f"style {painting.styles[0]}")
                )
            else:
                kept.append(replace(painting, genres=genres, styles=styles))
    return kept, skipped


def _small(paintings: Sequence[Painting], least: int) -> set[tuple[str, str]]:
    """Returns the label set and name of each class that too few paintings have as their first."""
    counts = collections.Counter()
    for painting in paintings:
        for what, names in (("genre", painting.genres), ("style", painting.styles)):
            for place, name in enumerate(names):
                # A class that is never the first must have a count too: 0.
                counts[what, name] += 1 if place == 0 else 0
    return {named for named, count in counts.items() if count < least}
