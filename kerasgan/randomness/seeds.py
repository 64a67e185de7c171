"""Seeds for those who give none."""

import numpy as np


def new_seed() -> int:
    """Returns an unpredictable seed."""
    return int(np.random.SeedSequence().generate_state(1)[0])
