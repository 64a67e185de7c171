"""A model from wherever it is."""

from pathlib import Path

from kerasgan.models import AdversarialModel
from kerasgan.training.load_run import load_run
from kerasgan.training.run_folder import RunFolder
from kerasgan.zoo.loader import load


def open_model(name_or_folder: str | Path, *, precision: str = "float32") -> AdversarialModel:
    """Loads a model of the zoo, of a zoo entry's folder, or of a run folder as it stands.

    Raises:
        UserError: There is no such model, or its files are damaged.
    """
    if RunFolder(name_or_folder).exists:
        return load_run(name_or_folder, precision=precision)
    return load(name_or_folder, precision=precision)
