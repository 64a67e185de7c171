"""A contestant's side of the benchmark: iterations timed on request."""

import json
import os
import resource
import sys
import time
from itertools import pairwise


class Stopwatch:
    """Times a training that calls `lap` at the end of each of its iterations.

    A request is a line on stdin, the number of iterations wanted. The iteration before them is
    not counted: it refills the caches and the prefetched batches that waiting has changed. The
    answer is a line of JSON on stdout. Between requests the training waits inside `lap`.

    Args:
        warm_up: Iterations before the first answer, which says that the contestant is ready.
        **about: What that answer tells, such as versions.
    """

    def __init__(self, *, warm_up: int = 3, **about) -> None:
        self._iterations, self._about, self._ends, self._waits = warm_up, about, [], []
        # The answers keep stdout to themselves: anything else that prints there goes to stderr.
        self._answers = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)

    def lap(self, input_wait: float | None = None) -> None:
        """Ends an iteration; answers and waits if it is the last one wanted.

        Args:
            input_wait: Seconds of the iteration that went in waiting for input, if measured.
        """
        self._ends.append(time.perf_counter())
        self._waits.append(input_wait)
        if len(self._ends) <= self._iterations:
            return
        answer = {
            **self._about,
            "seconds": [end - start for start, end in pairwise(self._ends)],
            "input_wait": None if input_wait is None else self._waits[1:],
            "peak_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
        print(json.dumps(answer), file=self._answers, flush=True)
        request = sys.stdin.readline()
        if not request:
            sys.exit()
        self._iterations, self._ends, self._waits = int(request), [], []
