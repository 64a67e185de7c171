"""A contestant, seen from the benchmark."""

import json
import os
import statistics
import subprocess
from pathlib import Path

import click

_SCRIPTS = Path(__file__).resolve().parent.parent

# The module that is run, and what it is told beside the recipe.
CONTESTANTS = {
    "kerasgan": ("contestants.trainer", {}),
    "kerasgan-float32": ("contestants.trainer", {"precision": "float32"}),
    "kerasgan-fixed-input": ("contestants.trainer", {"fixed_input": True}),
    "keras": ("contestants.plain_keras", {}),
    "pytorch": ("contestants.pytorch", {}),
    "pytorch-float32": ("contestants.pytorch", {"float32": True}),
    "pytorch-compiled": ("contestants.pytorch", {"compiled": True}),
}

# Those that draw a large picture.
RENDERERS = {
    "render": ("contestants.renderer", {"how": "tiles"}),
    "render-litert": ("contestants.renderer", {"how": "litert"}),
    "render-one-call": ("contestants.renderer", {"how": "one call"}),
    "render-numpy": ("contestants.renderer", {"how": "numpy"}),
}


class Contestant:
    """A process that makes iterations on request.

    Args:
        name: One of `CONTESTANTS` or `RENDERERS`.
        python: The interpreter that it runs on.
        settings: What it is told: `system`, `recipe`, `images`, `data` and `folder`; a renderer
            `model`, `side` and `folder`.
        environment: Its environment variables.
        log: The file that takes what it prints.

    Raises:
        click.ClickException: The process ended; the message has the end of what it printed.
    """

    def __init__(self, name: str, python: str, settings: dict, environment: dict, log: Path):
        self.name, self.log, self.rounds, self._waits = name, log, [], []
        module, own_settings = {**CONTESTANTS, **RENDERERS}[name]
        path = [str(_SCRIPTS), str(_SCRIPTS.parent)]
        with log.open("w") as stderr:
            self._process = subprocess.Popen(
                [python, "-m", module, json.dumps({**settings, **own_settings})],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                # Safe is a path without the current folder.
                env={
                    **environment,
                    "PYTHONPATH": os.pathsep.join(path),
                    "PYTHONSAFEPATH": "1",
                },
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
        if answer["input_wait"] is not None:
            self._waits.append(sum(answer["input_wait"]) / sum(answer["seconds"]))
        self.about["peak_memory"] = answer["peak_memory"]

    def close(self) -> None:
        """Ends the process, which has nothing to save."""
        self._process.kill()
        self._process.wait()

    @property
    def medians(self) -> list[float]:
        """Seconds per iteration, one number for each round."""
        return [statistics.median(seconds) for seconds in self.rounds]

    @property
    def input_waits(self) -> list[float] | None:
        """The part of its time spent waiting for input, a number for each round, if measured."""
        return self._waits or None

    def _answer(self) -> dict:
        line = self._process.stdout.readline()
        if not line:
            printed = self.log.read_text(errors="replace")[-2000:]
            raise click.ClickException(f"{self.name} ended:\n{printed}")
        return json.loads(line)
