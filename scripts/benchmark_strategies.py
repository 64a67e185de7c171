#!/usr/bin/env python3
"""Measures what training through `tf.distribute` costs, and what two processes gain, on two cores.

    python scripts/benchmark_strategies.py --data pokemon.zip

| comparison | what takes turns |
|---|---|
| one replica | `fit` without a strategy, and in that of a `MirroredStrategy` of one processor |
| processes | one process of two threads, and two workers of one thread with the same global batch |

Both train `--recipe`. In the first, both models are in one process and fed the same batches, and
every turn gives one ratio of medians; the strategy is one that a user makes, because
`kerasgan train --devices 1` needs none. In the second, each turn is a training of its own, and the
figures are the medians of its log without the first iterations. Measure on an idle machine.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

_FEWER_FILES = [
    "training.log_every=1",
    "training.checkpoint_every=100000",
    "training.sample_every=100000",
    "training.evaluate_every=0",
]
_UNCOUNTED = 5


def one_replica(recipe: str, batches: int, turns: int) -> dict:
    """Returns seconds a batch without and with a strategy, and the ratio of each turn."""
    import keras
    import numpy as np
    import tensorflow as tf

    from kerasgan.recipes import build_model, read_recipe

    read = read_recipe(recipe)
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    models = {"without": build_model(read)}
    with strategy.scope():
        models["with"] = build_model(read)
    shape = (read.training.batch_size, *models["without"].image_shape)
    images = np.random.default_rng(0).random((batches, *shape), np.float32)

    def seconds(model) -> float:
        """Returns the median time between the ends of batches in `fit`."""
        ends = []
        timer = keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda batch, logs: ends.append(time.perf_counter())
        )
        data = tf.data.Dataset.from_tensor_slices(images)
        model.fit(data, epochs=1, verbose=0, callbacks=[timer])
        # The generator moves after every `n_critic`-th batch: whole iterations are compared.
        step = getattr(model, "n_critic", 1)
        whole = [(b - a) / step for a, b in zip(ends[::step], ends[step::step], strict=False)]
        return statistics.median(whole)

    for model in models.values():
        seconds(model)  # Traces and warms up.
    times = [{name: seconds(model) for name, model in models.items()} for _ in range(turns)]
    return {
        "seconds a batch": {name: statistics.median(t[name] for t in times) for name in models},
        "ratios": [round(turn["with"] / turn["without"], 4) for turn in times],
    }


def processes(recipe: str, data: Path, iterations: int, turns: int, folder: Path) -> dict:
    """Returns images a second of one process of two threads and of two of one, by turns."""
    results: dict[str, list[float]] = {"one of two threads": [], "two of one thread": []}
    for turn in range(turns):
        out = folder / f"one{turn}"
        _train(recipe, data, out, iterations, threads=2)()
        results["one of two threads"].append(_images_per_second(out))
        out, ports = folder / f"two{turn}", _free_ports(2)
        workers = ",".join(f"127.0.0.1:{port}" for port in ports)
        ends = [
            _train(recipe, data, out, iterations, "--workers", workers, f"--worker-index={index}")
            for index in range(2)
        ]
        for end in ends:
            end()
        results["two of one thread"].append(_images_per_second(out))
    return results


def _train(
    recipe: str, data: Path, out: Path, iterations: int, *options: str, threads: int = 1
) -> Callable[[], None]:
    """Starts a training, and returns what waits for its end."""
    command = [sys.executable, "-m", "kerasgan", "train", recipe, "--data", str(data)]
    command += ["--out", str(out), "--iterations", str(iterations), *options]
    for change in _FEWER_FILES:
        command += ["--set", change]
    names = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")
    environment = {**os.environ, **dict.fromkeys(names, str(threads))}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )

    def end() -> None:
        _, said = process.communicate()
        if process.returncode:
            raise click.ClickException(f"{' '.join(command)} failed: {said[-2000:]}")

    return end


def _images_per_second(run: Path) -> float:
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    return statistics.median(line["images_per_second"] for line in lines[_UNCOUNTED:])


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--recipe", default="pokemon_wgan_paper", show_default=True)
@click.option("--turns", default=3, show_default=True)
@click.option("--batches", default=60, show_default=True, help="Batches of a turn, one replica.")
@click.option("--iterations", default=30, show_default=True, help="Of a training, processes.")
def main(data: Path, recipe: str, turns: int, batches: int, iterations: int) -> None:
    """Measures with the pictures in --data, a folder or zip."""
    result = {"one replica": one_replica(recipe, batches, turns)}
    click.echo(json.dumps(result, indent=2))
    with tempfile.TemporaryDirectory() as folder:
        result = {"processes": processes(recipe, data, iterations, turns, Path(folder))}
    click.echo(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
