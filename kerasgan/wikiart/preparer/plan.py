"""Deciding which decoded paintings become which examples of which split."""

import collections
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasgan.errors import UserError
from kerasgan.wikiart.preparer.class_choice import ClassChoice, without_small_classes
from kerasgan.wikiart.preparer.duplicates import Alike, without_duplicates
from kerasgan.wikiart.preparer.painting import Painting, SkippedImage
from kerasgan.wikiart.preparer.parts import Part

DEDUPE = ("none", "exact", "perceptual")

# Lower ends, in pixels, of the ranges in which the longer sides of the source's images are counted.
_SIZES = (0, 64, 128, 256, 512, 1024, 2048, 4096)


@dataclass(frozen=True)
class Plan:
    """The data set that will be written.

    Attributes:
        class_names: The names of the classes of `genre`, `style` and `artist`.
        splits: For each split that has examples, by its name: each part that has some of them,
            with the offset, length and other features of each example.
        counts: The number of examples of each split, by its name.
        skipped: The images that could not be decoded, and those that will not be written.
        longer_sides: See `Preparation`.
    """

    class_names: dict[str, tuple[str, ...]]
    splits: dict[str, list[tuple[Part, list[tuple[int, int, dict[str, Any]]]]]]
    counts: dict[str, int]
    skipped: list[SkippedImage]
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
    """Decides what is written, now that the paintings are decoded.

    Args:
        paintings: The paintings of all parts, in their order.
        parts: The parts, prepared.
        genres: The genres to keep.
        styles: The styles to keep.
        min_per_class: Smaller classes are left out.
        test_fraction: The expected fraction of the paintings that is for testing.
        dedupe: `"none"`, `"exact"` or `"perceptual"`.

    Raises:
        UserError: No painting is left, or a split would be empty.
    """
    paintings = list(paintings)
    places = [(part, image) for part in parts for image in part.decoded_images()]
    skipped = [
        SkippedImage(painting.file, "unreadable image", image.failure)
        for painting, (_, image) in zip(paintings, places, strict=True)
        if image.failure
    ]
    readable = [row for row, (_, image) in enumerate(places) if not image.failure]
    images = [places[row][1] for row in readable]
    alike = Alike.by_hash(np.array([image.perceptual_hash for image in images], np.uint64))
    identities = [paintings[row].identity for row in readable]
    testing = is_for_testing(identities, alike.connections(), test_fraction)

    if dedupe != "none":
        if dedupe == "exact":
            alike = Alike.by_file(images)
        kept, copies = without_duplicates([paintings[row] for row in readable], images, alike)
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
        part, image = places[row_of[painting.id]]
        split = splits["test" if painting.id in for_testing else "train"]
        split[part].append((image.offset, image.length, _features(painting)))
        longer = max(image.width, image.height)
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


def is_for_testing(
    identities: Sequence[str], alike: Iterable[tuple[int, int]], fraction: float
) -> list[bool]:
    """Returns for each painting whether it belongs to the test split.

    A hash of the painting's identity, uniform in [0, 1), decides: the painting is for testing if
    the hash is below the fraction. Paintings that have the same identity or look alike stay
    together, and are for testing only if each of them would be. So when only
    paintings are added and the options stay the same, each keeps its split, but for test paintings
    that turn out to look like a training painting: these move to the training split. None moves the
    other way then. If paintings are taken away, or prepared in another size, which shows others to
    be alike, some may.

    Args:
        identities: The paintings' identities.
        alike: Pairs of paintings, by their numbers, that look alike. Paintings that are connected
            by several of them count as alike.
        fraction: The expected fraction that is for testing, in [0, 1).
    """
    # Disjoint sets: each painting leads to another of its group, one of each group to itself.
    parents = list(range(len(identities)))

    def group(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    first_of = {}
    same = [(number, first_of.setdefault(name, number)) for number, name in enumerate(identities)]
    for first, second in (*alike, *same):
        parents[group(first)] = group(second)
    largest = {}
    for number, identity in enumerate(identities):
        largest[group(number)] = max(largest.get(group(number), 0.0), _uniform(identity))
    return [largest[group(number)] < fraction for number in range(len(identities))]


def _uniform(identity: str) -> float:
    digest = hashlib.blake2b(identity.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") / 2.0**64


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


def _check(counts: dict[str, int], skipped: Sequence[SkippedImage], test_fraction: float) -> None:
    if not any(counts.values()):
        causes = collections.Counter(skip.cause for skip in skipped)
        listed = ", ".join(f"{count} {cause}" for cause, count in causes.most_common())
        raise UserError(
            f"no painting is left ({listed}; the first is {skipped[0].path}"
            + (f", {skipped[0].detail}" if skipped[0].detail else "")
            + "): give other paintings, or options that leave out fewer"
        )
    if not counts["train"] or (test_fraction and not counts["test"]):
        split = "test" if counts["train"] else "training"
        raise UserError(
            f"{sum(counts.values())} paintings are too few for a {split} split: give more, or "
            f"another test_fraction (0 for no test split). Received: {test_fraction}"
        )
