"""How well the discriminator classifies images that it never trained on."""

from typing import Any

import numpy as np

from kerasgan.data import ImageSet
from kerasgan.training.callbacks.iteration_callback import IterationCallback

_BATCH_SIZE = 64


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
        model = self.model
        right = dict.fromkeys(model.classes, 0)
        for first in range(0, len(self.images), _BATCH_SIZE):
            rows = np.arange(first, min(first + _BATCH_SIZE, len(self.images)))
            output = model.discriminate(self.images.images[rows])
            for name, logits in output.class_logits.items():
                found = np.argmax(np.asarray(logits), axis=1)
                right[name] += int((found == self.images.labels[name][rows]).sum())
        return {f"held_out_{name}_accuracy": right[name] / len(self.images) for name in right}
