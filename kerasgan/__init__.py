"""Art-making GANs in Keras, with a zoo of pretrained models.

>>> import kerasgan
>>> gan = kerasgan.zoo.load("pokemon_wgan")
>>> images = gan.generate(16, seed=0)

Subpackages are imported when they are first used, so that `import kerasgan` costs nothing.
"""

import importlib
from types import ModuleType

__version__ = "0.1.0"

_ROOMS = (
    "data",
    "drawing",
    "layers",
    "metrics",
    "models",
    "networks",
    "training",
    "wikiart",
    "zoo",
)

__all__ = ["__version__", *_ROOMS]


def __getattr__(name: str) -> ModuleType:
    if name in _ROOMS:
        return importlib.import_module(f"kerasgan.{name}")
    raise AttributeError(f"module 'kerasgan' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_ROOMS])
