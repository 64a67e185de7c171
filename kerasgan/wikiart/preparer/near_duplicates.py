"""Reproductions of the same painting."""

from collections.abc import Iterator

import numpy as np

# Bits of 64 in which the perceptual hashes of two reproductions of a painting may differ. Of the
# pairs in 32,245 paintings of WikiArt, looked at by eye, nearly all within 4 bits show the same
# painting, and about half of those at 8 bits.
_NEAR = 4


def near_pairs(hashes: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yields the pairs (i, j), i < j, of perceptual hashes that are nearly the same.

    Every pair is compared, which takes seconds for 100,000 of them.

    Args:
        hashes: uint64 `(n,)`; those of `imagehash.phash`.
    """
    for first, value in enumerate(hashes):
        near = np.bitwise_count(hashes[first + 1 :] ^ value) <= _NEAR
        for second in np.flatnonzero(near):
            yield first, first + 1 + int(second)


class Groups:
    """Disjoint groups of the numbers 0 to n - 1, at first each alone."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def find(self, member: int) -> int:
        """Returns a number that stands for the member's group."""
        parents = self._parents
        while parents[member] != member:
            parents[member] = parents[parents[member]]
            member = parents[member]
        return member

    def join(self, first: int, second: int) -> None:
        """Makes the groups of two members one."""
        self._parents[self.find(first)] = self.find(second)
