#!/usr/bin/env python3
"""Measures training beside plain Keras and PyTorch, and how fast pictures are drawn.

    python scripts/benchmark.py --torch-python path/to/python --json result.json
    python scripts/benchmark.py --system rendering --rounds 3

| system | what it is |
|---|---|
| pokemon_wgan | 128x128, weight clipping, batch normalization in both networks, batch 32 |
| pokemon_fastgan | 128x128, hinge, spectral normalization, reconstruction, batch 16 |
| mnist_cppn_wgan_gp | 28x28, a network at each pixel, gradient penalty, batch 64 |
| wikiart_gangogh | 64x64, conditional, gradient penalty and a class head, batch 64 |

An iteration is `n_critic` critic updates, each on fresh real images, and 1 generator update:
`n_critic` is 5, and 1 of pokemon_fastgan.
Each contestant is a process of its own, which traces and warms up once and then waits. They take
turns: a round lets each in its turn make one iteration that is not counted and then
`--iterations` that are. A drift of the machine's speed thus meets all alike, and a round gives one
ratio of medians. "Fastest" is the fastest single iteration: where a machine's speed comes and goes
with its neighbours, it says what the others hide. "Waiting for input" is the part of kerasgan's
iterations during which the training stands still until its dataset gives the next batch, measured
in these iterations; the images were decoded before. Peak memory is the process's largest resident
set, imports included.

Measure on an idle machine. PyTorch's threads wait for one another after each operation: a core that
is busy elsewhere slows it many times, TensorFlow much less.

| contestant | what it is |
|---|---|
| kerasgan | `train()` on the system's recipe, in the precision it chooses itself |
| kerasgan-float32 | the same in float32 |
| kerasgan-fixed-input | as kerasgan, fed one batch over and over: what the input costs |
| keras | plain Keras, float32: `train_step` and `fit` |
| pytorch | bfloat16 autocast, channels last, eager |
| pytorch-float32 | the same in float32 |
| pytorch-compiled | as pytorch, through `torch.compile`; a gradient penalty stays eager |

PyTorch's best is the fastest of the last three. `torch.compile` does not support double backward,
so it cannot have the gradient penalty. There is no pokemon_fastgan in plain Keras.

Equal in all: the recipe, which they are all given (`benchmarking.systems` says where it differs
from the zoo's), and so the layers and their sizes, the optimizers and their settings, the losses,
the number of images; batch normalization in training mode; one interpolation weight for each
image, and the norms of the gradient penalty in float32; the clipping of everything that the
critic's optimizer moves; whether reals and fakes meet the critic in batches of their own, as
published, or in one (`--batches`, in the generator's update too); the float32 master weights.

Not equal, to the package's disadvantage: it also keeps a moving average of the generator, draws
noise that does not depend on what was drawn before, logs more numbers, looks for divergence and
moves a progress bar, shifts images within their margins, balances classes, centres its
convolutions, computes a CPPN's first layer in float32 always, and makes its augmentation
reproducible; the others flip images held in memory. To its advantage: its process has the
allocator variables that `kerasgan train` sets (`--allocator-for-all` gives them to everyone). Not
in its times: a checkpoint and a sample grid every 200 iterations or so.

The system `rendering` draws a picture of `mnist_cppn_wgan_gp` in float32:

| contestant | what it is |
|---|---|
| render | `render_to_file` at 4096x4096, the PNG file included |
| render-litert | the same, drawn by LiteRT |
| render-one-call | all pixels of 1024x1024 in one call of the generator |
| render-numpy | 1024x1024 in numpy, in tiles of the same size and with the first layer factored |

The pictures differ in size, so these are compared in pixels per second. A round is a picture of
each that is not counted and one that is. Of the options only `--rounds`, `--allocator-for-all` and
`--json` concern it.

The system `sampling` runs `kerasgan sample pokemon_wgan --count 32` in new processes, with
`--engine litert` and `--engine tensorflow` in turns, and compares the processor seconds of whole
processes. Of the options only `--rounds` and `--json` concern it.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from benchmarking.contestant import CONTESTANTS, Contestant
from benchmarking.images import decode, stand_in
from benchmarking.rendering import RENDERING, measure_rendering, show_rendering
from benchmarking.report import machine, results, show
from benchmarking.sampling import SAMPLING, measure_sampling, show_sampling
from benchmarking.systems import SYSTEMS, system_recipe

DEFAULT_CONTESTANTS = "kerasgan,keras,pytorch,pytorch-float32"


def measure(system, names, pythons, *, data, schedule, recipe_options, environment_of):
    """Measures one system and returns the results."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        folder = Path(folder)
        recipe = system_recipe(system, **recipe_options)
        description, own_cache = str(data), {}
        if data is None:
            own_cache = {"KERASGAN_CACHE": str(folder / "cache")}
            data, description = stand_in(system, recipe, folder / "noise")
            if recipe.data.source.startswith("tfds"):
                recipe = system_recipe(system, **recipe_options, overrides=("data.source=images",))
        decode(recipe, data, folder / "images.npz", own_cache)
        settings = {
            "system": system,
            "recipe": recipe.as_dict(),
            "images": str(folder / "images.npz"),
            "data": str(data),
        }
        contestants = []
        for name in names:
            click.echo(f"{system}: starting {name} ...", err=True)
            environment = {**environment_of(name), **own_cache}
            own = {**settings, "folder": str(folder / name)}
            contestant = Contestant(name, pythons[name], own, environment, folder / f"{name}.log")
            stack.callback(contestant.close)
            contestants.append(contestant)
        for number in range(1, schedule["rounds"] + 1):
            click.echo(f"{system}: round {number} of {schedule['rounds']} ...", err=True)
            for contestant in contestants:
                contestant.run(schedule["iterations"])
    batch_size, n_critic = recipe.training.batch_size, recipe.model.get("n_critic", 1)
    result = results(contestants, images=n_critic * batch_size)
    result["settings"] = {
        "batch size": batch_size,
        "image size": recipe.data.side,
        "critic updates": n_critic,
        "batches": "joint" if recipe.model.get("joint_batches") else "separate",
        "data": description,
        **schedule,
    }
    return result


def environments(allocator_for_all):
    """Returns a function from a contestant's name to its environment variables."""
    # The variables are private to the command line, and the very ones to be measured.
    from kerasgan.cli.quiet import _ALLOCATOR as allocator

    def environment_of(name):
        with_allocator = allocator_for_all or name.startswith("kerasgan")
        return {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **(allocator if with_allocator else {})}

    return environment_of


def has_torch(python):
    code = "import importlib.util as u, sys; sys.exit(u.find_spec('torch') is None)"
    return subprocess.call([python, "-c", code]) == 0


def has_module(contestant, system):
    """Whether the contestant makes the system; kerasgan makes all."""
    module, _ = CONTESTANTS[contestant]
    folder = Path(__file__).resolve().parent / module.replace(".", "/")
    return not folder.is_dir() or (folder / f"{system}.py").is_file()


@click.command()
@click.option(
    "--system",
    "systems",
    multiple=True,
    type=click.Choice([*SYSTEMS, RENDERING, SAMPLING]),
    help="What to measure; may be repeated.  [default: all]",
)
@click.option("--rounds", default=15, show_default=True, type=click.IntRange(1))
@click.option("--iterations", default=1, show_default=True, type=click.IntRange(1), help="A round.")
@click.option("--batch-size", type=click.IntRange(1), help="Instead of the system's own.")
@click.option(
    "--batches",
    default="separate",
    show_default=True,
    type=click.Choice(["separate", "joint"]),
    help="How reals and fakes meet the critic.",
)
@click.option(
    "--contestants",
    default=DEFAULT_CONTESTANTS,
    show_default=True,
    help="Names, comma-separated; the first is what the ratios are to.",
)
@click.option(
    "--data",
    multiple=True,
    type=(click.Choice([*SYSTEMS]), click.Path(exists=True, path_type=Path)),
    metavar="SYSTEM PATH",
    help="The data of a system, as `kerasgan train` takes it; without it, images are made up.",
)
@click.option("--torch-python", default=sys.executable, help="A Python that has PyTorch.")
@click.option("--allocator-for-all", is_flag=True, help="Allocator variables for everyone.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Save the results.")
def main(
    systems,
    rounds,
    iterations,
    batch_size,
    batches,
    contestants,
    data,
    torch_python,
    allocator_for_all,
    json_file,
):
    """Measure kerasgan's training step and rendering beside other ways to do the same."""
    systems = systems or (*SYSTEMS, RENDERING, SAMPLING)
    names = contestants.split(",")
    if unknown := [name for name in names if name not in CONTESTANTS]:
        raise click.BadParameter(f"{unknown[0]!r} is none of {', '.join(CONTESTANTS)}")
    trains = not {*systems} <= {RENDERING, SAMPLING}
    wants_torch = trains and any(name.startswith("pytorch") for name in names)
    if wants_torch and not has_torch(torch_python):
        if contestants != DEFAULT_CONTESTANTS:
            raise click.UsageError(f"{torch_python} has no PyTorch; give --torch-python")
        click.echo("Without PyTorch: give --torch-python to measure it too.", err=True)
        names = [name for name in names if not name.startswith("pytorch")]
    data = {system: path.resolve() for system, path in data}
    report = {"machine": machine(), "systems": {}}
    report["machine"]["allocator variables"] = "all" if allocator_for_all else "kerasgan only"
    click.echo("; ".join(f"{key}: {value}" for key, value in report["machine"].items()))
    if (report["machine"]["load before"] or 0.0) > 0.5:
        click.echo("This machine is busy: the results will be unfair, to PyTorch most.", err=True)
    environment_of = environments(allocator_for_all)
    for system in systems:
        if system == RENDERING:
            result = measure_rendering(rounds, environment_of)
            show_rendering(result)
        elif system == SAMPLING:
            result = measure_sampling(rounds, dict(os.environ))
            show_sampling(result)
        else:
            result = measure(
                system,
                [name for name in names if has_module(name, system)],
                {name: torch_python if "torch" in name else sys.executable for name in names},
                data=data.get(system),
                schedule={"rounds": rounds, "iterations": iterations},
                recipe_options={"batch_size": batch_size, "joint_batches": batches == "joint"},
                environment_of=environment_of,
            )
            show(system, result)
        report["systems"][system] = result
        if json_file:
            json_file.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
