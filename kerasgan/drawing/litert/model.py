"""A model that LiteRT draws with, in place of a Keras model in `kerasgan.drawing`."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kerasgan.class_names import Labels, numbered_labels
from kerasgan.distribution.cores import available_cores
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.litert.description import TILE, FunctionName, read_description
from kerasgan.drawing.litert.interpreters import Interpreters
from kerasgan.drawing.size import Size
from kerasgan.latent_arguments import image_count, latent_array
from kerasgan.randomness import philox
from kerasgan.randomness.seeds import new_seed

if TYPE_CHECKING:
    from kerasgan.drawing.engine import EngineName, Interval, TileDrawer
    from kerasgan.models import AdversarialModel

# More threads would each need an interpreter, and memory for its activations.
_MOST_WORKERS = 8


class LiteRTModel:
    """The LiteRT files of a model, which draw without TensorFlow.

    It has what `kerasgan.drawing` uses of Keras models: the functions there take either. The same
    seed draws the same latents up to the last bit of a float, the same classes, and pictures that
    differ from TensorFlow's by at most three grey levels of 255.

    Args:
        folder: A folder that `kerasgan.export.export_litert` wrote.
        load_in_tensorflow: Loads the Keras model of these files, for what only TensorFlow does;
            `None` refuses that.

    Attributes:
        description: What the files are; see `kerasgan.drawing.litert.description`.
        latent_dim: Length of the latents.
        image_shape: `(height, width, channels)` of the model's own pictures.
        class_names: The names of the classes, by label set.
        condition: The names of the label sets.

    Raises:
        UserError: The folder has no such files, they are damaged, or LiteRT is not installed.

    Example:
    >>> model = LiteRTModel("pokemon_litert")
    >>> model.generate(4, seed=0).shape
    (4, 128, 128, 3)
    """

    engine: "EngineName" = "litert"
    strip_rows: int | None = TILE
    misfits: tuple[type[Exception], ...] = (IndexError,)

    def __init__(
        self,
        folder: str | Path,
        *,
        load_in_tensorflow: "Callable[[], AdversarialModel] | None" = None,
    ) -> None:
        self.description = read_description(folder)
        self.load_in_tensorflow = load_in_tensorflow
        self.latent_dim = self.description.latent_dim
        self.image_shape = self.description.image_shape
        self.class_names = self.description.classes
        self.condition = tuple(self.class_names)
        self._folder = Path(folder)
        self._functions: dict[FunctionName, Interpreters] = {}
        self._function("tile" if self.draws_any_size else "generate")

    @property
    def draws_any_size(self) -> bool:
        return "tile" in self.description.functions

    @property
    def has_encoder(self) -> bool:
        return "encode" in self.description.functions

    def fingerprint(self) -> str:
        return self.description.weights

    def draw_latents(self, count: int, *, seed: int | None = None) -> np.ndarray:
        """Returns latents `(count, latent_dim)`, float32 N(0, 1); the same for the same seed."""
        return self.numbered_latents(range(count), seed=new_seed() if seed is None else seed)

    def numbered_latents(self, numbers: Sequence[int], *, seed: int) -> np.ndarray:
        return philox.normal(numbers, self.latent_dim, seed=seed, purpose="generate")

    def numbered_labels(
        self, labels: Labels | Mapping[str, Labels] | None, count: int, *, seed: int
    ) -> dict[str, np.ndarray]:
        """Does what `GenerativeModel.numbered_labels` does."""

        def random(name: str) -> np.ndarray:
            below = len(self.class_names[name])
            return philox.integers(count, below, seed=seed, purpose=f"generate {name}")

        model = self.description.name or "The model"
        return numbered_labels(labels, self.class_names, count, random, model=model)

    def generate(
        self,
        latents: int | np.ndarray = 1,
        labels: Labels | Mapping[str, Labels] | None = None,
        *,
        seed: int | None = None,
        batch_size: int = 64,
    ) -> np.ndarray:
        """Draws images, as `GenerativeModel.generate` does, one after the other on each core.

        Args:
            latents: How many images, or latents `(n, latent_dim)` to draw them from.
            labels: For a conditional model, the classes; see `GenerativeModel.generate`.
            seed: Seed of the latents and of classes not given; `None` takes a new one each time.
            batch_size: Means nothing here.

        Returns:
            Images `(n, height, width, channels)`, float32 in [0, 1].

        Raises:
            ValueError: Latents have another shape, or labels are unknown or given to a model that
                takes none.
        """
        seed = new_seed() if seed is None else seed
        if np.ndim(latents) == 0:
            latents = self.draw_latents(image_count(latents, self.latent_dim), seed=seed)
        latents = latent_array(latents, self.latent_dim)
        numbers = self.numbered_labels(labels, len(latents), seed=seed)
        one_hots = [
            np.eye(len(self.class_names[name]), dtype=np.float32)[chosen]
            for name, chosen in numbers.items()
        ]
        return self.generate_from_parts(latents, one_hots)

    def generate_from_parts(self, latents: np.ndarray, parts: Sequence[np.ndarray]) -> np.ndarray:
        latents = latent_array(latents, self.latent_dim)
        images = np.empty((len(latents), *self.image_shape), np.float32)
        height, width, _ = self.image_shape

        def draw(index: int) -> None:
            if self.draws_any_size:
                size = Size(height=height, width=width)
                tile = self.tile_drawer(latents[index], size, View())
                images[index] = tile((0, height), (0, width))
                return
            chosen = {
                name: part[index : index + 1]
                for name, part in zip(self.condition, parts, strict=True)
            }
            function = self._function("generate")
            images[index] = function(latents=latents[index : index + 1], **chosen)[0]

        with ThreadPoolExecutor(min(available_cores(), _MOST_WORKERS), "pictures") as pool:
            list(pool.map(draw, range(len(latents))))
        return images

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Returns the latents `(n, latent_dim)`, float32, of images in [0, 1]."""
        function = self._function("encode")
        parts = np.asarray(images, np.float32)[:, np.newaxis]
        return np.concatenate([function(images=image) for image in parts])

    def tile_drawer(self, latent: np.ndarray, size: Size, view: View) -> "TileDrawer":
        x, y = self._coordinates(size, view)
        function = self._function("tile")
        latents = np.asarray(latent, np.float32)[np.newaxis]

        def draw(rows: "Interval", columns: "Interval") -> np.ndarray:
            shape = (rows[1] - rows[0], columns[1] - columns[0], self.image_shape[2])
            picture = np.empty(shape, np.float32)
            for top in range(0, shape[0], TILE):
                for left in range(0, shape[1], TILE):
                    part = picture[top : top + TILE, left : left + TILE]
                    height, width, _ = part.shape
                    first_row, first_column = rows[0] + top, columns[0] + left
                    tile = function(
                        latents=latents,
                        x=_padded(x[first_column : first_column + width]),
                        y=_padded(y[first_row : first_row + height]),
                    )
                    part[:] = tile[0, :height, :width]
            return picture

        return draw

    def _coordinates(self, size: Size, view: View) -> tuple[np.ndarray, np.ndarray]:
        """Returns what `kerasgan.layers.CoordinateDense.coordinates` does, in bits."""
        scale = np.float32(self.description.coordinate_scale)
        intervals = np.float32(max(min(size.height, size.width) - 1, 1))

        def axis(count: int, middle: float) -> np.ndarray:
            steps = (2 * np.arange(count) - (count - 1)).astype(np.float32)
            return scale * (np.float32(middle) + steps / intervals / np.float32(view.zoom))

        return axis(size.width, view.centre[0]), axis(size.height, view.centre[1])

    def _function(self, name: FunctionName) -> Interpreters:
        if name not in self._functions:
            function = self.description.functions[name]
            self._functions[name] = Interpreters(self._folder / function.file, function)
        return self._functions[name]


def _padded(coordinates: np.ndarray) -> np.ndarray:
    """Returns coordinates and zeros, as many as a tile has."""
    return np.pad(coordinates, (0, TILE - len(coordinates)))
