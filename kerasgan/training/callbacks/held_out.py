"""How well the discriminator classifies images that it never trained on."""

from typing import Any

import numpy as np

from kerasgan.data import ImageSet
from kerasgan.training.callbacks.iteration_callback import IterationCallback


class HeldOut(IterationCallback):
    """Adds `held_out_accuracy` of each label set to the metrics, before they are logged.

    The accuracy is logged as often as it is measured, in [0, 1].
    """

    def __init__(self, images: ImageSet, **kwargs: int) -> None:
        super().__init__(**kwargs)
        self.images = images

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Classifies the held-out images."""
        logs.update(self.accuracies())

    def accuracies(self) -> dict[str, float]:
        """Returns the fraction of held-out images whose class is found, by metric name."""
        logits = self.model.discriminate(self.images.images).class_logits
        return {
            f"held_out_{name}_accuracy": float(
                np.mean(np.argmax(of_set, axis=1) == self.images.labels[name])
            )
            for name, of_set in logits.items()
        }
