"""Trained models by name, for the packages that the zoo is built on.

A recipe may build on a trained model, and a training may start from one. What opens them, the zoo,
is made of recipes and trainings itself, so it is not imported there: `import kerasgan` names it.
"""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kerasgan.models import AdversarialModel

_OPENERS: list[tuple[str, str]] = []


def set_opener(module: str, function: str) -> None:
    """Sets what opens models.

    Args:
        module: Where it is; imported when the first model is opened.
        function: Its name. It takes the arguments of `open_trained_model`.
    """
    _OPENERS[:] = [(module, function)]


def open_trained_model(
    name_or_folder: str | Path, *, precision: str = "float32", best: bool = False
) -> "AdversarialModel":
    """Opens a model as `kerasgan.zoo.open_model` does, whose arguments these are."""
    ((module, function),) = _OPENERS
    opener = getattr(importlib.import_module(module), function)
    return opener(name_or_folder, precision=precision, best=best)
