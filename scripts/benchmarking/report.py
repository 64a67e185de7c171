"""What was measured, as plain data and as tables."""

import contextlib
import os
import platform
import statistics
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarking.contestant import Contestant


def machine() -> dict:
    """Returns what the results depend on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "platform": f"{platform.platform()}, Python {platform.python_version()}",
        "load before": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def results(contestants: Sequence[Contestant], images: int) -> dict:
    """Returns the results of one system.

    Args:
        contestants: Those that were measured; the ratios are to the first.
        images: Real images of an iteration.
    """
    first, *others = contestants
    versions = {}
    for contestant in contestants:
        versions |= contestant.about["versions"]
    in_pytorch = [one for one in others if one.name.startswith("pytorch")]
    return {
        "contestants": {
            contestant.name: {
                **{
                    key: value
                    for key, value in contestant.about.items()
                    if key not in ("seconds", "input_wait", "versions")
                },
                "seconds_per_iteration": _seconds(contestant),
                "images_per_second": images / _seconds(contestant),
                "rounds": contestant.rounds,
                "input_wait": contestant.input_waits,
            }
            for contestant in contestants
        },
        "ratios": {
            f"{other.name} / {first.name}": [
                theirs / ours for theirs, ours in zip(other.medians, first.medians, strict=True)
            ]
            for other in others
        },
        "pytorch_best": min(in_pytorch, key=_seconds).name if in_pytorch else None,
        "versions": versions,
    }


def show(name: str, result: dict) -> None:
    """Prints the results of one system as tables in Markdown."""
    click.echo(f"\n## {name}\n")
    click.echo("; ".join(f"{key} {value}" for key, value in result["settings"].items()) + "\n")
    heads = ["contestant", "ms/iteration", "of rounds", "fastest", "images/s", "waiting for input"]
    heads += ["peak memory", "precision"]
    click.echo(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for contestant, one in result["contestants"].items():
        rounds = [1000 * statistics.median(seconds) for seconds in one["rounds"]]
        click.echo(
            f"| {contestant} | {1000 * one['seconds_per_iteration']:.0f} "
            f"| {min(rounds):.0f} to {max(rounds):.0f} "
            f"| {1000 * min(map(min, one['rounds'])):.0f} | {one['images_per_second']:.0f} "
            f"| {_median_share(one['input_wait'])} "
            f"| {one['peak_memory'] / 2**20:.0f} MiB | {one['precision']} |"
        )
    if result["ratios"]:
        click.echo("\n| time of one / time of other | min | median | max |\n|---|---|---|---|")
    for pair, ratios in result["ratios"].items():
        low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
        click.echo(f"| {pair} | {low:.2f} | {middle:.2f} | {high:.2f} |")
    if best := result["pytorch_best"]:
        click.echo(f"\nPyTorch's best: {best}")
    click.echo("\n" + ", ".join(f"{key} {value}" for key, value in result["versions"].items()))
    for contestant, one in result["contestants"].items():
        if speed := one.get("pipeline_images_per_second"):
            click.echo(f"The input pipeline of {contestant}, alone: {speed:.0f} images/s")


def _median_share(shares: list[float] | None) -> str:
    return f"{statistics.median(shares):.2%}" if shares else "not measured"


def _seconds(contestant: Contestant) -> float:
    return statistics.median(contestant.medians)


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
