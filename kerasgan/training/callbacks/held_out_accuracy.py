"""How well the discriminator classifies images that it never trained on."""

from typing import Any

from kerasgan.data import ImageSet
from kerasgan.metrics.confusion import check_classifies, held_out_confusions
from kerasgan.training.callbacks.iteration_callback import IterationCallback


class HeldOutAccuracy(IterationCallback):
    """Adds `held_out_<label set>_accuracy`, in [0, 1], to the metrics of some iterations.

    Args:
        images: The held-out images, with the label sets of the model.
        every, last: See `IterationCallback`.
    """

    def __init__(self, images: ImageSet, *, every: int, last: int | None = None) -> None:
        super().__init__(every=every, last=last)
        self.images = images

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Checks that the model classifies images of these classes.

        Raises:
            UserError: See `kerasgan.metrics.confusion.check_classifies`.
        """
        check_classifies(self.gan, self.images)

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Classifies the held-out images."""
        logs.update(self.accuracies())

    def accuracies(self) -> dict[str, float]:
        """Returns the fraction of images that are classified correctly, by metric name."""
        confusions = held_out_confusions(self.gan, self.images)
        return {f"held_out_{name}_accuracy": each.accuracy for name, each in confusions.items()}
