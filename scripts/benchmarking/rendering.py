"""Large pictures of a CPPN, drawn by each engine, timed beside a single call and numpy."""

import contextlib
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from benchmarking.contestant import RENDERERS, Contestant

RENDERING = "rendering"
_MODEL = "mnist_cppn_wgan_gp"
# In one call, the activations of a picture of 4096 do not fit in memory.
_SIDES = {"render": 4096, "render-litert": 4096, "render-one-call": 1024, "render-numpy": 1024}


def measure_rendering(rounds: int, environment_of: Callable[[str], dict]) -> dict:
    """Lets the contestants draw in turns and returns the results; the ratios are to the first."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        contestants = []
        for name in RENDERERS:
            click.echo(f"{RENDERING}: starting {name} ...", err=True)
            settings = {"model": _MODEL, "side": _SIDES[name], "folder": str(Path(folder) / name)}
            log = Path(folder) / f"{name}.log"
            contestant = Contestant(name, sys.executable, settings, environment_of(name), log)
            stack.callback(contestant.close)
            contestants.append(contestant)
        for number in range(1, rounds + 1):
            click.echo(f"{RENDERING}: round {number} of {rounds} ...", err=True)
            for contestant in contestants:
                contestant.run(1)
    speeds = {
        one.name: [_SIDES[one.name] ** 2 / 1e6 / seconds for seconds in one.medians]
        for one in contestants
    }
    first, *others = speeds
    return {
        "settings": {"model": _MODEL, "rounds": rounds},
        "contestants": {
            one.name: {
                "side": _SIDES[one.name],
                "megapixels_per_second": speeds[one.name],
                "peak_memory": one.about["peak_memory"],
            }
            for one in contestants
        },
        "ratios": {
            f"{first} / {other}": [
                ours / theirs for ours, theirs in zip(speeds[first], speeds[other], strict=True)
            ]
            for other in others
        },
        "versions": contestants[0].about["versions"],
    }


def show_rendering(result: dict) -> None:
    """Prints the results as tables in Markdown."""
    click.echo(f"\n## {RENDERING}\n")
    click.echo("; ".join(f"{key} {value}" for key, value in result["settings"].items()) + "\n")
    heads = ["contestant", "picture", "Mpixel/s", "of rounds", "peak memory"]
    click.echo(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for name, one in result["contestants"].items():
        speeds = one["megapixels_per_second"]
        click.echo(
            f"| {name} | {one['side']}x{one['side']} | {statistics.median(speeds):.2f} "
            f"| {min(speeds):.2f} to {max(speeds):.2f} | {one['peak_memory'] / 2**20:.0f} MiB |"
        )
    click.echo("\n| speed of one / speed of other | min | median | max |\n|---|---|---|---|")
    for pair, ratios in result["ratios"].items():
        low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
        click.echo(f"| {pair} | {low:.2f} | {middle:.2f} | {high:.2f} |")
    click.echo("\n" + ", ".join(f"{key} {value}" for key, value in result["versions"].items()))
