"""What the functions and classes that recipes name take."""

import inspect
from collections.abc import Callable


def parameters(build: Callable) -> dict[str, inspect.Parameter]:
    """Returns the parameters of a function, or of a class's constructor without `self`.

    The first releases of Python 3.11 describe a Keras class that has its constructor from a base by
    `__new__` of Keras's layers, which takes anything.
    """
    if not inspect.isclass(build):
        return dict(inspect.signature(build).parameters)
    return dict([*inspect.signature(build.__init__).parameters.items()][1:])
