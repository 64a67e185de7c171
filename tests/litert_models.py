"""The LiteRT files of the tiny models, as fixtures that several folders of tests share."""

import pytest
from filelock import FileLock


@pytest.fixture(scope="session")
def litert_files(plain, conditional, cppn, autoencoder, shared_folder):
    """The folders of exported tiny models, by their names; tests that damage one copy it first.

    Each is converted once for all processes, in which these models have the same weights.
    """
    from kerasgan.export import export_litert
    from kerasgan.zoo.checksums import write_checksums

    models = {"plain": plain, "conditional": conditional, "cppn": cppn, "autoencoder": autoencoder}
    folders = {name: shared_folder / "litert" / name / "litert" for name in models}
    with FileLock(shared_folder / "litert.lock"):
        for name, folder in folders.items():
            if not folder.exists():
                export_litert(models[name], folder, name=name)
                (folder.parent / "saved_model.pb").touch()
                write_checksums(folder.parent)
    return folders


@pytest.fixture(scope="session")
def litert(litert_files):
    """The same as models."""
    from kerasgan.drawing.litert.model import LiteRTModel

    return {name: LiteRTModel(folder) for name, folder in litert_files.items()}


@pytest.fixture(scope="session")
def litert_entries(litert_files):
    """The folders of zoo entries that have these files, and nothing else that is whole."""
    return {name: folder.parent for name, folder in litert_files.items()}
