"""The base class of logs in programs that may be on other machines."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from kerasgan.errors import UserError, shortened_message
from kerasgan.files.atomic import write_text
from kerasgan.training.callbacks.run_log import End, RunLog

PROJECT = "kerasgan"
_IDS = "logs.json"


def _read_ids(path: Path) -> dict[str, str]:
    """Returns the name of the run in each program."""
    if not path.is_file():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except msgspec.DecodeError as error:
        raise UserError(
            f"{path} is damaged ({error}): remove it, and the run is logged as a new one"
        ) from None


class RemoteLog(RunLog):
    """Keeps the name by which another program knows the run, so that a resumed one continues it.

    What fails while the model trains, such as a connection, costs the log and not the training.
    """

    program = ""  # The name of the program, for messages and in `logs.json`.
    is_open = False

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Opens the run in the other program.

        Raises:
            UserError: That fails.
        """
        path = self.run.path / _IDS
        ids = _read_ids(path)
        try:
            known = self.open(ids.get(self.program))
        except Exception as error:  # whatever the program raises
            raise UserError(
                f"Cannot log to {self.program}: {shortened_message(str(error))}"
            ) from None
        write_text(path, json.dumps({**ids, self.program: known}) + "\n")
        self.is_open = True
        self.write_first_grid()

    def open(self, known: str | None) -> str:
        """Opens the run, and returns the name by which it can be opened again.

        Args:
            known: What an earlier call returned, or `None` for a new run.
        """
        raise NotImplementedError

    def send(self, iteration: int, metrics: dict[str, float], grid: Path | None) -> None:
        """Passes on what there is of one iteration."""
        raise NotImplementedError

    def end(self, how: End) -> None:
        """Ends the run in the other program."""
        raise NotImplementedError

    def write(self, iteration: int, metrics: dict[str, float], grid: Path | None) -> None:
        if self.is_open:
            with self._without_harm():
                self.send(iteration, metrics, grid)

    def close(self, how: End) -> None:
        if self.is_open:
            with self._without_harm():
                self.end(how)
        self.is_open = False

    @contextmanager
    def _without_harm(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # whatever the program raises
            self.is_open = False
            reason = shortened_message(str(error))
            print(f"The training continues without {self.program}: {reason}", file=sys.stderr)
