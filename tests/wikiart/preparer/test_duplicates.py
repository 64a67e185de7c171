import itertools

import numpy as np

from kerasgan.wikiart.preparer.duplicates import near_pairs
from kerasgan.wikiart.preparer.perceptual_hash import perceptual_hash
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
