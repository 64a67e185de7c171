"""What is done between the steps of a training: measuring, recording, saving, ending it."""

from kerasgan.training.callbacks.checkpoint import Checkpoint
from kerasgan.training.callbacks.evaluate import Evaluate
from kerasgan.training.callbacks.held_out_accuracy import HeldOutAccuracy
from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.callbacks.learning_curve import LearningCurve
from kerasgan.training.callbacks.metrics_log import MetricsLog
from kerasgan.training.callbacks.mlflow_log import MlflowLog
from kerasgan.training.callbacks.progress_bar import ProgressBar
from kerasgan.training.callbacks.run_log import RunLog
from kerasgan.training.callbacks.sample_grid import SampleGrid
from kerasgan.training.callbacks.stop_on_divergence import StopOnDivergence
from kerasgan.training.callbacks.stop_on_signal import StopOnSignal
from kerasgan.training.callbacks.tensorboard_events import TensorBoardEvents
from kerasgan.training.callbacks.wandb_log import WandbLog

__all__ = [
    "Checkpoint",
    "Evaluate",
    "HeldOutAccuracy",
    "IterationCallback",
    "LearningCurve",
    "MetricsLog",
    "MlflowLog",
    "ProgressBar",
    "RunLog",
    "SampleGrid",
    "StopOnDivergence",
    "StopOnSignal",
    "TensorBoardEvents",
    "WandbLog",
]
