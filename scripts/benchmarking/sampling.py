"""Whole processes of `kerasgan sample`, drawn by LiteRT and by TensorFlow in turns."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

SAMPLING = "sampling"
_MODEL = "pokemon_wgan"
_COUNT = 32
_ENGINES = ("litert", "tensorflow")


def measure_sampling(rounds: int, environment: dict) -> dict:
    """Lets the engines draw in turns, each time in a new process, and returns the results.

    Processor seconds are the system's own accounting of the ended process, start-up included.
    """
    results = {engine: {"cpu_seconds": [], "wall_seconds": []} for engine in _ENGINES}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            click.echo(f"{SAMPLING}: round {number} of {rounds} ...", err=True)
            for engine in _ENGINES:
                cpu, wall = _run(engine, Path(folder) / f"{engine}.png", environment)
                # The first fills the caches of the file system.
                if number:
                    results[engine]["cpu_seconds"].append(cpu)
                    results[engine]["wall_seconds"].append(wall)
    ours, theirs = (results[engine]["cpu_seconds"] for engine in _ENGINES)
    return {
        "settings": {"model": _MODEL, "count": _COUNT, "rounds": rounds},
        "contestants": results,
        "ratios": [a / b for a, b in zip(ours, theirs, strict=True)],
    }


def show_sampling(result: dict) -> None:
    """Prints the results as tables in Markdown."""
    click.echo(f"\n## {SAMPLING}\n")
    click.echo("; ".join(f"{key} {value}" for key, value in result["settings"].items()) + "\n")
    click.echo("| engine | processor s | of rounds | wall s |\n|---|---|---|---|")
    for engine, one in result["contestants"].items():
        seconds = one["cpu_seconds"]
        click.echo(
            f"| {engine} | {statistics.median(seconds):.2f} "
            f"| {min(seconds):.2f} to {max(seconds):.2f} "
            f"| {statistics.median(one['wall_seconds']):.2f} |"
        )
    ratios = result["ratios"]
    low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
    click.echo("\n| processor seconds | min | median | max |\n|---|---|---|---|")
    click.echo(f"| {' / '.join(_ENGINES)} | {low:.3f} | {middle:.3f} | {high:.3f} |")


def _run(engine: str, picture: Path, environment: dict) -> tuple[float, float]:
    command = [sys.executable, "-m", "kerasgan", "sample", _MODEL, "--seed", "0", "--force"]
    command += ["--count", str(_COUNT), "--engine", engine, "--out", str(picture)]
    checkout = Path(__file__).resolve().parents[2]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**environment, "PYTHONPATH": str(checkout), "PYTHONSAFEPATH": "1"},
        cwd=os.sep,
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise click.ClickException(f"{engine} cannot draw: {done.stderr.strip()}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall
