"""`kerasgan progress`."""

from pathlib import Path

import click

from kerasgan.cli.parameter_types import FileName


@click.command()
@click.argument("run", type=FileName())
def command(run: Path) -> None:
    """Animate the sample grids of the training in the folder RUN, as RUN/progress.webp.

    A training does so at its end; this is for one that is still running or was stopped early. The
    curves of losses and measures are in RUN/progress.png, if the recipe measures.
    """
    from kerasgan.training import animate_progress

    click.echo(f"Wrote {animate_progress(run)}")
