import contextlib
import os
import re
import sys
import tempfile

import click
import pytest

from kerasgan.cli import quiet
from kerasgan.cli.main import command, main


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
        check_options(printed.err, [str(each) for each in arguments])
        return code, printed.out, printed.err

    return call


def check_options(errors, arguments):
    """Checks that each option named on standard error is one of the command that names it.

    Whole commands, as `kerasgan sample NAME --upscale 4`, name options of their own.
    """
    group, context, words = command, click.Context(command), iter(arguments)
    for word in words:
        found = group.get_command(context, word) if isinstance(group, click.Group) else None
        group = group if found is None else found
    known = {name for each in group.params for name in (*each.opts, *each.secondary_opts)}
    # Click's own answers to an option that is none.
    own_words = [*arguments, "--help", "--debug"]
    for line in errors.splitlines():
        if line.startswith(("Usage:", "Try ")) or "No such option" in line:
            continue
        alone = re.sub(r"kerasgan [a-z].*|(pip|git) [a-z].*", "", line)
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", alone):
            assert option in known or option in own_words, (option, group.name, line)


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
