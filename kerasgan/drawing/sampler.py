"""The `Sampler` of "Generating Large Images from Latent Vectors", for any model."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from kerasgan.drawing.animation import save_animation
from kerasgan.drawing.any_size.any_size import check_any_size
from kerasgan.drawing.drawn_picture import DrawnPicture
from kerasgan.drawing.encode import encode
from kerasgan.drawing.latents import along, positions
from kerasgan.drawing.mnist_digits import MnistDigits
from kerasgan.drawing.picture import negative, save_picture, to_picture
from kerasgan.drawing.provenance import Provenance, packed
from kerasgan.drawing.redraw import draw, fingerprint, show
from kerasgan.drawing.sample import named_labels
from kerasgan.layers import CoordinateDense
from kerasgan.models import AdversarialModel
from kerasgan.models.generative_model import Labels
from kerasgan.networks.cppn_render import is_cppn

_LARGE = 512


class Sampler:
    """Draws, encodes, morphs and shows, one picture at a time.

    Pictures are float32 `(height, width, channels)` in [0, 1], latents float32 `(latent_dim,)`,
    which are added and subtracted as they are. In a notebook the verbs that show a picture show
    it there, elsewhere in the system's viewer.

    Args:
        model: The name of a shipped model, the folder of an entry or of a run, or a model.
        labels: For a conditional model, the class that it draws; see `AdversarialModel.generate`.
        data: Where TFDS keeps MNIST, for the verbs that take digits of it; `None` is its own
            folder.
        seed: Of the latents and digits: the same seed gives the same ones in the same order.
        negative: Whether to show and save black on white what is drawn white on black, as Ha's
            code does.

    Raises:
        UserError: There is no such model, or its files are damaged.

    Example:
    >>> sampler = Sampler("mnist_cppn_vaegan")
    >>> z = sampler.generate_z()
    >>> sampler.show_image_from_z(z)

    Reference:
        Ha, "Generating Large Images from Latent Vectors", 2016,
        https://blog.otoro.net/2016/04/01/generating-large-images-from-latent-vectors/
    """

    def __init__(
        self,
        model: str | Path | AdversarialModel = "mnist_cppn_vaegan",
        *,
        labels: Labels | Mapping[str, Labels] | None = None,
        data: str | Path | None = None,
        seed: int = 0,
        negative: bool = False,
    ) -> None:
        self.name = ""
        if not isinstance(model, AdversarialModel):
            # The zoo draws the pictures of its cards with this package.
            from kerasgan.zoo.loader import open_model

            self.name, model = str(model), open_model(model)
        self.model = model
        self.labels = labels
        self.negative = negative
        self._data = data
        self._random = np.random.default_rng(seed)
        self._digits: MnistDigits | None = None

    def generate_z(self) -> np.ndarray:
        """Returns a new latent, drawn from N(0, I)."""
        return self._random.standard_normal(self.model.latent_dim, np.float32)

    def generate(
        self,
        z: np.ndarray | None = None,
        x_dim: int | None = None,
        y_dim: int | None = None,
        scale: float | None = None,
    ) -> np.ndarray:
        """Draws a picture.

        Args:
            z: Its latent, `(latent_dim,)`; `None` takes a new one.
            x_dim: Columns; `None` is 512 for a compositional pattern-producing network. Others
                draw at their own size alone.
            y_dim: Rows, likewise.
            scale: x and y run over [-scale, scale] along the shorter side, for a CPPN; `None` is
                what it was trained with. Beyond that it looks further out.

        Raises:
            UserError: The model draws at its own size alone, and another was asked for.
            ValueError: The latent has another length, or a size or scale is not positive.
        """
        return self._drawn(z, x_dim, y_dim, scale).image

    def encode(self, image: np.ndarray) -> np.ndarray:
        """Returns the latent of a picture, by the encoder or else by descent; see `encode`."""
        return encode(self.model, np.asarray(image)[np.newaxis], self.labels).latents[0]

    def morph(
        self,
        z1: np.ndarray,
        z2: np.ndarray,
        n_total_frame: int = 10,
        x_dim: int | None = None,
        y_dim: int | None = None,
        scale: float | None = None,
        sinusoid: bool = False,
    ) -> list[np.ndarray]:
        """Returns the pictures on the straight way from one latent to another, both included.

        With `sinusoid` the frame at the part p of the time is at sin(p pi/2) of the way.
        """
        way = positions(2, n_total_frame, sinusoid=sinusoid)
        latents = along(np.stack([z1, z2]), way)
        return [self.generate(z, x_dim, y_dim, scale) for z in latents]

    def show_image(self, image: np.ndarray) -> None:
        """Shows a picture."""
        picture = to_picture(self._inked(image))
        ipython = sys.modules.get("IPython")
        if ipython is not None and ipython.get_ipython() is not None:
            ipython.display.display(picture)
        else:
            picture.show()

    def show_image_from_z(self, z: np.ndarray) -> None:
        """Draws and shows the picture of a latent."""
        self.show_image(self.generate(z))

    def save_png(self, image: np.ndarray, filename: str | Path) -> Path:
        """Writes a picture; of an array it is not known what it was drawn from."""
        return save_picture(self._inked(image), filename)

    def save_png_from_z(
        self,
        z: np.ndarray,
        filename: str | Path,
        x_dim: int | None = None,
        y_dim: int | None = None,
        scale: float | None = None,
    ) -> Path:
        """Draws and writes a picture; a PNG says what it was drawn from."""
        return self._drawn(z, x_dim, y_dim, scale, invert=self.negative).save(filename)

    def save_anim_gif(
        self, images: Sequence[np.ndarray], filename: str | Path, duration: float = 0.1
    ) -> Path:
        """Writes pictures as an animation, `duration` seconds each; see `save_animation`."""
        if not duration > 0.0:
            raise ValueError(f"duration must be positive. Received: duration={duration}")
        frames = [self._inked(image) for image in images]
        return save_animation(frames, filename, fps=1.0 / duration)

    def get_random_mnist(self, with_label: bool = False) -> np.ndarray | tuple[np.ndarray, int]:
        """Returns a random digit of MNIST, with what it is if wanted; see `MnistDigits`."""
        image, label = self._mnist().draw(self._random)
        return (image, label) if with_label else image

    def get_random_specific_mnist(self, label: int) -> np.ndarray:
        """Returns a random one of MNIST's digits that are `label`; see `MnistDigits`."""
        return self._mnist().draw(self._random, label)[0]

    def _drawn(
        self,
        z: np.ndarray | None,
        x_dim: int | None,
        y_dim: int | None,
        scale: float | None,
        *,
        invert: bool = False,
    ) -> DrawnPicture:
        z = self.generate_z() if z is None else np.asarray(z, np.float32)
        if z.shape != (self.model.latent_dim,):
            raise ValueError(f"z must be ({self.model.latent_dim},). Received: {z.shape}")
        provenance = Provenance(
            model=self.name,
            weights=fingerprint(self.model),
            latents=packed(z),
            labels=named_labels(self.model, self.labels, 1, seed=0),
            invert=invert,
            show=0,
            **self._view(x_dim, y_dim, scale),
        )
        return show(draw(self.model, provenance), provenance)

    def _view(
        self, x_dim: int | None, y_dim: int | None, scale: float | None
    ) -> dict[str, tuple[int, int] | float]:
        """Returns size and zoom in a provenance's terms."""
        height, width, _ = self.model.image_shape
        if not is_cppn(self.model.sampling_generator):
            if (x_dim or width, y_dim or height) != (width, height) or scale is not None:
                check_any_size(self.model, self.name)
            return {}
        if scale is not None and not scale > 0.0:
            raise ValueError(f"scale must be positive. Received: scale={scale}")
        first = next(
            layer for layer in self.model.generator.layers if isinstance(layer, CoordinateDense)
        )
        return {
            "size": (_LARGE if y_dim is None else y_dim, _LARGE if x_dim is None else x_dim),
            "zoom": 1.0 if scale is None else first.coordinate_scale / scale,
        }

    def _inked(self, image: np.ndarray) -> np.ndarray:
        image = np.asarray(image)
        return negative(image) if self.negative else image

    def _mnist(self) -> MnistDigits:
        if self._digits is None:
            self._digits = MnistDigits(self.model.image_shape, self._data)
        return self._digits
