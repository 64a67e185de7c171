import sys

import pytest

from kerasgan.cli import quiet
from kerasgan.cli.main import main
from tests.litert_models import litert_entries, litert_files  # noqa: F401
from tests.tiny_models import (  # noqa: F401
    autoencoder,
    conditional,
    cppn,
    genres,
    models,
    plain,
)


@pytest.fixture(autouse=True)
def isolated(tmp_path, monkeypatch):
    """Runs each test in a folder of its own, with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERASGAN_CACHE", str(tmp_path / "cache"))
    # The restart would leave pytest.
    monkeypatch.setattr(quiet.os, "execv", lambda *arguments: None)
    for name in quiet._ALLOCATOR:
        monkeypatch.setenv(name, "0")


@pytest.fixture
def kerasgan(monkeypatch, capsys):
    """Calls the command and returns its exit code, standard output and standard error."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["kerasgan", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as request:
            code = request.code or 0
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture
def recipe(recipe_file):
    return recipe_file
