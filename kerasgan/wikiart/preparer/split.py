"""Which paintings are for testing."""

import hashlib
from collections.abc import Iterable, Sequence

from kerasgan.wikiart.preparer.near_duplicates import Groups


def is_for_testing(
    identities: Sequence[str], alike: Iterable[tuple[int, int]], fraction: float
) -> list[bool]:
    """Returns for each painting whether it is in the test split.

    A hash of a painting's identity, uniform in [0, 1), decides: below the fraction it is for
    testing. Paintings of the same identity and those that look alike stay together, and are for
    testing only if each of them would be. So a painting keeps its split when others are added,
    but for one case: a test painting that turns out to look like a training painting goes to the
    training split, never the other way round.

    Args:
        identities: The paintings' identities.
        alike: Pairs of paintings, by their numbers, that look alike.
        fraction: The expected part that is for testing, in [0, 1).
    """
    groups = Groups(len(identities))
    for first, second in alike:
        groups.join(first, second)
    first_of = {}
    for number, identity in enumerate(identities):
        groups.join(number, first_of.setdefault(identity, number))
    largest = {}
    for number, identity in enumerate(identities):
        group = groups.find(number)
        largest[group] = max(largest.get(group, 0.0), _uniform(identity))
    return [largest[groups.find(number)] < fraction for number in range(len(identities))]


def _uniform(identity: str) -> float:
    digest = hashlib.blake2b(identity.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") / 2.0**64
