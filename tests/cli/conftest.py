import contextlib
import os
import sys
import tempfile

import pytest

from kerasgan.cli import quiet
from kerasgan.cli.main import main


@pytest.fixture(autouse=True)
def isolated(tmp_path, monkeypatch):
    """Runs each test in a folder of its own, with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERASGAN_CACHE", str(tmp_path / "cache"))
    # The restart would leave pytest. It is not done where one of the settings is there already;
    # this one is glibc's own, so that it changes nothing for the processes that tests start.
    monkeypatch.setattr(quiet.os, "execv", lambda *arguments: None)
    monkeypatch.setenv("MALLOC_TOP_PAD_", "131072")


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
def system_stderr():
    """Lists what is written to the standard error of the system, past `sys.stderr`."""

    @contextlib.contextmanager
    def recorded():
        lines, kept = [], os.dup(2)
        with tempfile.TemporaryFile("w+") as file:
            os.dup2(file.fileno(), 2)
            try:
                yield lines
            finally:
                os.dup2(kept, 2)
                os.close(kept)
                file.seek(0)
                lines += file.read().splitlines()

    return recorded


@pytest.fixture
def recipe(recipe_file):
    return recipe_file
