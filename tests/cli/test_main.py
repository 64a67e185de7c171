import subprocess
import sys
import warnings

import click
import pytest

import kerasgan as package
from kerasgan.cli.main import command as root
from kerasgan.cli.main import with_options


def test_import_and_help_load_no_tensorflow():
    script = (
        "import sys, kerasgan, kerasgan.zoo; kerasgan.zoo.list(); sys.argv = ['kerasgan', '-h']\n"
        "from kerasgan.cli.main import command\n"
        "command.main(standalone_mode=False)\n"
        "heavy = {'tensorflow', 'keras', 'numpy', 'PIL', 'scrapy', 'huggingface_hub', 'onnx'}\n"
        "heavy &= set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for command in root.list_commands(click.Context(root)):
        assert f"\n  {command} " in done.stdout


def options(group, path=()):
    """Gives every option of every command below a group, with the words that lead to it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from options(command, (*path, name))
        else:
            yield from (((*path, name), each) for each in command.params if each.opts[0][0] == "-")


def test_help_describes_every_option():
    assert not [(*path, option.opts[0]) for path, option in options(root) if not option.help]


@pytest.mark.parametrize("path", [("export",), ("zoo", "export")])
def test_the_two_exports_tell_in_their_first_lines_when_to_use_the_other(kerasgan, path):
    other = {"export": "zoo export", "zoo export": "export"}[" ".join(path)]
    first = kerasgan(*path, "--help")[1].split("\n\n")[1]
    assert first.endswith(f"use kerasgan {other}.")
    assert "\n" not in first
    listed = kerasgan(*path[:-1], "--help")[1].splitlines()
    assert any(line.startswith("  export ") and f"{other}." in line for line in listed)


@pytest.mark.parametrize("group", [[], ["data"], ["wikiart"], ["zoo"]])
def test_no_line_of_a_list_of_commands_is_cut_off(kerasgan, group):
    commands = kerasgan(*group, "--help")[1].partition("Commands:")[2].splitlines()
    assert len(commands) > 2
    assert not [line for line in commands if line.endswith("...")]


def test_version(kerasgan):
    assert kerasgan("--version") == (0, f"kerasgan, version {package.__version__}\n", "")


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["train"], ["sample", "x", "--count", "0"], ["zoo", "show"]]
)
def test_wrong_usage_exits_with_2(kerasgan, arguments):
    code, out, err = kerasgan(*arguments)
    assert code == 2
    assert not out
    assert "Error: " in err


def test_a_user_error_is_one_line_and_exits_with_2(kerasgan):
    code, out, err = kerasgan("zoo", "show", "pokemon_wgna")
    assert (code, out) == (2, "")
    assert err.startswith("Error: There is no model 'pokemon_wgna'")
    assert err.count("\n") == 1


def test_another_error_is_one_line_and_exits_with_1(kerasgan, monkeypatch):
    def broken():
        raise RuntimeError("broken\nin two lines")

    monkeypatch.setattr("kerasgan.zoo.entries.names", broken)
    code, _, err = kerasgan("zoo", "list")
    assert code == 1
    assert err == "Error: RuntimeError: broken in two lines (kerasgan --debug shows where)\n"


def test_warnings_are_one_line_without_code(kerasgan, monkeypatch):
    def names():
        warning = UserWarning("odd\nthings")
        print(warnings.formatwarning(warning, UserWarning, "file.py", 3, "x = 1"), end="")
        return []

    usual = warnings.formatwarning
    monkeypatch.setattr("kerasgan.zoo.entries.names", names)
    assert kerasgan("zoo", "list") == (0, "Warning: odd things\n", "")
    assert "file.py" in kerasgan("--debug", "zoo", "list")[1]
    assert warnings.formatwarning is usual


def test_debug_shows_the_traceback(kerasgan):
    code, _, err = kerasgan("--debug", "zoo", "show", "nothing")
    assert code == 2
    assert "Traceback" in err


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("a.png exists: pass force=True to replace it", "a.png exists: pass --force to replace it"),
        ("needs images: pass data=PATH. Draw", "needs images: pass --data PATH. Draw"),
        ("pass that one, or another folder=", "pass that one, or another --out"),
        ("nowhere: pass path='a b', or not", "nowhere: pass --data 'a b', or not"),
        ("Received: data=3", "Received: data=3"),
    ],
)
def test_messages_of_the_library_name_the_options_of_the_commands(message, shown):
    assert with_options(message) == shown
