"""What happens around a training's steps."""

from kerasgan.training.callbacks.checkpoint import Checkpoint
from kerasgan.training.callbacks.evaluate import Evaluate
from kerasgan.training.callbacks.held_out import HeldOut
from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.callbacks.log import Log
from kerasgan.training.callbacks.plot import Plot
from kerasgan.training.callbacks.progress import Progress
from kerasgan.training.callbacks.samples import Samples
from kerasgan.training.callbacks.stop_on_divergence import StopOnDivergence
from kerasgan.training.callbacks.stop_on_signal import StopOnSignal
from kerasgan.training.callbacks.tensorboard_events import TensorBoardEvents

__all__ = [
    "Checkpoint",
    "Evaluate",
    "HeldOut",
    "IterationCallback",
    "Log",
    "Plot",
    "Progress",
    "Samples",
    "StopOnDivergence",
    "StopOnSignal",
    "TensorBoardEvents",
]
