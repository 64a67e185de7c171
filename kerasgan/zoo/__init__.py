"""The zoo of pretrained models.

>>> from kerasgan import zoo
>>> "pokemon_wgan" in zoo.list()
True
>>> gan = zoo.load("pokemon_wgan")
>>> images = gan.generate(16, seed=0)

Members are imported when they are first used: listing and describing need no TensorFlow.
"""

from typing import TYPE_CHECKING

__all__ = [
    "describe",
    "evaluate",
    "export",
    "find",
    "list",
    "load",
    "open_for_drawing",
    "open_model",
    "push",
    "stage_name",
    "verify",
]

if TYPE_CHECKING:
    from kerasgan.zoo.engine import open_for_drawing
    from kerasgan.zoo.entries import describe, find, stage_name, verify
    from kerasgan.zoo.entries import names as list
    from kerasgan.zoo.evaluator import evaluate
    from kerasgan.zoo.exporter import export
    from kerasgan.zoo.loader import load, open_model
    from kerasgan.zoo.pusher import push
else:
    from kerasgan.lazy_members import lazy_members

    __getattr__, __dir__ = lazy_members(
        __name__,
        {
            "describe": "entries",
            "evaluate": "evaluator",
            "export": "exporter",
            "find": "entries",
            "list": "entries:names",
            "load": "loader",
            "open_for_drawing": "engine",
            "open_model": "loader",
            "push": "pusher",
            "stage_name": "entries",
            "verify": "entries",
        },
    )
