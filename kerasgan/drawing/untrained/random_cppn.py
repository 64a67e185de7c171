"""Compositional pattern-producing networks of random weights, drawn in numpy."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kerasgan.class_names import Labels, numbered_labels
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.size import Size
from kerasgan.drawing.untrained.random_cppn_name import (
    COORDINATE_SCALE,
    LATENT_DIM,
    RandomCPPNName,
    parse_random_cppn,
)
from kerasgan.errors import UserError
from kerasgan.latent_arguments import image_count, latent_array
from kerasgan.randomness import philox
from kerasgan.randomness.seeds import new_seed

if TYPE_CHECKING:
    from kerasgan.drawing.engine import EngineName, Interval, TileDrawer

_OWN_SIDE = 256
# Weights that are drawn at once: half a gigabyte in float32.
_MOST_WEIGHTS = 2**27


class RandomCPPN:
    """A compositional pattern-producing network whose weights are random: art without training.

    At each pixel, with x and y in [-8, 8], r = sqrt(x^2 + y^2) and a vector u of 32 numbers from
    U(-1, 1) that all pixels share, it computes

        h_1 = tanh(W_u u + w_x x + w_y y + w_r r)
        h_i = tanh(W_i h_{i-1})        for i = 2, ..., depth
        colour = sigmoid(W h_depth)

    without biases. The latent of a picture is u and all these weights, as so many numbers from
    N(0, 1): each seed is a network of its own, a morph leads from one network to another, and psi
    makes the weights smaller and the picture smoother. All functions of `kerasgan.drawing` take it
    in the place of a trained model. It needs no TensorFlow.

    Args:
        width: Units of every hidden layer, from 1 to 256.
        depth: Number of hidden layers, the first included, from 1 to 32.
        weights: What the weights are drawn from: `"normal"` is N(0, 1), `"uniform"` U(-1, 1), and
            `"lecun"` N(0, 1 / fan-in), which makes the calmest pictures. Here x, y and r are
            layers of one input each, as where they were published.
        channels: 3 (RGB) or 1 (grey).

    Attributes:
        name: What the command line and picture files call it, such as
            `"cppn:width=32,depth=4,weights=normal,channels=3"`.

    Raises:
        UserError: An argument is out of range.

    Example:
    >>> from kerasgan.drawing import RandomCPPN, Size, render
    >>> render(RandomCPPN(), 7, Size(width=64, height=48)).shape
    (48, 64, 3)

    References:
        "Generative Art with CPPN-GANs", part I, 2018, whose code has the width of 32, the depth
            of 4 and the weights from N(0, 1).
        Ha, "Neural Network Generative Art in Javascript", 2015.
        Stanley, "Compositional pattern producing networks", 2007.
    """

    engine: "EngineName" = "numpy"
    strip_rows: int | None = None
    misfits: tuple[type[Exception], ...] = (IndexError,)
    draws_any_size = True
    has_encoder = False
    condition: tuple[str, ...] = ()

    def __init__(
        self, *, width: int = 32, depth: int = 4, weights: str = "normal", channels: int = 3
    ) -> None:
        described = RandomCPPNName(width=width, depth=depth, weights=weights, channels=channels)
        self.name = str(described)
        self._shapes = described.shapes
        self._weights = described.weights
        self.latent_dim = LATENT_DIM + sum(map(math.prod, self._shapes))
        self.image_shape = (_OWN_SIDE, _OWN_SIDE, described.channels)
        self.class_names: dict[str, list[str]] = {}

    @classmethod
    def from_name(cls, name: str) -> "RandomCPPN":
        """Returns the network that a name stands for, such as `"cppn:width=16,weights=lecun"`.

        Raises:
            UserError: The name has an unknown key, or a value that is no value of its key.
        """
        named = parse_random_cppn(name)
        return cls(
            width=named.width, depth=named.depth, weights=named.weights, channels=named.channels
        )

    def __repr__(self) -> str:
        return f"<RandomCPPN {self.name}>"

    def fingerprint(self) -> str:
        """Returns 16 digits that the architecture and the distribution determine."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:16]

    def draw_latents(self, count: int, *, seed: int | None = None) -> np.ndarray:
        """Returns latents `(count, latent_dim)`, float32 N(0, 1); the same for the same seed."""
        return self.numbered_latents(range(count), seed=new_seed() if seed is None else seed)

    def numbered_latents(self, numbers: Sequence[int], *, seed: int) -> np.ndarray:
        if len(numbers) * self.latent_dim > _MOST_WEIGHTS:
            raise UserError(
                f"{len(numbers):,} networks of {self.latent_dim:,} weights do not fit in memory "
                f"together; draw at most {_MOST_WEIGHTS // self.latent_dim:,} at once"
            )
        return philox.normal(numbers, self.latent_dim, seed=seed, purpose="random cppn")

    def numbered_labels(
        self, labels: Labels | Mapping[str, Labels] | None, count: int, *, seed: int
    ) -> dict[str, np.ndarray]:
        """Returns no labels; see `GenerativeModel.numbered_labels`."""
        return numbered_labels(labels, {}, count, lambda name: np.empty(0), model="RandomCPPN")

    def generate(
        self,
        latents: int | np.ndarray = 1,
        labels: Labels | Mapping[str, Labels] | None = None,
        *,
        seed: int | None = None,
        batch_size: int = 64,
    ) -> np.ndarray:
        """Draws images of 256x256 pixels, as `GenerativeModel.generate` does.

        Args:
            latents: How many images, or latents `(n, latent_dim)` to draw them from.
            labels: Must be `None`.
            seed: Seed of the latents; `None` takes a new one each time.
            batch_size: Means nothing here.

        Returns:
            Images `(n, 256, 256, channels)`, float32 in [0, 1].

        Raises:
            ValueError: A count is not an integer of at least 1, latents have another shape, or
                labels are given.
        """
        if np.ndim(latents) == 0:
            latents = self.draw_latents(image_count(latents, self.latent_dim), seed=seed)
        latents = latent_array(latents, self.latent_dim)
        self.numbered_labels(labels, len(latents), seed=0)
        size = Size(height=_OWN_SIDE, width=_OWN_SIDE)
        whole = (0, _OWN_SIDE)
        return np.stack([self.tile_drawer(each, size, View())(whole, whole) for each in latents])

    def generate_from_parts(self, latents: np.ndarray, parts: Sequence[np.ndarray]) -> np.ndarray:
        return self.generate(latents)

    def tile_drawer(self, latent: np.ndarray, size: Size, view: View) -> "TileDrawer":
        u, (from_u, from_places, *kernels) = self._network(latent)
        own = u @ from_u
        x, y = _axis(size.width, size, view, 0), _axis(size.height, size, view, 1)

        def draw(rows: "Interval", columns: "Interval") -> np.ndarray:
            across, down = np.meshgrid(x[slice(*columns)], y[slice(*rows)])
            places = np.stack([across, down, np.hypot(across, down)], axis=-1)
            hidden = np.tanh(places.reshape(-1, 3) @ from_places + own)
            for kernel in kernels[:-1]:
                hidden = np.tanh(hidden @ kernel)
            # The sigmoid, without the exponential's overflow.
            colours = 0.5 + 0.5 * np.tanh(0.5 * (hidden @ kernels[-1]))
            return colours.reshape(*across.shape, -1)

        return draw

    def _network(self, latent: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        """Returns u and the kernels, float32, that a latent stands for."""
        latent = np.asarray(latent, np.float32)
        u, rest = _uniform(latent[:LATENT_DIM]), latent[LATENT_DIM:]
        if self._weights == "uniform":
            rest = _uniform(rest)
        ends = np.cumsum([math.prod(shape) for shape in self._shapes])
        kernels = [
            part.reshape(shape)
            for part, shape in zip(np.split(rest, ends[:-1]), self._shapes, strict=True)
        ]
        if self._weights == "lecun":
            fans = [1 if place == 1 else shape[0] for place, shape in enumerate(self._shapes)]
            kernels = [
                kernel / np.float32(math.sqrt(fan))
                for kernel, fan in zip(kernels, fans, strict=True)
            ]
        return u, kernels


def _axis(count: int, size: Size, view: View, axis: int) -> np.ndarray:
    """Returns the coordinates of pixels, float32, as `kerasgan.layers.CoordinateDense` does."""
    steps = 2.0 * np.arange(count) - (count - 1)
    intervals = max(min(size.height, size.width) - 1, 1)
    place = view.centre[axis] + steps / intervals / view.zoom
    return (COORDINATE_SCALE * place).astype(np.float32)


def _uniform(normal: np.ndarray) -> np.ndarray:
    """Maps samples of N(0, 1) to samples of U(-1, 1), by 2 Phi(z) - 1 = erf(z / sqrt(2))."""
    values = [math.erf(value / math.sqrt(2.0)) for value in normal.tolist()]
    return np.asarray(values, np.float32)
