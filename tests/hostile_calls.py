"""Calls of the command that nobody should make, of every command and option."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import click

from kerasgan.cli.main import command as root
from kerasgan.cli.parameter_types import (
    FileName,
    ModelName,
    PictureSize,
    Point,
    RealNumber,
    WholeNumber,
)

# Calls that work, by the words of the command; what is changed in them is all that is wrong.
VALID = {
    ("sample",): {"model": "plain", "count": "2", "out": "out.png"},
    ("render",): {"model": "cppn", "size": "9", "seed": "1", "out": "out.png"},
    ("morph",): {"model": "plain", "seeds": "1,2", "frames": "2", "out": "out.gif"},
    ("blend",): {"model": "plain", "expression": "A", "operands": "A=1", "out": "out.png"},
    ("encode",): {"model": "autoencoder", "pictures": "photo.png", "out": "out.npy"},
    ("export",): {"model": "cppn", "kind": "keras", "out": "out.keras"},
    ("explore",): {"models": "mnist_cppn_gan", "out": "out.html"},
    ("train",): {"recipe": "tiny.toml", "data": "pictures", "out": "out", "dry_run": None},
    ("progress",): {"run": "run"},
    ("evaluate",): {"models": "plain", "data": "pictures"},
    ("data", "cache"): {"clear": None},
    ("data", "list"): {},
    ("data", "prepare"): {"name": "images", "data": "pictures"},
    ("data", "preview"): {"source": "pictures", "image_size": "8", "count": "2", "out": "out.png"},
    ("wikiart", "scrape"): {"genres": "landscape", "base_url": "http://127.0.0.1:9", "out": "out"},
    ("wikiart", "prepare"): {"source": "dump", "out": "out", "size": "8"},
    ("wikiart", "stats"): {"out": "dump"},
    ("zoo", "list"): {},
    ("zoo", "show"): {"model": "pokemon_wgan"},
    ("zoo", "export"): {"run": "run", "folder": "out"},
    ("zoo", "push"): {"entry": "mnist_cppn_gan", "repository": "ann/digits"},
    ("zoo", "verify"): {"models": "mnist_cppn_gan"},
}
# Options that are in the way of others: what they say is said by the one.
_APART = {"again", "latents", "through", "latent", "latent_file"}
_DRAWING = {"sample", "render", "morph", "blend", "encode", "preview"}

_LONG = "9" * 5000
_NO_NAMES = ("", "a\0b.png", "x" * 300 + ".png", "x/" * 3000, "\ud800.png", "loop", "loop.png")
_NO_NUMBERS = ("", " ", "x", "nan", "inf", "-inf", "1e999", _LONG, "-" + _LONG, "0x10", "--", "💥")
_NO_INTEGERS = (
    *(*_NO_NUMBERS, "1e26", "1.5", "1_000", "٣"),
    *map(str, (10**26, 2**63, -(2**63) - 1)),
)
_NO_INPUTS = (*_NO_NAMES, "pipe", "pipe.png", "socket", "/dev/zero", "missing.png", "diary.txt/x")
_ODD_INPUTS = (
    *("claims.npy", "odd.npy", "less.npy", "nan.npy", "objects.npy", "empty.npy", "nested.npy"),
    *("pipe.npy", "loop.npy", "empty.png", "text.png", "torn.png", "large.png", "dangling.png"),
    *(f"foreign{number}.png" for number in range(19)),
    *("pipes", "loops", "dashes", "outside", "long", "nul", "empty", "no.zip", "names.zip"),
    *("broken.toml", "empty.toml", "long.toml", "binary.toml", "diary.txt", "photos", "run"),
    *("entry", ".", "..", "-", "%s%n", "$(touch hacked)"),
)
_NO_OUTPUTS = (*_NO_NAMES, "diary.txt/x.png", "pipe.png", "/proc/none/x.png")
_OWN_FILES = ("diary.txt", "photo.png", "photo.jpg", "photo.dzi", "clip.gif", "z.npy", "photos")
_OWN_FOLDERS = ("entry", "run", "photos", "dump", ".", "..", "pictures", "diary.txt")
_NO_TEXTS = ("", " ", "💥" * 50, "a\0b", "\ud800", "z" * 5000, "nan", "%s%n", "(" * 900, "-1e26")
# Texts of which these are none that a command could take.
_CHOSEN = {
    *("labels", "seeds", "expression", "operands", "interpolation", "genres", "styles", "fit"),
    *("background", "split", "balanced", "dedupe", "beam", "overrides", "name", "features"),
}


@dataclass(frozen=True)
class HostileCall:
    """A call.

    Attributes:
        arguments: Its words, after `kerasgan`.
        is_nonsense: Whether it can only be refused.
    """

    arguments: tuple[str, ...]
    is_nonsense: bool


def parameters(group: click.Group = root, path: tuple[str, ...] = ()) -> Iterator[tuple]:
    """Yields every parameter of every command, with the words of its command."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from parameters(command, (*path, name))
        else:
            yield (*path, name), command, None
            yield from (((*path, name), command, each) for each in command.params)


def hostile_calls(count: int, *, seed: int) -> Iterator[HostileCall]:
    """Yields calls, of every parameter in turn, the same ones for a seed."""
    draw = random.Random(seed)
    known = list(parameters())
    for number in range(count):
        path, command, parameter = known[number % len(known)]
        yield _hostile_call(path, command, parameter, draw)


def _hostile_call(
    path: tuple[str, ...],
    command: click.Command,
    parameter: click.Parameter | None,
    draw: random.Random,
) -> HostileCall:
    values = dict(VALID[path])
    extra, is_nonsense = [], False
    if parameter is None:
        extra, is_nonsense = _wrong_usage(path, values, command, draw)
    else:
        changed = [parameter]
        others = [each for each in command.params if each is not parameter]
        if others and draw.random() < 0.3:
            changed.append(draw.choice(others))
        for each in changed:
            value, is_wrong = _hostile_value(path, each, draw)
            values[each.name] = value
            is_nonsense |= is_wrong
        if _APART & {each.name for each in changed}:
            for name in ("count", "seeds", "seed"):
                values.pop(name, None)
        # It heeds nothing else.
        is_nonsense &= "is_list" not in values
        if {values.get("out"), values.get("latent_out")} & {*_OWN_FILES, "dangling.png"}:
            values.pop("force", None)
    return HostileCall((*path, *_words(command, values), *extra), is_nonsense)


def _wrong_usage(
    path: tuple[str, ...], values: dict, command: click.Command, draw: random.Random
) -> tuple[list[str], bool]:
    """Changes how a command is called, and returns further words and whether it is nonsense."""
    required = [each for each in command.params if each.required and each.name in values]
    if required and draw.random() < 0.4:
        del values[draw.choice(required).name]
        # Arguments move up into the place of one that is left out, but the last has none.
        return [], True
    if draw.random() < 0.5:
        return [draw.choice(["--nonsense", "--out=", "-x", "--count", "--=", "---"])], True
    takes_any = any(each.nargs == -1 for each in command.params)
    return [draw.choice(["surplus", "", "💥", "a\0b"])] * 3, not takes_any


def _hostile_value(
    path: tuple[str, ...], parameter: click.Parameter, draw: random.Random
) -> tuple[str | None, bool]:
    """Returns a value for a parameter, and whether no command could take it."""
    kind, name = parameter.type, parameter.name
    if getattr(parameter, "is_flag", False):
        return None, False
    if isinstance(kind, click.Choice):
        return draw.choice(_NO_TEXTS), True
    if isinstance(kind, PictureSize):
        wrong = (*_NO_INTEGERS, "0", "-5", "5x", "x5", "5x5x5", "0x5", "1048577", f"5x{_LONG}")
        return draw.choice(wrong), True
    if isinstance(kind, Point):
        return draw.choice((*_NO_NUMBERS, "1", "1,2,3", ",", "nan,0", f"{_LONG},1")), True
    if isinstance(kind, WholeNumber):
        if draw.random() < 0.2:
            return draw.choice(("0", "-1", str(2**31), str(2**62))), False
        return draw.choice(_NO_INTEGERS), True
    if isinstance(kind, RealNumber):
        if draw.random() < 0.2:
            return draw.choice(("0", "-1", "1e26", "-0.0", "1e-300")), False
        return draw.choice(_NO_NUMBERS), True
    if isinstance(kind, FileName) and name in (
        "out",
        "latent_out",
        "sheets",
        "folder",
        "json_file",
        "pairs",
    ):
        return _hostile_output(path, draw)
    if isinstance(kind, FileName):
        is_wrong = draw.random() < 0.4
        if is_wrong and isinstance(kind, ModelName) and name == "models":
            return draw.choice([each for each in _NO_INPUTS if each]), True
        return draw.choice(_NO_INPUTS if is_wrong else _ODD_INPUTS), is_wrong
    return draw.choice(_NO_TEXTS), name in _CHOSEN


def _hostile_output(path: tuple[str, ...], draw: random.Random) -> tuple[str, bool]:
    is_drawn = path[-1] in _DRAWING
    if draw.random() < 0.5:
        return draw.choice(_NO_OUTPUTS), is_drawn
    if is_drawn and draw.random() < 0.2:
        return "dangling.png", True
    if is_drawn:
        return draw.choice(_OWN_FILES), True
    if path == ("zoo", "export"):
        return draw.choice((*_OWN_FOLDERS, "run/inside")), True
    return draw.choice(_OWN_FOLDERS), False


def _words(command: click.Command, values: dict[str, str | None]) -> list[str]:
    """Returns the words of a call."""
    options, arguments = [], []
    for parameter in command.params:
        if parameter.name not in values:
            continue
        value = values[parameter.name]
        if isinstance(parameter, click.Argument):
            arguments.append(value)
        elif value is None:
            options.append(parameter.opts[0])
        else:
            options.append(f"{parameter.opts[0]}={value}")
    return [*options, "--", *arguments]
