"""When a training draws its grids of samples."""

import itertools
from collections.abc import Iterator

# Most is seen in the first pictures, and people look for the first one within a minute.
EARLY_SAMPLES = (0, 10, 50, 100)


def sample_iterations(last: int, every: int) -> Iterator[int]:
    """Yields the iterations that have a grid of samples, in order.

    >>> list(sample_iterations(1200, 500))
    [0, 10, 50, 100, 500, 1000, 1200]

    Args:
        last: Number of the last iteration, which has a grid.
        every: Iterations between grids, besides the early ones.
    """
    beginning = EARLY_SAMPLES[-1] + 1
    for iteration in range(min(beginning, last)):
        if iteration in EARLY_SAMPLES or (iteration and iteration % every == 0):
            yield iteration
    yield from range(-(-beginning // every) * every, last, every)
    yield last


def sample_count(last: int, every: int) -> int:
    """Returns how many grids of samples a training draws, however long it is.

    >>> sample_count(1200, 500)
    7

    Args:
        last: As in `sample_iterations`.
        every: As in `sample_iterations`.
    """
    early = sum(iteration < last and iteration % every != 0 for iteration in EARLY_SAMPLES)
    return early + len(range(0, last, every)) + 1


def samples_due(done: int, last: int, every: int) -> str:
    """Names the next iterations that have a grid of samples, and the last one.

    >>> samples_due(0, 60, 500)
    'at iterations 0, 10, 50 and 60'
    >>> samples_due(0, 6000, 500)
    'first at iterations 0, 10, 50, 100, last at 6000'
    >>> samples_due(100, 6000, 500)
    'first at iterations 500, 1000, 1500, 2000, last at 6000'

    Args:
        done: Iterations that are done.
        last: As in `sample_iterations`.
        every: As in `sample_iterations`.

    Returns:
        The words, or none if the training is done.
    """
    if done >= last:
        return ""
    count = len(EARLY_SAMPLES)
    due = (each for each in sample_iterations(last, every) if done < each or each == done == 0)
    coming = list(itertools.islice(due, count + 1))
    if coming[-1] != last:
        return f"first at iterations {', '.join(map(str, coming[:count]))}, last at {last}"
    *coming, _ = coming
    if not coming:
        return f"at iteration {last}"
    return f"at iterations {', '.join(map(str, coming))} and {last}"
