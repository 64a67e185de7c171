"""Small modules with the shape of the parts of wandb and mlflow that a run is logged through.

They keep what they are given. `test_logs.py` also has a test with the packages themselves, which
is slow and runs where they are installed.
"""

import importlib.machinery
import types
from pathlib import Path
from types import SimpleNamespace


def module(name, **members):
    made = types.ModuleType(name)
    made.__spec__ = importlib.machinery.ModuleSpec(name, None, origin="made for a test")
    for key, value in members.items():
        setattr(made, key, value)
    return made


class FakeWandb:
    def __init__(self):
        self.inits, self.rows, self.exits = [], [], []

    def init(self, *, project, id, resume, name, dir, config):
        self.inits.append(SimpleNamespace(**locals()))
        return self

    def log(self, values, *, step):
        self.rows.append((step, values))

    def finish(self, *, exit_code):
        self.exits.append(exit_code)

    def modules(self):
        image = staticmethod(lambda path: Path(path).read_bytes())
        return {"wandb": module("wandb", init=self.init, Image=image)}


class FakeMlflow:
    def __init__(self):
        self.experiments, self.runs = [], {}

    def get_experiment_by_name(self, name):
        known = name in self.experiments
        return SimpleNamespace(experiment_id=name) if known else None

    def create_experiment(self, name):
        self.experiments.append(name)
        return name

    def create_run(self, experiment_id, *, run_name):
        run_id = f"{experiment_id}-{run_name}-{len(self.runs)}"
        self.runs[run_id] = SimpleNamespace(
            metrics=[], params={}, artifacts={}, states=["RUNNING"], run_name=run_name
        )
        return SimpleNamespace(info=SimpleNamespace(run_id=run_id))

    def update_run(self, run_id, *, status):
        self.runs[run_id].states.append(status)

    def get_run(self, run_id):
        names = {each.key: each.value for each in self.runs[run_id].metrics}
        return SimpleNamespace(data=SimpleNamespace(metrics=names))

    def get_metric_history(self, run_id, name):
        return [each for each in self.runs[run_id].metrics if each.key == name]

    def log_batch(self, run_id, *, metrics=(), params=()):
        self.runs[run_id].metrics += metrics
        self.runs[run_id].params |= {each.key: each.value for each in params}

    def log_artifact(self, run_id, path, folder):
        self.runs[run_id].artifacts[f"{folder}/{Path(path).name}"] = Path(path).read_bytes()

    def set_terminated(self, run_id, status):
        self.runs[run_id].states.append(status)

    def modules(self):
        def metric(key, value, timestamp, step):
            return SimpleNamespace(key=key, value=value, timestamp=timestamp, step=step)

        def param(key, value):
            return SimpleNamespace(key=key, value=value)

        return {
            "mlflow": module("mlflow"),
            "mlflow.tracking": module("mlflow.tracking", MlflowClient=lambda: self),
            "mlflow.entities": module("mlflow.entities", Metric=metric, Param=param),
        }
