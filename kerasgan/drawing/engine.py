"""What an engine is: something that draws with a model."""

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

import numpy as np

from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.size import Size

EngineName = Literal["tensorflow", "litert", "numpy"]
Interval = tuple[int, int]
TileDrawer = Callable[[Interval, Interval], np.ndarray]


class Engine(Protocol):
    """What drawing needs of a model beyond what models and LiteRT files have in common.

    Attributes:
        engine: Name of the engine, which pictures keep.
        draws_any_size: Whether the generator is a CPPN.
        has_encoder: Whether the model has an encoder.
        strip_rows: How many rows of a large picture are drawn at once; `None` depends on its width.
        misfits: The errors, besides `UserError`, that latents or labels raise which do not fit.
    """

    @property
    def engine(self) -> EngineName: ...

    @property
    def strip_rows(self) -> int | None: ...

    @property
    def misfits(self) -> tuple[type[Exception], ...]: ...

    @property
    def draws_any_size(self) -> bool: ...

    @property
    def has_encoder(self) -> bool: ...

    def fingerprint(self) -> str:
        """Returns the first 16 digits of the sha256 of the weights that draw."""
        ...

    def numbered_latents(self, numbers: Sequence[int], *, seed: int) -> np.ndarray:
        """Returns the latents with these numbers, counted from 0, among those of a seed."""
        ...

    def generate_from_parts(self, latents: np.ndarray, parts: Sequence[np.ndarray]) -> np.ndarray:
        """Draws pictures of mixed classes; see `kerasgan.drawing.from_provenance.generate_mixed`.

        Args:
            latents: `(n, latent_dim)`.
            parts: For every label set, the part of each class, float32 `(n, classes)`.
        """
        ...

    def tile_drawer(self, latent: np.ndarray, size: Size, view: View) -> TileDrawer:
        """Returns a function that draws any part of a picture of a CPPN.

        Args:
            latent: `(latent_dim,)`, float32.
            size: Size of the whole picture.
            view: What part of the plane the picture shows.

        Returns:
            A function of (first, end) of rows and (first, end) of columns, ends excluded, that
            returns those pixels, float32 `(rows, columns, channels)` in [0, 1]. Several threads
            may call it at once.
        """
        ...
