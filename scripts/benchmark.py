#!/usr/bin/env python3
"""Measures the Pokemon WGAN's training at 128x128 beside plain Keras and PyTorch.

    python scripts/benchmark.py --torch-python path/to/python --json result.json

An iteration is `n_critic` = 5 critic updates, each on fresh real images, and 1 generator update.
Each contestant is a process of its own, which traces and warms up once and then waits. They take
turns: a round lets each in its turn make one iteration that is not counted and then
`--iterations` that are. A drift of the machine's speed thus meets all alike, and a round gives one
ratio of medians. "Fastest" is the fastest single iteration: where a machine's speed comes and goes
with its neighbours, it says what the others hide. Peak memory is the process's largest resident
set, imports included.

| contestant | what it is |
|---|---|
| kerasgan | `train()` on `zoo/pokemon_wgan/recipe.toml`, in the precision it chooses itself |
| kerasgan-float32 | the same in float32 |
| kerasgan-fixed-input | as kerasgan, fed one batch over and over: what the input costs |
| keras | plain Keras, float32: `train_step` and `fit` |
| pytorch | bfloat16 autocast, channels last, eager |
| pytorch-compiled | the same through `torch.compile` (`--torch-compile`) |

Equal in all: the layers and their sizes (no bias before a batch normalization), batch
normalization in training mode, the critic's dense layer over channels and the mean of its outputs,
reals and fakes in one batch (in the generator's update too), the Wasserstein losses, RMSprop with
the same epsilon, clipping of everything that the critic's optimizer moves, the number of images,
the float32 master weights.

Not equal, to the package's disadvantage: it also keeps a moving average of the generator, draws
noise that does not depend on what was drawn before, looks for divergence and moves a progress bar,
shifts images within their margins, and makes its augmentation reproducible; the others flip images
held in memory. To its advantage: its process has the allocator variables that `kerasgan train`
sets (`--allocator-for-all` gives them to everyone). Not in its times: a checkpoint and a sample
grid every 200 iterations.
"""

import contextlib
import json
import multiprocessing
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click

CHECKOUT = Path(__file__).resolve().parent.parent
CONTESTANTS = {
    "kerasgan": ("trainer.py", {}),
    "kerasgan-float32": ("trainer.py", {"precision": "float32"}),
    "kerasgan-fixed-input": ("trainer.py", {"fixed_input": True}),
    "keras": ("plain_keras.py", {}),
    "pytorch": ("pytorch.py", {}),
    "pytorch-compiled": ("pytorch.py", {"compile": True}),
}
N_CRITIC = 5
IMAGE_SIZE = 128


class Contestant:
    """A process that makes iterations on request.

    Raises:
        click.ClickException: The process ended; the message has the end of what it printed.
    """

    def __init__(self, name: str, python: str, settings: dict, environment: dict, log: Path):
        self.name, self.log, self.rounds = name, log, []
        script, own_settings = CONTESTANTS[name]
        command = [python, str(CHECKOUT / "scripts/contestants" / script)]
        with log.open("w") as stderr:
            self._process = subprocess.Popen(
                [*command, json.dumps({**settings, **own_settings})],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=environment,
                text=True,
            )
        try:
            self.about = self._answer()
        except BaseException:
            self.close()
            raise

    def run(self, iterations: int) -> None:
        """Makes a round."""
        print(iterations, file=self._process.stdin, flush=True)
        answer = self._answer()
        self.rounds.append(answer["seconds"])
        self.about["peak_memory"] = answer["peak_memory"]

    def close(self) -> None:
        """Ends the process, which has nothing to save."""
        self._process.kill()
        self._process.wait()

    @property
    def medians(self) -> list[float]:
        """Seconds per iteration, one number for each round."""
        return [statistics.median(seconds) for seconds in self.rounds]

    def _answer(self) -> dict:
        line = self._process.stdout.readline()
        if not line:
            printed = self.log.read_text(errors="replace")[-2000:]
            raise click.ClickException(f"{self.name} ended:\n{printed}")
        return json.loads(line)


def decode(data: Path | None, file: Path) -> Path:
    """Saves the images for the baselines as one array, and returns where they come from."""
    from kerasgan.cli.quiet import import_tensorflow_quietly

    import_tensorflow_quietly()
    import numpy as np

    from kerasgan.data import load_images
    from kerasgan.data.embedded import embedded_images

    path = data or embedded_images()
    np.save(file, load_images("images", path=path, image_size=IMAGE_SIZE).images)
    return path


def has_torch(python: str) -> bool:
    code = "import importlib.util as u, sys; sys.exit(u.find_spec('torch') is None)"
    return subprocess.call([python, "-c", code]) == 0


def measure(names, pythons, settings, *, rounds, iterations, allocator_for_all):
    """Returns the contestants after their rounds."""
    # The variables are private to the command line, and the very ones to be measured.
    from kerasgan.cli.quiet import _ALLOCATOR as allocator

    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        folder = Path(folder)
        settings = {**settings, "images": str(folder / "images.npy")}
        # In a process of its own: a child's peak memory begins with its parent's.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            data = pool.submit(decode, settings["data"], Path(settings["images"])).result()
        settings["data"] = str(data)
        contestants = []
        for name in names:
            click.echo(f"Starting {name} ...", err=True)
            environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "TF_CPP_MIN_LOG_LEVEL": "3"}
            if allocator_for_all or name.startswith("kerasgan"):
                environment |= allocator
            own = {**settings, "folder": str(folder / name)}
            contestant = Contestant(name, pythons[name], own, environment, folder / f"{name}.log")
            stack.callback(contestant.close)
            contestants.append(contestant)
        for number in range(1, rounds + 1):
            click.echo(f"Round {number} of {rounds} ...", err=True)
            for contestant in contestants:
                contestant.run(iterations)
    return contestants


def report(contestants: list[Contestant], images: int) -> dict:
    """Returns the results as plain data."""
    first, *others = contestants
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "platform": f"{platform.platform()}, Python {platform.python_version()}",
        "contestants": {
            contestant.name: {
                **{key: value for key, value in contestant.about.items() if key != "seconds"},
                "seconds_per_iteration": statistics.median(contestant.medians),
                "images_per_second": images / statistics.median(contestant.medians),
                "rounds": contestant.rounds,
            }
            for contestant in contestants
        },
        "ratios": {
            f"{other.name} / {first.name}": [
                theirs / ours for theirs, ours in zip(other.medians, first.medians, strict=True)
            ]
            for other in others
        },
    }


def processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def show(result: dict) -> None:
    """Prints the results as tables in Markdown."""
    click.echo(f"\n{result['processor']}, {result['cores']} cores; {result['platform']}")
    click.echo("; ".join(f"{key} {value}" for key, value in result["settings"].items()) + "\n")
    heads = ["contestant", "ms/iteration", "of rounds", "fastest", "images/s", "peak memory"]
    click.echo(f"| {' | '.join([*heads, 'precision'])} |\n|{'---|' * (len(heads) + 1)}")
    versions = {}
    for name, one in result["contestants"].items():
        rounds = [1000 * statistics.median(seconds) for seconds in one["rounds"]]
        click.echo(
            f"| {name} | {1000 * one['seconds_per_iteration']:.0f} "
            f"| {min(rounds):.0f} to {max(rounds):.0f} "
            f"| {1000 * min(map(min, one['rounds'])):.0f} | {one['images_per_second']:.0f} "
            f"| {one['peak_memory'] / 2**20:.0f} MiB | {one['precision']} |"
        )
        versions |= one["versions"]
    click.echo("\n| time of one / time of other | min | median | max |\n|---|---|---|---|")
    for name, ratios in result["ratios"].items():
        low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
        click.echo(f"| {name} | {low:.2f} | {middle:.2f} | {high:.2f} |")
    click.echo("\n" + ", ".join(f"{key} {value}" for key, value in versions.items()))
    for name, one in result["contestants"].items():
        if speed := one.get("pipeline_images_per_second"):
            click.echo(f"The input pipeline of {name}, alone: {speed:.0f} images/s")


@click.command()
@click.option("--rounds", default=10, show_default=True, type=click.IntRange(1))
@click.option("--iterations", default=2, show_default=True, type=click.IntRange(1), help="A round.")
@click.option("--batch-size", default=32, show_default=True, type=click.IntRange(1))
@click.option("--contestants", help="Names, comma-separated; the first is what the ratios are to.")
@click.option("--data", type=click.Path(exists=True, path_type=Path), help="Folder or zip.")
@click.option("--torch-python", default=sys.executable, help="A Python that has PyTorch.")
@click.option("--torch-compile", is_flag=True, help="Add pytorch-compiled.")
@click.option("--allocator-for-all", is_flag=True, help="Allocator variables for everyone.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Save the results.")
def main(
    rounds,
    iterations,
    batch_size,
    contestants,
    data,
    torch_python,
    torch_compile,
    allocator_for_all,
    json_file,
):
    """Measure the training step of kerasgan beside plain Keras and PyTorch."""
    sys.path.insert(0, str(CHECKOUT))
    names = contestants.split(",") if contestants else [*CONTESTANTS][:-1]
    names += ["pytorch-compiled"] if torch_compile and "pytorch-compiled" not in names else []
    if unknown := [name for name in names if name not in CONTESTANTS]:
        raise click.BadParameter(f"{unknown[0]!r} is none of {', '.join(CONTESTANTS)}")
    if any(name.startswith("pytorch") for name in names) and not has_torch(torch_python):
        if contestants or torch_compile:
            raise click.UsageError(f"{torch_python} has no PyTorch; give --torch-python")
        click.echo("Without PyTorch: give --torch-python to measure it too.", err=True)
        names.remove("pytorch")
    settings = {"batch_size": batch_size, "n_critic": N_CRITIC, "data": data}
    settings["recipe"] = str(CHECKOUT / "zoo/pokemon_wgan/recipe.toml")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    pythons = {
        name: torch_python if name.startswith("pytorch") else sys.executable for name in names
    }
    measured = measure(
        names,
        pythons,
        settings,
        rounds=rounds,
        iterations=iterations,
        allocator_for_all=allocator_for_all,
    )
    result = report(measured, images=N_CRITIC * batch_size)
    result["settings"] = {
        "batch size": batch_size,
        "image size": IMAGE_SIZE,
        "critic updates": N_CRITIC,
        "rounds": rounds,
        "iterations a round": iterations,
        "allocator variables": "all" if allocator_for_all else "kerasgan only",
        "load before": load,
    }
    show(result)
    if json_file:
        json_file.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
