"""The LiteRT files of the tiny models, as fixtures that several folders of tests share."""

import pytest

from kerasgan.drawing.litert.model import LiteRTModel
from kerasgan.export import export_litert
from kerasgan.zoo.checksums import write_checksums


@pytest.fixture(scope="session")
def litert_files(plain, conditional, cppn, autoencoder, tmp_path_factory):
    """The folders of exported tiny models, by their names; tests that damage one copy it first."""
    models = {"plain": plain, "conditional": conditional, "cppn": cppn, "autoencoder": autoencoder}
    place = tmp_path_factory.mktemp("litert")
    return {
        name: export_litert(model, place / name / "litert", name=name)
        for name, model in models.items()
    }


@pytest.fixture(scope="session")
def litert(litert_files):
    """The same as models."""
    return {name: LiteRTModel(folder) for name, folder in litert_files.items()}


@pytest.fixture(scope="session")
def litert_entries(litert_files):
    """The folders of zoo entries that have these files, and nothing else that is whole."""
    for folder in litert_files.values():
        (folder.parent / "saved_model.pb").touch()
        write_checksums(folder.parent)
    return {name: folder.parent for name, folder in litert_files.items()}
