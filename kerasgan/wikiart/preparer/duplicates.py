"""One of each painting."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kerasgan.wikiart.preparer.paintings import Painting, Skip
from kerasgan.wikiart.preparer.parts import Look


def without_duplicates(
    paintings: Sequence[Painting], looks: Sequence[Look], alike: Iterable[tuple[int, int]]
) -> tuple[dict[int, Painting], list[Skip]]:
    """Returns the paintings that are kept, by their numbers, and those that are not.

    Of paintings that are alike the one with the most pixels is kept, and of these the one whose
    id sorts first. It gets the genres and styles of the others, after its own. A painting is left
    out only for one that is kept: where a first is like a second and that like a third, but the
    third not like the first, both of these may stay.

    Args:
        paintings: The paintings.
        looks: What was seen of each.
        alike: Pairs of them, by their numbers, that are alike.
    """
    neighbours = {}
    for first, second in alike:
        neighbours.setdefault(first, []).append(second)
        neighbours.setdefault(second, []).append(first)

    def preference(number: int) -> tuple[int, str]:
        return -looks[number].width * looks[number].height, paintings[number].id

    kept, skipped = {}, []
    for number in sorted(range(len(paintings)), key=preference):
        painting = paintings[number]
        copies = [other for other in neighbours.get(number, ()) if other in kept]
        if not copies:
            kept[number] = painting
            continue
        best = min(copies, key=preference)
        same_file = looks[best].sha256 == looks[number].sha256
        cause = "duplicate" if same_file else "near-duplicate"
        skipped.append(Skip(painting.file, cause, f"of {kept[best].id}"))
        kept[best] = replace(
            kept[best],
            genres=tuple(dict.fromkeys(kept[best].genres + painting.genres)),
            styles=tuple(dict.fromkeys(kept[best].styles + painting.styles)),
        )
    return kept, skipped


def same_files(looks: Sequence[Look]) -> list[tuple[int, int]]:
    """Returns the pairs of paintings whose files have the same bytes."""
    members = {}
    for number, look in enumerate(looks):
        members.setdefault(look.sha256, []).append(number)
    return [
        (first, second)
        for group in members.values()
        for place, first in enumerate(group)
        for second in group[place + 1 :]
    ]
