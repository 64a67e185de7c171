"""`kerasgan train`."""

from pathlib import Path

import click

from kerasgan.cli.parameter_types import FileName, ModelName, WholeNumber
from kerasgan.cli.quiet import import_tensorflow_quietly, restart_with_fast_allocator


@click.command()
@click.argument("recipe", type=ModelName())
@click.option("--data", type=FileName(), help="Folder or file of the data.")
@click.option(
    "--out",
    type=FileName(),
    help="Run folder.  [default: runs/RECIPE]",
)
@click.option("--iterations", type=WholeNumber(), help="Instead of the recipe's.")
@click.option("--seed", type=WholeNumber(), help="Instead of the recipe's.")
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="SECTION.KEY=VALUE",
    help="Override a key of the recipe. Repeatable.",
)
@click.option("--dry-run", is_flag=True, help="Check everything and print what would be done.")
def command(
    recipe: str,
    data: Path | None,
    out: Path | None,
    iterations: int | None,
    seed: int | None,
    overrides: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Train RECIPE, a name of the zoo or a recipe file.

    The same command goes on where a training stopped. Ctrl-C saves before it stops.
    """
    restart_with_fast_allocator()
    import_tensorflow_quietly()
    from kerasgan.recipes.recipe_file import read_recipe
    from kerasgan.training.plan import plan
    from kerasgan.training.train import train
    from kerasgan.zoo.entries import find_recipe

    path = find_recipe(recipe)
    overrides = [*overrides]
    overrides += [] if iterations is None else [f"training.iterations={iterations}"]
    overrides += [] if seed is None else [f"training.seed={seed}"]
    chosen = read_recipe(path, overrides)
    name = path.parent.name if path.name == "recipe.toml" else path.stem
    out = out or Path("runs") / name
    text = None if overrides else path.read_text(encoding="utf-8-sig")
    if dry_run:
        click.echo(plan(chosen, out, data=data, recipe_text=text))
        return
    training = train(chosen, out, data=data, recipe_text=text, progress=True)
    if training.interrupted:
        click.echo(
            f"Stopped at iteration {training.iterations} of {chosen.training.iterations}; saved "
            f"in {out}. The same command goes on from there."
        )
        raise click.exceptions.Exit(130)
    click.echo(
        f"Trained {training.iterations} iterations; the model is in {out}. "
        f"Draw from it with: kerasgan sample {out}"
    )
