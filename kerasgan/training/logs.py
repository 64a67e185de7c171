"""The programs that a run can be logged to."""

import importlib.util
from collections.abc import Sequence

from kerasgan.errors import UserError, did_you_mean
from kerasgan.training import callbacks
from kerasgan.training.run_folder import RunFolder

_LOGS = {
    "tensorboard": callbacks.TensorBoardEvents,
    "wandb": callbacks.WandbLog,
    "mlflow": callbacks.MlflowLog,
}


def check_logs(names: Sequence[str]) -> None:
    """Checks that the packages of logs are installed.

    Args:
        names: Any of `"tensorboard"`, `"wandb"` and `"mlflow"`.

    Raises:
        UserError: There is no such log, or its package is not installed.
    """
    for name in names:
        if name not in _LOGS:
            raise UserError(f"There is no log {name!r}{did_you_mean(name, _LOGS)}")
        if not is_installed(name):
            raise UserError(f"The log {name} needs its package: pip install 'kerasgan[{name}]'")


def logs_of(
    names: Sequence[str], run: RunFolder, *, every: int, last: int
) -> list[callbacks.RunLog]:
    """Returns the callbacks of logs, and that of TensorBoard wherever that is installed.

    Args:
        names: As in `check_logs`.
        run: The run.
        every: Iterations between entries.
        last: Number of the last iteration.
    """
    used = [name for name in _LOGS if name in names or name == "tensorboard"]
    return [_LOGS[name](run, every=every, last=last) for name in used if is_installed(name)]


def is_installed(name: str) -> bool:
    """Returns whether a program that follows trainings is installed."""
    spec = importlib.util.find_spec(name)
    # A mere folder of that name, such as `wandb` in the current one, has no origin.
    return spec is not None and spec.origin is not None
