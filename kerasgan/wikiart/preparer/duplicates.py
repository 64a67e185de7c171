"""Finding paintings that are there more than once, and keeping one of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from kerasgan.wikiart.preparer.painting import DecodedImage, Painting, SkippedImage

# The number of bits, of 64, in which the perceptual hashes of two reproductions of a painting may
# differ. Of the pairs among 32,245 paintings of WikiArt, looked at by eye, nearly all within 4
# bits show the same painting, and about half of those at 8 bits.
_MOST_DIFFERENT_BITS = 4
_SIDE, _KEPT = 32, 8
# The lowest frequencies of the type-II discrete cosine transform: (8, 32).
_COSINES = 2.0 * np.cos(np.pi / _SIDE * np.outer(np.arange(_KEPT), np.arange(_SIDE) + 0.5))


def perceptual_hash(picture: Image.Image) -> int:
    """Returns 64 bits that tell which low frequencies of a picture are strong.

    They stay nearly the same when the picture is scaled, compressed or brightened. The picture is
    made grey and scaled to 32x32. Of its two-dimensional discrete cosine transform, the 8x8 lowest
    frequencies each give a bit: whether the coefficient is above their median. The bits, row by row
    with the highest bit first, are those of `imagehash.phash` of the ImageHash library. The method
    is described in https://www.hackerfactor.com/blog/index.php?/archives/432-Looks-Like-It.html.
    """
    grey = picture.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    coefficients = _COSINES @ np.asarray(grey, np.float64) @ _COSINES.T
    # Coefficients that are 0 in exact arithmetic must not differ from each other by rounding, which
    # would decide the bits of a plain picture.
    coefficients = np.round(coefficients.ravel(), 6)
    lower, upper = np.sort(coefficients)[[_KEPT**2 // 2 - 1, _KEPT**2 // 2]]
    bits = np.packbits(coefficients > (lower + upper) / 2)
    return int.from_bytes(bits.tobytes())


@dataclass(frozen=True)
class Alike:
    """Which paintings are alike.

    Attributes:
        groups: The number of each painting's group. Those of a group are all alike.
        near: By the number of a group, the other groups whose paintings are alike to its own.
    """

    groups: Sequence[int]
    near: Mapping[int, Sequence[int]]

    @classmethod
    def by_hash(cls, hashes: np.ndarray) -> "Alike":
        """Returns which paintings have nearly the same perceptual hash.

        Args:
            hashes: uint64 `(n,)`, each a `perceptual_hash`.
        """
        distinct, groups = np.unique(hashes, return_inverse=True)
        near: dict[int, list[int]] = {}
        for first, second in near_pairs(distinct):
            near.setdefault(first, []).append(second)
            near.setdefault(second, []).append(first)
        return cls(groups.tolist(), near)

    @classmethod
    def by_file(cls, images: Sequence[DecodedImage]) -> "Alike":
        """Returns which paintings have files of the same bytes."""
        numbers: dict[str, int] = {}
        return cls([numbers.setdefault(image.sha256, len(numbers)) for image in images], {})

    def connections(self) -> Iterator[tuple[int, int]]:
        """Yields pairs of paintings that are alike, which lead from each to all that are like it.

        Those are not all pairs, whose number may be the square of that of the paintings.
        """
        first_of: dict[int, int] = {}
        for number, group in enumerate(self.groups):
            first = first_of.setdefault(group, number)
            if first != number:
                yield first, number
        for group, others in self.near.items():
            yield from ((first_of[group], first_of[other]) for other in others if group < other)


def near_pairs(hashes: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yields the pairs (i, j), i < j, of perceptual hashes that are nearly the same.

    Every pair is compared, which takes seconds for 100,000 hashes.

    Args:
        hashes: uint64 `(n,)`, each a `perceptual_hash`.
    """
    for first, value in enumerate(hashes):
        near = np.bitwise_count(hashes[first + 1 :] ^ value) <= _MOST_DIFFERENT_BITS
        for second in np.flatnonzero(near):
            yield first, first + 1 + int(second)


def without_duplicates(
    paintings: Sequence[Painting], images: Sequence[DecodedImage], alike: Alike
) -> tuple[dict[int, Painting], list[SkippedImage]]:
    """Returns the paintings that are kept, by their numbers, and the files that are left out.

    Of paintings that are alike, the one with the most pixels is kept, and among equals the one
    whose id sorts first. The genres and styles of the others are added after its own. A painting
    is left out only in favour of one that is kept: if A is like B and B is like C, but A is not
    like C, then A and C may both stay.

    Args:
        paintings: The paintings.
        images: The decoded image of each.
        alike: Which of them are alike.
    """

    def preference(number: int) -> tuple[int, str]:
        return -images[number].width * images[number].height, paintings[number].id

    kept, skipped = {}, []
    # All of a group are alike, so at most one of them is kept.
    kept_of: dict[int, int] = {}
    for number in sorted(range(len(paintings)), key=preference):
        painting, group = paintings[number], alike.groups[number]
        copies = [kept_of[g] for g in (group, *alike.near.get(group, ())) if g in kept_of]
        if not copies:
            kept[number] = painting
            kept_of[group] = number
            continue
        best = min(copies, key=preference)
        same_file = images[best].sha256 == images[number].sha256
        cause = "duplicate" if same_file else "near-duplicate"
        skipped.append(SkippedImage(painting.file, cause, f"of {kept[best].id}"))
        kept[best] = replace(
            kept[best],
            genres=tuple(dict.fromkeys(kept[best].genres + painting.genres)),
            styles=tuple(dict.fromkeys(kept[best].styles + painting.styles)),
        )
    return kept, skipped
