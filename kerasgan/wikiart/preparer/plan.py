"""Which decoded paintings become which examples."""

import collections
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasgan.errors import UserError
from kerasgan.wikiart.preparer.class_choice import ClassChoice, without_small_classes
from kerasgan.wikiart.preparer.dedupe import same_files, without_duplicates
from kerasgan.wikiart.preparer.near_duplicates import near_pairs
from kerasgan.wikiart.preparer.paintings import Painting, Skip
from kerasgan.wikiart.preparer.parts import Part
from kerasgan.wikiart.preparer.split import is_for_testing

DEDUPE = ("none", "exact", "perceptual")

# Lower ends, in pixels, of the classes of the longer sides of the source's images.
_SIZES = (0, 64, 128, 256, 512, 1024, 2048, 4096)


@dataclass(frozen=True)
class Plan:
    """What will be written.

    Attributes:
        class_names: The names of the classes of `genre`, `style` and `artist`.
        splits: By the name of each split that has examples, for each part that has some, the part
            and the offset, length and other features of each example.
        counts: By the name of each split, the number of its examples.
        skipped: The paintings that were decoded but are not written, and those that could not be.
        longer_sides: See `Preparation`.
    """

    class_names: dict[str, tuple[str, ...]]
    splits: dict[str, list[tuple[Part, list[tuple[int, int, dict[str, Any]]]]]]
    counts: dict[str, int]
    skipped: list[Skip]
    longer_sides: dict[int, int]


def plan_dataset(
    paintings: Sequence[Painting],
    parts: Sequence[Part],
    *,
    genres: ClassChoice,
    styles: ClassChoice,
    min_per_class: int,
    test_fraction: float,
    dedupe: str,
) -> Plan:
    """Decides what is written, from what was seen of the paintings.

    Args:
        paintings: The paintings of all parts, in their order.
        parts: The parts, prepared.
        genres: The genres to keep.
        styles: The styles to keep.
        min_per_class: Smaller classes are left out.
        test_fraction: The expected part of the paintings that is for testing.
        dedupe: `"none"`, `"exact"` or `"perceptual"`.

    Raises:
        UserError: No painting is left, or a split would be empty.
    """
    paintings = list(paintings)
    places = [(part, look) for part in parts for look in part.looks()]
    skipped = [
        Skip(painting.file, "unreadable image", look.failure)
        for painting, (_, look) in zip(paintings, places, strict=True)
        if look.failure
    ]
    readable = [row for row, (_, look) in enumerate(places) if not look.failure]
    looks = [places[row][1] for row in readable]
    hashes = np.array([look.perceptual_hash for look in looks], np.uint64)
    alike = list(near_pairs(hashes))
    testing = is_for_testing([paintings[row].identity for row in readable], alike, test_fraction)

    if dedupe != "none":
        pairs = alike if dedupe == "perceptual" else same_files(looks)
        kept, copies = without_duplicates([paintings[row] for row in readable], looks, pairs)
        skipped += copies
        for number, painting in kept.items():
            paintings[readable[number]] = painting
    else:
        kept = range(len(readable))
    row_of = {paintings[readable[number]].id: readable[number] for number in kept}
    for_testing = {paintings[row].id for row, test in zip(readable, testing, strict=True) if test}
    chosen, small = without_small_classes(
        [paintings[row] for row in sorted(row_of.values())], min_per_class
    )
    skipped += small

    splits = {"train": collections.defaultdict(list), "test": collections.defaultdict(list)}
    sizes = collections.Counter({least: 0 for least in _SIZES})
    for painting in chosen:
        part, look = places[row_of[painting.id]]
        split = splits["test" if painting.id in for_testing else "train"]
        split[part].append((look.offset, look.length, _features(painting)))
        longer = max(look.width, look.height)
        sizes[max(least for least in _SIZES if least <= longer)] += 1
    counts = {name: sum(map(len, examples.values())) for name, examples in splits.items()}
    _check(counts, skipped, test_fraction)
    return Plan(
        class_names={
            "genre": genres.names(name for painting in chosen for name in painting.genres),
            "style": styles.names(name for painting in chosen for name in painting.styles),
            "artist": tuple(sorted({painting.artist for painting in chosen} - {""})),
        },
        splits={name: list(examples.items()) for name, examples in splits.items() if examples},
        counts=counts,
        skipped=skipped,
        longer_sides=dict(sizes),
    )


def _features(painting: Painting) -> dict[str, Any]:
    """Returns an example without its image."""
    return {
        "genre": painting.genres[0] if painting.genres else -1,
        "style": painting.styles[0] if painting.styles else -1,
        "artist": painting.artist or -1,
        "title": painting.title,
        "year": painting.year,
        "id": painting.id,
        "genres": list(painting.genres),
        "styles": list(painting.styles),
    }


def _check(counts: dict[str, int], skipped: Sequence[Skip], test_fraction: float) -> None:
    if not any(counts.values()):
        causes = collections.Counter(skip.cause for skip in skipped)
        listed = ", ".join(f"{count} {cause}" for cause, count in causes.most_common())
        raise UserError(
            f"no painting is left ({listed}; the first is {skipped[0].path}"
            + (f", {skipped[0].detail}" if skipped[0].detail else "")
            + "): give other paintings, or ask for less by the options"
        )
    if not counts["train"] or (test_fraction and not counts["test"]):
        split = "test" if counts["train"] else "training"
        raise UserError(
            f"{sum(counts.values())} paintings are too few for a {split} split: give more, or "
            f"another --test-fraction (0 for no test split). Received: {test_fraction}"
        )
