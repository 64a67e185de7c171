"""The run for Weights & Biases."""

import os
import uuid
from pathlib import Path
from typing import Any

from kerasgan.training.callbacks.remote_log import PROJECT, RemoteLog
from kerasgan.training.callbacks.run_log import End


class WandbLog(RemoteLog):
    """Logs metrics and sample grids to Weights & Biases, through the package `wandb`.

    The run is in the project `kerasgan`, or in that of `$WANDB_PROJECT`, and has the recipe as its
    configuration. Its own files go to the run folder. `$WANDB_MODE` and the other variables of
    wandb are obeyed.

    A training that was killed resumes from its last checkpoint, and wandb leaves out the steps
    that it has already.
    """

    program = "wandb"
    _run: Any = None

    def open(self, known: str | None) -> str:
        import wandb  # pyright: ignore[reportMissingImports]

        known = known or uuid.uuid4().hex[:8]
        self._run = wandb.init(
            project=os.environ.get("WANDB_PROJECT", PROJECT),
            id=known,
            resume="allow",
            name=self.run.path.name,
            dir=str(self.run.path),
            config=self.run.recipe().as_dict(),
        )
        return known

    def send(self, iteration: int, metrics: dict[str, float], grid: Path | None) -> None:
        import wandb  # pyright: ignore[reportMissingImports]

        picture = {} if grid is None else {"samples": wandb.Image(str(grid))}
        self._run.log({**metrics, **picture}, step=iteration)

    def end(self, how: End) -> None:
        self._run.finish(exit_code=1 if how == "failed" else 0)
