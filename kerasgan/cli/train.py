"""`kerasgan train`."""

import shlex
from pathlib import Path

import click

from kerasgan.cli.parameter_types import FileName, ModelName, WholeNumber
from kerasgan.cli.quiet import import_tensorflow_quietly, restart_with_fast_allocator
from kerasgan.cli.recipe_options import overrides_option, recipe_path
from kerasgan.distribution.workers import is_chief, set_workers
from kerasgan.errors import shortened, shortened_path

_EXAMPLES = (
    "\b\nExamples:\n"
    "  kerasgan train fastgan --data my_images/ --out runs/mine\n"
    "  kerasgan train mnist_cppn_wgan_gp --data data --set training.batch_size=32"
)


@click.command(epilog=_EXAMPLES, context_settings={"allow_extra_args": True})
@click.argument("recipe", required=False, type=ModelName())
@click.option("--list", "is_list", is_flag=True, help="Show the shipped recipes, and exit.")
@click.option(
    "--data",
    type=FileName(),
    help="Folder or file of the training images.  [default: the recipe's, or the run's]",
)
@click.option(
    "--out",
    type=FileName(),
    help="Run folder, for checkpoints, samples and the log.  [default: runs/RECIPE, or RECIPE if "
    "it is a run folder]",
)
@click.option(
    "--iterations", type=WholeNumber(), help="Number of iterations, instead of the recipe's."
)
@click.option("--seed", type=WholeNumber(), help="Seed of the training, instead of the recipe's.")
@overrides_option
@click.option(
    "--init",
    type=ModelName(),
    metavar="MODEL",
    help="Start from the weights of a model: its name in the zoo, the folder of a zoo entry, a run "
    "folder, or hf://USER/NAME.",
)
@click.option(
    "--freeze-discriminator",
    type=WholeNumber(min=0),
    metavar="N",
    help="Leave the discriminator's first N layers with weights as --init has them.",
)
@click.option(
    "--log",
    multiple=True,
    type=click.Choice(["tensorboard", "wandb", "mlflow"]),
    help="Log to this program too. It can be given several times. TensorBoard's events are "
    "written wherever it is installed.",
)
@click.option(
    "--devices",
    metavar="all|N|cpu:N",
    help="Train on all GPUs, on N of them, or on N logical devices of the processor, which share "
    "its cores. The recipe's batch is divided among them.",
)
@click.option(
    "--workers",
    metavar="HOST:PORT,...",
    help="Train together with these processes, this one included: the same command is run on "
    "each. The first one writes the run folder. Sets TF_CONFIG.",
)
@click.option(
    "--worker-index", type=WholeNumber(), help="Which of --workers this process is, from 0."
)
@click.option(
    "--dry-run", is_flag=True, help="Check everything, print what would be done, and train nothing."
)
@click.option(
    "--all-settings",
    is_flag=True,
    help="With --dry-run, also print the recipe with every setting, as changed for the data.",
)
@click.pass_context
def command(
    context: click.Context,
    recipe: str | None,
    is_list: bool,
    data: Path | None,
    out: Path | None,
    iterations: int | None,
    seed: int | None,
    overrides: tuple[str, ...],
    init: str | None,
    freeze_discriminator: int | None,
    log: tuple[str, ...],
    devices: str | None,
    workers: str | None,
    worker_index: int | None,
    dry_run: bool,
    all_settings: bool,
) -> None:
    """Train RECIPE on images, or resume its training.

    RECIPE is a name that `kerasgan train --list` shows, a .toml file, the folder of a zoo entry, or
    hf://USER/NAME for a zoo entry on the Hugging Face Hub; of an entry the recipe in it is used.

    Ctrl-C saves a checkpoint. Run the same command again to resume, or name the run folder as
    RECIPE: the recipe and the data are then those that it was started with.
    """
    if context.args:
        raise click.UsageError(_unexpected(context.args, data))
    if is_list:
        _list_recipes()
        return
    if recipe is None:
        raise click.UsageError("Missing argument 'RECIPE'; kerasgan train --list shows some.")
    if (workers is None) != (worker_index is None):
        raise click.UsageError("--workers and --worker-index belong together: give both")
    if all_settings and not dry_run:
        raise click.UsageError("--all-settings needs --dry-run")
    restart_with_fast_allocator()  # The command begins anew, once.
    if workers is not None and worker_index is not None:
        set_workers(workers, worker_index)
    import_tensorflow_quietly()
    from kerasgan.recipes import read_recipe
    from kerasgan.training import plan, train
    from kerasgan.training.logs import check_logs
    from kerasgan.training.run_folder import RunFolder
    from kerasgan.zoo.card_commands import entry_name
    from kerasgan.zoo.entries import as_argument
    from kerasgan.zoo.hub_address import is_hub_address

    path = recipe_path(recipe)
    changes = [*overrides]
    changes += [] if iterations is None else [f"training.iterations={iterations}"]
    changes += [] if seed is None else [f"training.seed={seed}"]
    chosen = read_recipe(path, changes)
    name = path.resolve().parent.name if path.name == "recipe.toml" else path.stem
    name = entry_name(recipe) if is_hub_address(recipe) else name
    out = out or (path.parent if RunFolder(path.parent).exists else Path("runs") / name)
    text = None if changes else path.read_text(encoding="utf-8-sig")
    start = {"init": init, "freeze_discriminator": freeze_discriminator}
    if dry_run:
        check_logs(log)
        click.echo(
            plan(
                chosen,
                out,
                data=data,
                recipe_text=text,
                devices=devices,
                include_recipe=all_settings,
                progress=True,
                **start,
            )
        )
        if not all_settings:
            click.echo("\nAdd --all-settings to see every setting of the recipe.")
        return
    training = train(
        chosen,
        out,
        data=data,
        recipe_text=text,
        log=log,
        devices=devices,
        **start,
        progress=is_chief(),
    )
    if training.interrupted:
        if is_chief():
            click.echo(
                f"Stopped at iteration {training.iterations} of {chosen.training.iterations}; "
                f"saved in {out}. Run the same command again to resume."
            )
        raise click.exceptions.Exit(130)
    if not is_chief():
        return
    click.echo(
        f"Trained {training.iterations} iterations; the model is in {out}. "
        f"Draw from it with: kerasgan sample {as_argument(out)}"
    )
    if (animation := out / "progress.webp").is_file():
        click.echo(f"How it learned: {animation}")


def _unexpected(extra: list[str], data: Path | None) -> str:
    """Says what to do about arguments after the recipe, which are pictures."""
    if data is None:
        what = f"an unexpected argument {shortened(extra[0])!r}"
        return f"Got {what}; give pictures as --data {shlex.quote(shortened_path(extra[0]))}"
    files = shortened(" ".join(extra))
    return (
        f"Got unexpected arguments ({files}); --data takes one folder or file: give the folder of "
        f"the pictures, as --data {shlex.quote(str(data.parent))}"
    )


def _list_recipes() -> None:
    """Prints a line about each shipped recipe."""
    from kerasgan.recipes.shipped import recipes, summary

    for name in recipes():
        about = summary(name)
        size = f"{about.image_size}x{about.image_size}"
        click.echo(f"{name:32} {about.objective:18} {size:>9}  {about.data_set}")
