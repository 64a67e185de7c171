"""Numbers that may be something else."""

import math
import numbers
from typing import Any


def number_or_nan(value: Any) -> float:
    """Returns a real number as a float, and anything else as NaN, which no comparison passes.

    >>> number_or_nan("3")
    nan
    """
    return float(value) if isinstance(value, numbers.Real) else math.nan
