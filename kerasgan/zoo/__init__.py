"""The zoo of pretrained models.

>>> from kerasgan import zoo
>>> "pokemon_wgan" in zoo.list()
True
>>> gan = zoo.load("pokemon_wgan")
>>> images = gan.generate(16, seed=0)

Functions are imported when they are first used: listing and describing need no TensorFlow.
"""

import importlib
from collections.abc import Callable

_FUNCTIONS = {
    "describe": "description",
    "export": "exporter",
    "find": "entries",
    "list": "entries",
    "load": "loader",
    "open_model": "opener",
    "verify": "checksums",
}

__all__ = sorted(_FUNCTIONS)


def __getattr__(name: str) -> Callable:
    if name not in _FUNCTIONS:
        raise AttributeError(f"module 'kerasgan.zoo' has no attribute {name!r}")
    module = importlib.import_module(f"kerasgan.zoo.{_FUNCTIONS[name]}")
    return getattr(module, "names" if name == "list" else name)


def __dir__() -> list[str]:
    return __all__
