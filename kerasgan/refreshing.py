"""How often progress bars are drawn anew."""

import sys


def refresh_interval() -> float:
    """Returns the seconds between two states of a bar on stderr.

    A file keeps every state, so there they are few. A terminal and a notebook keep only the last.
    """
    if sys.stderr.isatty():
        return 0.1
    # Each state is a message to the notebook, whose stderr is no terminal.
    return 1.0 if type(sys.stderr).__module__.startswith("ipykernel.") else 30.0
