"""Trained models by name, for the packages that the zoo is built on.

A recipe may build on a trained model, and a training may start from one. What opens them, the zoo,
is made of recipes and trainings itself. This is the one place where it is imported below.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kerasgan.models import AdversarialModel


def open_trained_model(
    name_or_folder: str | Path, *, precision: str = "float32", best: bool = False
) -> "AdversarialModel":
    """Opens a model as `kerasgan.zoo.open_model` does, whose arguments these are."""
    from kerasgan.zoo.loader import open_model

    return open_model(name_or_folder, precision=precision, best=best)
