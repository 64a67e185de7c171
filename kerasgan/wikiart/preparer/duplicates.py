"""Finding paintings that are there more than once, and keeping one of each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from PIL import Image

from kerasgan.wikiart.preparer.painting import DecodedImage, Painting, SkippedFile

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


def same_files(images: Sequence[DecodedImage]) -> list[tuple[int, int]]:
    """Returns the pairs of paintings whose files have the same bytes."""
    members = {}
    for number, image in enumerate(images):
        members.setdefault(image.sha256, []).append(number)
    return [
        (first, second)
        for group in members.values()
        for place, first in enumerate(group)
        for second in group[place + 1 :]
    ]


def without_duplicates(
    paintings: Sequence[Painting],
    images: Sequence[DecodedImage],
    alike: Iterable[tuple[int, int]],
) -> tuple[dict[int, Painting], list[SkippedFile]]:
    """Returns the paintings that are kept, by their numbers, and the files that are left out.

    Of paintings that are alike, the one with the most pixels is kept, and among equals the one
    whose id sorts first. The genres and styles of the others are added after its own. A painting
    is left out only in favour of one that is kept: if A is like B and B is like C, but A is not
    like C, then A and C may both stay.

    Args:
        paintings: The paintings.
        images: The decoded image of each.
        alike: The pairs of paintings, by their numbers, that are alike.
    """
    neighbours = {}
    for first, second in alike:
        neighbours.setdefault(first, []).append(second)
        neighbours.setdefault(second, []).append(first)

    def preference(number: int) -> tuple[int, str]:
        return -images[number].width * images[number].height, paintings[number].id

    kept, skipped = {}, []
    for number in sorted(range(len(paintings)), key=preference):
        painting = paintings[number]
        copies = [other for other in neighbours.get(number, ()) if other in kept]
        if not copies:
            kept[number] = painting
            continue
        best = min(copies, key=preference)
        same_file = images[best].sha256 == images[number].sha256
        cause = "duplicate" if same_file else "near-duplicate"
        skipped.append(SkippedFile(painting.file, cause, f"of {kept[best].id}"))
        kept[best] = replace(
            kept[best],
            genres=tuple(dict.fromkeys(kept[best].genres + painting.genres)),
            styles=tuple(dict.fromkeys(kept[best].styles + painting.styles)),
        )
    return kept, skipped
