"""The run's sample grids."""

from typing import Any

import numpy as np

from kerasgan.drawing import grid, save_picture
from kerasgan.drawing.samples import CARD_COLUMNS, draw_card_samples
from kerasgan.training.callbacks.iteration_callback import IterationCallback
from kerasgan.training.run_folder import RunFolder

_SAMPLE_SEED = 20


class Samples(IterationCallback):
    """Draws a grid from the same latents at each interval."""

    def __init__(self, folder: RunFolder, **kwargs: int) -> None:
        super().__init__(**kwargs)
        self.folder = folder

    def on_iteration(self, iteration: int, logs: dict[str, Any]) -> None:
        """Draws `samples/<iteration>.png`."""
        image = grid(self.draw(), columns=CARD_COLUMNS)
        save_picture(image, self.folder.samples / f"{iteration:06d}.png")

    def draw(self) -> np.ndarray:
        """Returns the images from the fixed latents."""
        return draw_card_samples(self.model, seed=_SAMPLE_SEED)
