"""The command that draws from the same latents as a picture that there is."""

import shlex
from collections.abc import Sequence

from kerasgan.drawing.number_runs import number_runs
from kerasgan.drawing.provenance import COLUMNS, Provenance


def drawing_command(provenance: Provenance, options: Sequence[str] = ()) -> str:
    """Returns the command that draws a provenance's latents with the weights of its model of now.

    Args:
        provenance: What the picture was drawn from. Pictures that the critic selected are among
            those that the command draws.
        options: More options for the command.

    Returns:
        The command, quoted for a shell; empty where no seed gives the latents.
    """
    if provenance.seed is None and not provenance.seeds:
        return ""
    # Only `render` has a view, and draws the first latent of its seed.
    has_view = (provenance.zoom, provenance.centre) != (1.0, (0.0, 0.0)) or provenance.invert
    words = ["kerasgan", "render" if has_view else "sample", provenance.model or "MODEL"]
    words += ["--best"] if provenance.best else []
    words += _view(provenance) if has_view else _pictures(provenance)
    for option, value in (("--truncation", provenance.truncation), ("--psi", provenance.psi)):
        words += [] if value is None else [option, f"{value!r}"]
    words += [] if provenance.size is None else ["--size", str(provenance.size)]
    is_grid = provenance.show is None and provenance.motion is None and "--pick" not in options
    words += _grid(provenance, words) if is_grid else []
    if provenance.upscale > 1 and "--upscale" not in options:
        words += ["--upscale", str(provenance.upscale)]
    return shlex.join([*words, *options])


def _view(provenance: Provenance) -> list[str]:
    x, y = provenance.centre
    inverted = ["--invert"] if provenance.invert else []
    return [
        *("--seed", str(provenance.seed)),
        *("--zoom", f"{provenance.zoom!r}", "--centre", f"{x!r},{y!r}", *inverted),
    ]


def _grid(provenance: Provenance, words: Sequence[str]) -> list[str]:
    """Returns the options that lay out a grid as it was."""
    options = ["--numbers"] if provenance.numbered else []
    options += ["--captions"] if provenance.captions else []
    if provenance.columns != COLUMNS and "--columns" not in words:
        options += ["--columns", str(provenance.columns)]
    return options


def _pictures(provenance: Provenance) -> list[str]:
    """Returns the options for the latents and the classes."""
    if provenance.seeds:
        runs = number_runs(provenance.seeds[provenance.shown])
        seeds = ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
        return ["--seeds", seeds, *_labels(provenance)]
    seed, numbers = ["--seed", str(provenance.seed)], provenance.numbers[provenance.shown]
    if len(set(numbers)) < len(numbers):
        # Every class was drawn from the same latents.
        return [*seed, "--label", "all", "--columns", str(len(set(numbers)))]
    return [*seed, "--count", str(1 + max(numbers, default=0)), *_labels(provenance)]


def _labels(provenance: Provenance) -> list[str]:
    """Returns `--label` for every label set of which all pictures have one class.

    Otherwise the seed gives the classes.
    """
    options = []
    for name, labels in provenance.labels.items():
        first, *others = labels[provenance.shown]
        if isinstance(first, str) and all(label == first for label in others):
            options += ["--label", f"{name}={first}"]
    return options
