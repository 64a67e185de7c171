"""The runs of a comparison: their folders, how they are trained, and what they came to."""

import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from kerasgan.cli.quiet import _ALLOCATOR as ALLOCATOR
from kerasgan.cli.quiet import import_tensorflow_quietly
from kerasgan.errors import TrainingDiverged, UserError
from kerasgan.files.atomic import write_text
from kerasgan.recipes.recipe import Recipe
from kerasgan.training.run_folder import RunFolder

_DIVERGED = "diverged.json"
MEASURES = ("frechet_distance", "frechet_ratio", "precision", "recall", "coverage")


class Interrupted(Exception):
    """A signal ended a run early; it has been saved."""


@dataclass(frozen=True)
class State:
    """How far a run came.

    Attributes:
        iterations: Iterations done.
        curve: The measures at some of them, each with its `iteration`.
        diverged: Why the run ended early, if it did.
    """

    iterations: int
    curve: list[dict[str, float]]
    diverged: str | None

    def at(self, iteration: int) -> dict[str, float] | None:
        """Returns the last measures up to an iteration, or `None` before the run came there."""
        before = [line for line in self.curve if line["iteration"] <= iteration]
        return before[-1] if before and self.iterations >= iteration else None

    def is_finished(self, iterations: int) -> bool:
        """Returns whether there is nothing left to train."""
        return self.diverged is not None or self.iterations >= iterations


def read_state(folder: Path) -> State:
    """Returns how far the run in a folder came, which need not exist."""
    lines = RunFolder(folder).log()
    curve = [
        {name: line[name] for name in ("iteration", *MEASURES)}
        for line in lines
        if "frechet_distance" in line
    ]
    diverged = folder / _DIVERGED
    reason = None
    if diverged.is_file():
        # What follows names the run's folder, and how to go on.
        reason = json.loads(diverged.read_text())["reason"].partition(";")[0]
    return State(lines[-1]["iteration"] if lines else 0, curve, reason)


def train_run(recipe: dict[str, Any], folder: Path, data: Path | None) -> None:
    """Trains a run, or resumes it, up to its recipe's iterations, its divergence or a signal.

    Raises:
        Interrupted: A signal ended it.
    """
    from kerasgan.recipes.recipe_file import recipe_from_dict
    from kerasgan.training import train

    parsed = recipe_from_dict(recipe, where=str(folder))
    try:
        training = train(parsed, folder, data=data, progress=True)
    except TrainingDiverged as error:
        write_text(folder / _DIVERGED, json.dumps({"reason": str(error)}) + "\n")
        return
    if training.interrupted:
        raise Interrupted


def train_in_process(recipe: Recipe, folder: Path, data: Path | None) -> None:
    """Trains a run as `train_run` does, in a process of its own, whose memory ends with it.

    Raises:
        Interrupted: A signal ended it.
        SystemExit: It failed; the process has said why.
    """
    in_process(train_run, recipe.as_dict(), folder, data)


def in_process(function: Callable[..., Any], *arguments: Any) -> Any:
    """Returns what a function returns that is called in a process of its own, as commands are.

    Raises:
        Interrupted: The function raised it, or a signal came.
        SystemExit: It failed; the process has said why.
    """
    os.environ.update({name: value for name, value in ALLOCATOR.items() if name not in os.environ})
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_called, args=(sender, function, arguments))
    signals: list[int] = []
    # Ctrl-C reaches the process by itself, and a second signal would end it before it has saved.
    handlers = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda number, frame: signals.append(number)),
        signal.SIGTERM: signal.signal(signal.SIGTERM, partial(_pass_on, process, signals)),
    }
    try:
        process.start()
        sender.close()
        try:
            how, value = receiver.recv()
        except EOFError:
            how, value = "failed", None
        process.join()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if signals or how == "interrupted":
        raise Interrupted
    if how == "failed":
        raise SystemExit(2)
    return value


def _pass_on(process: Any, signals: list[int], number: int, frame: Any) -> None:
    signals.append(number)
    process.terminate()


def _called(sender: Any, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    import_tensorflow_quietly()
    try:
        sender.send(("returned", function(*arguments)))
    except (Interrupted, KeyboardInterrupt):
        sender.send(("interrupted", None))
    except UserError as error:
        print(f"Error: {error}", file=sys.stderr)
