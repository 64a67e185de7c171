"""The run for MLflow."""

import os
import time
from pathlib import Path
from typing import Any

from kerasgan.training.callbacks.remote_log import PROJECT, RemoteLog
from kerasgan.training.callbacks.run_log import End

_MOST_PARAMETERS = 100  # in a call of the client
_LONGEST = 500


class MlflowLog(RemoteLog):
    """Logs metrics and sample grids to MLflow, through the package `mlflow`.

    The run is in the experiment `kerasgan`, or in that of `$MLFLOW_EXPERIMENT_NAME`, and has the
    recipe as its parameters. `$MLFLOW_TRACKING_URI` says where, and the package where not.

    A training that was killed resumes from its last checkpoint; iterations that MLflow has already
    are not logged again.
    """

    program = "mlflow"
    _client: Any = None
    _run_id = ""
    _logged = -1  # The last iteration that MLflow has.

    def open(self, known: str | None) -> str:
        from mlflow.tracking import MlflowClient  # pyright: ignore[reportMissingImports]

        self._client = MlflowClient()
        if known is not None:
            self._run_id = known
            self._client.update_run(known, status="RUNNING")
            for name in self._client.get_run(known).data.metrics:
                steps = [each.step for each in self._client.get_metric_history(known, name)]
                self._logged = max(self._logged, *steps)
            return known
        name = os.environ.get("MLFLOW_EXPERIMENT_NAME", PROJECT)
        experiment = self._client.get_experiment_by_name(name)
        number = (
            self._client.create_experiment(name) if experiment is None else experiment.experiment_id
        )
        run = self._client.create_run(number, run_name=self.run.path.name)
        self._run_id = run.info.run_id
        self._log_parameters()
        return self._run_id

    def send(self, iteration: int, metrics: dict[str, float], grid: Path | None) -> None:
        from mlflow.entities import Metric  # pyright: ignore[reportMissingImports]

        if iteration <= self._logged:
            return
        now = int(time.time() * 1000)
        self._client.log_batch(
            self._run_id,
            metrics=[Metric(name, value, now, iteration) for name, value in metrics.items()],
        )
        if grid is not None:
            self._client.log_artifact(self._run_id, str(grid), "samples")

    def end(self, how: End) -> None:
        states = {"finished": "FINISHED", "stopped": "KILLED", "failed": "FAILED"}
        self._client.set_terminated(self._run_id, states[how])

    def _log_parameters(self) -> None:
        from mlflow.entities import Param  # pyright: ignore[reportMissingImports]

        parameters = [
            Param(name, str(value)[:_LONGEST])
            for name, value in self.run.recipe().as_flat_dict().items()
            if value not in (None, "", [])
        ]
        for first in range(0, len(parameters), _MOST_PARAMETERS):
            self._client.log_batch(
                self._run_id, params=parameters[first : first + _MOST_PARAMETERS]
            )
