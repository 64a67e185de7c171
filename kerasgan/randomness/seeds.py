"""Seeds for those who give none."""

import numpy as np

# Draws depend on a seed's last 31 bits alone.
_BITS = (1 << 31) - 1


def new_seed() -> int:
    """Returns an unpredictable seed, from 0 to 2**31 - 1."""
    return canonical_seed(int(np.random.SeedSequence().generate_state(1)[0]))


def canonical_seed(seed: int) -> int:
    """Returns the seed from 0 to 2**31 - 1 that draws the same numbers.

    >>> canonical_seed(2**31 + 7)
    7
    """
    return int(seed) & _BITS
