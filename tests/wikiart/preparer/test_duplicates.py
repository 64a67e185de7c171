import itertools

import numpy as np
import pytest
from PIL import Image

from kerasgan.wikiart.preparer.duplicates import (
    Alike,
    near_pairs,
    perceptual_hash,
    without_duplicates,
)
from kerasgan.wikiart.preparer.painting import DecodedImage, Painting
from tests.wikiart.sources import painting


def test_pairs_are_those_whose_hashes_differ_in_at_most_four_bits():
    rng = np.random.default_rng(0)
    base = rng.integers(0, 2**63, 30, np.uint64)
    flips = [sum(1 << int(bit) for bit in rng.permutation(64)[:n]) for n in range(8)]
    hashes = np.concatenate([base, base[:8] ^ np.array(flips, np.uint64)])
    expected = [
        (i, j)
        for i, j in itertools.combinations(range(len(hashes)), 2)
        if f"{int(hashes[i]) ^ int(hashes[j]):b}".count("1") <= 4
    ]
    assert list(near_pairs(hashes)) == expected
    assert len(expected) == 5


def test_other_sizes_and_brightness_are_near_and_other_paintings_are_not():
    pictures = [painting(1, (64, 64)), painting(1, (90, 70)), painting(2, (64, 64))]
    pictures[1] = pictures[1].point(lambda value: 20 + value * 0.8).resize((64, 64))
    hashes = np.array([perceptual_hash(picture) for picture in pictures], np.uint64)
    assert list(near_pairs(hashes)) == [(0, 1)]


def paintings_of(sizes):
    """Paintings, and decoded images of these widths, each a file of its own."""
    images = [
        DecodedImage(width=width, height=10, sha256=str(number))
        for number, width in enumerate(sizes)
    ]
    named = [
        Painting(f"{number:03d}", f"{number}.jpg", "", "", "", -1, (f"genre {number % 60}",), ())
        for number in range(len(sizes))
    ]
    return named, images


def test_what_is_kept_is_what_comparing_every_two_paintings_keeps():
    rng = np.random.default_rng(0)
    base = rng.integers(0, 2**63, 6, np.uint64)
    flips = np.array([0, 0, 0, 7, 7 << 20, 15 << 40], np.uint64)
    hashes = rng.choice(base, 60) ^ rng.choice(flips, 60)
    paintings, images = paintings_of(rng.integers(1, 5, 60).tolist())
    best_first = sorted(range(60), key=lambda number: (-images[number].width, number))
    kept, copies = [], {}
    for number in best_first:
        bits = [int(hashes[other] ^ hashes[number]).bit_count() for other in kept]
        near = [other for other, count in zip(kept, bits, strict=True) if count <= 4]
        if near:
            copies.setdefault(near[0], []).append(number)
        else:
            kept.append(number)
    found, skipped = without_duplicates(paintings, images, Alike.by_hash(hashes))
    assert [*found] == kept
    assert len(kept) + len(skipped) == 60
    assert 6 < len(kept) < 40
    for number, merged in found.items():
        assert [*merged.genres] == [f"genre {n}" for n in (number, *copies.get(number, ()))]


def test_thousands_of_equal_pictures_have_one_connection_each():
    alike = Alike.by_hash(np.array([5] * 4000 + [5 ^ 3] * 4000 + [2**60 - 1], np.uint64))
    pairs = [*alike.connections()]
    assert len(pairs) == 2 * 3999 + 1
    paintings, images = paintings_of([1] * 8001)
    kept, skipped = without_duplicates(paintings, images, alike)
    assert [*kept] == [0, 8000]
    assert len(skipped) == 7999


def plain(level):
    return Image.new("RGB", (64, 64), (level,) * 3)


def chess():
    return Image.fromarray((np.indices((64, 64)).sum(0) // 8 % 2 * 255).astype(np.uint8))


def ramp():
    return Image.fromarray(np.tile(np.linspace(0, 255, 64).astype(np.uint8), (64, 1)))


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (painting(1, (64, 64)), 0xB8C2EC7AD89229F1),
        (painting(2, (64, 64)), 0xC827A7D4C8A87A9E),
        (painting(3, (90, 70)), 0xF45A69B4E6D11394),
        (painting(4, (33, 128)), 0xE5F01C92B141ED57),
        (painting(5, (16, 16)), 0xE471D5C1D5E3909A),
        (painting(6, (512, 300)), 0xDA8E709D69A6514D),
        (painting(1, (64, 64)).convert("L"), 0xB8C2EC7AD89229F1),
        (plain(0), 0),
        (plain(7), 0x8000000000000000),
        (plain(255), 0x8000000000000000),
        (ramp(), 0x8000000000000000),
        (chess(), 0xFF0AD58AD582DF00),
    ],
)
def test_bits_are_those_of_imagehash(picture, expected):
    # Recorded from `imagehash.phash` of ImageHash 4.3.2.
    assert f"{perceptual_hash(picture):016x}" == f"{expected:016x}"


def test_bits_are_those_of_scipys_cosine_transform():
    fft = pytest.importorskip("scipy.fft")
    for seed in range(200):
        picture = painting(seed, (64, 64))
        grey = picture.convert("L").resize((32, 32), Image.Resampling.LANCZOS)
        low = fft.dctn(np.asarray(grey, np.float64))[:8, :8]
        bits = "".join(str(int(bit)) for bit in (low > np.median(low)).ravel())
        assert perceptual_hash(picture) == int(bits, 2)
