"""Art-making GANs in Keras, with a zoo of pretrained models.

>>> import kerasgan
>>> gan = kerasgan.zoo.load("pokemon_wgan")
>>> images = gan.generate(16, seed=0)

Subpackages are imported when they are first used, so that `import kerasgan` costs nothing.
"""

from typing import TYPE_CHECKING

from kerasgan.version import __version__

__all__ = [
    "__version__",
    "callbacks",
    "data",
    "drawing",
    "explore",
    "export",
    "layers",
    "metrics",
    "models",
    "networks",
    "recipes",
    "training",
    "wikiart",
    "zoo",
]

if TYPE_CHECKING:
    from kerasgan import (
        callbacks,
        data,
        drawing,
        export,
        layers,
        metrics,
        models,
        networks,
        recipes,
        training,
        wikiart,
        zoo,
    )
    from kerasgan.zoo.exploration import explore
else:
    from kerasgan.lazy_members import lazy_members

    __getattr__, __dir__ = lazy_members(
        __name__,
        {name: "" for name in __all__ if name != "__version__"}
        | {"explore": "zoo.exploration:explore"},
    )
