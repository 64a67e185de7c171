"""The `Sampler` of Ha's "Generating Large Images from Latent Vectors", for any model."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from kerasgan.class_names import Labels
from kerasgan.drawing.animation_file import save_animation
from kerasgan.drawing.any_size.at_size import check_any_size
from kerasgan.drawing.drawn_picture import DrawnPicture
from kerasgan.drawing.encoding import encode
from kerasgan.drawing.from_provenance import check_values, draw, show
from kerasgan.drawing.inline_picture import InlinePicture
from kerasgan.drawing.interpolation import along, positions
from kerasgan.drawing.latents import packed
from kerasgan.drawing.picture import inverted, save_picture, to_picture
from kerasgan.drawing.provenance import Provenance, fingerprint
from kerasgan.drawing.random_digits import RandomDigits
from kerasgan.drawing.samples import named_labels
from kerasgan.drawing.size import Size
from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel
from kerasgan.models.base.model_argument import check_is_model
from kerasgan.networks.cppn_render import is_cppn, known_cppn_layers

_LARGE = 512


class Sampler:
    """Draws, encodes, morphs and shows pictures, one at a time.

    Pictures are arrays, float32 `(height, width, channels)` in [0, 1], which notebooks show inline.
    Latents are float32 `(latent_dim,)` and can be added and subtracted as they are. The methods
    that show a picture show it inline in a notebook, and elsewhere in the system's viewer.

    Args:
        model: The model, such as `kerasgan.zoo.load("mnist_cppn_vaegan")`.
        labels: For a conditional model, the class that it draws; see `AdversarialModel.generate`.
        data: The folder where TFDS keeps MNIST, for the methods that take digits from it; `None`
            is TFDS's own folder.
        seed: Seed of the latents and digits: the same seed gives the same ones in the same order.
        invert: Whether to show and save pictures with black and white exchanged, as Ha's code
            does.
        name: Name of the model, as `kerasgan.zoo.open_model` takes it, to be kept with pictures.

    Example:
    >>> sampler = Sampler(kerasgan.zoo.load("mnist_cppn_vaegan"))
    >>> z = sampler.generate_z()
    >>> sampler.show_image_from_z(z)

    Reference:
        Ha, "Generating Large Images from Latent Vectors", 2016,
        https://blog.otoro.net/2016/04/01/generating-large-images-from-latent-vectors/
    """

    def __init__(
        self,
        model: AdversarialModel,
        *,
        labels: Labels | Mapping[str, Labels] | None = None,
        data: str | Path | None = None,
        seed: int = 0,
        invert: bool = False,
        name: str = "",
    ) -> None:
        check_is_model("model", model)
        self.model = model
        self.name = name
        self.labels = labels
        self.invert = invert
        self._random = np.random.default_rng(seed)
        self._digits = RandomDigits(model, data, self._random)

    def generate_z(self) -> np.ndarray:
        """Returns a new latent, sampled from N(0, I)."""
        return self._random.standard_normal(self.model.latent_dim, np.float32)

    def generate(
        self,
        z: np.ndarray | None = None,
        x_dim: int | None = None,
        y_dim: int | None = None,
        scale: float | None = None,
    ) -> InlinePicture:
        """Draws a picture.

        Args:
            z: Its latent, `(latent_dim,)`; `None` takes a new one.
            x_dim: Columns; `None` is 512 for a CPPN. Other models draw only at their own size.
            y_dim: Rows; `None` is 512 for a CPPN.
            scale: For a CPPN, x and y run over [-scale, scale] along the shorter side. `None` is
                the scale that it was trained with; a larger one shows more of the plane.

        Raises:
            UserError: The model draws only at its own size, and another is given.
            ValueError: The latent has another length, or a size or scale is not positive.
        """
        return self._inline(self._drawn(z, x_dim, y_dim, scale).image)

    def encode(self, image: np.ndarray) -> np.ndarray:
        """Returns the latent of a picture; see `kerasgan.drawing.encode`."""
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
    ) -> list[InlinePicture]:
        """Returns the pictures on the straight line from one latent to another, ends included.

        With `sinusoid`, the frame at the part p of the time is at sin(p pi/2) of the line.
        """
        way = positions(2, n_total_frame, sinusoid=sinusoid)
        latents = along(np.stack([z1, z2]), way)
        return [self.generate(z, x_dim, y_dim, scale) for z in latents]

    def show_image(self, image: np.ndarray) -> None:
        """Shows a picture."""
        picture = self.to_image(image)
        ipython = sys.modules.get("IPython")
        if ipython is not None and ipython.get_ipython() is not None:
            ipython.display.display(picture)
        else:
            picture.show()

    def show_image_from_z(self, z: np.ndarray) -> None:
        """Draws and shows the picture of a latent."""
        self.show_image(self.generate(z))

    def generate_random_label(self, label: int) -> None:
        """Shows a random digit of MNIST with a label, and what the model makes of its latent.

        Raises:
            UserError: As `get_random_mnist`.
            ValueError: The label is not from 0 to 9.
        """
        digit = self.get_random_specific_mnist(label)
        self.show_image(digit)
        self.show_image_from_z(self.encode(digit))

    def to_image(self, image: np.ndarray) -> Image.Image:
        """Returns a picture as a Pillow picture, with black and white exchanged if `invert` is."""
        return to_picture(self._inked(image))

    def save_png(
        self,
        image: np.ndarray,
        filename: str | Path,
        specific_size: tuple[int, int] | None = None,
    ) -> Path:
        """Writes a picture, without what it was drawn from, which an array does not say.

        Args:
            image: The picture.
            filename: The file.
            specific_size: The columns and rows to resize it to, with a Lanczos filter; `None`
                leaves it as it is.

        Raises:
            UserError: A size is out of range or too large for memory, or the file cannot be
                written.
        """
        image = self._inked(image)
        if specific_size is not None:
            width, height = specific_size
            check_values(1, Size(width=width, height=height), image.shape[-1])
            resized = to_picture(image).resize((width, height), Image.Resampling.LANCZOS)
            image = np.asarray(resized).reshape(height, width, image.shape[-1])
        return save_picture(image, filename)

    def save_png_from_z(
        self,
        z: np.ndarray,
        filename: str | Path,
        x_dim: int | None = None,
        y_dim: int | None = None,
        scale: float | None = None,
    ) -> Path:
        """Draws and writes a picture; a PNG says what it was drawn from."""
        return self._drawn(z, x_dim, y_dim, scale, invert=self.invert).save(filename)

    def save_anim_gif(
        self, images: Sequence[np.ndarray], filename: str | Path, duration: float = 0.1
    ) -> Path:
        """Writes pictures as an animation, `duration` seconds each; see `save_animation`."""
        if not duration > 0.0:
            raise UserError(f"duration must be positive. Received: duration={duration}")
        frames = [self._inked(image) for image in images]
        return save_animation(frames, filename, fps=1.0 / duration)

    def get_random_mnist(
        self, with_label: bool = False
    ) -> InlinePicture | tuple[InlinePicture, int]:
        """Returns a random digit of MNIST's training images, and with `with_label` its label.

        It is cut at random to the size of the model's pictures, as the digits were that Ha's model
        was trained on.

        Raises:
            UserError: The model draws larger pictures or colours, or MNIST is not there.
        """
        image, label = self._digits.take()
        image = self._inline(image)
        return (image, label) if with_label else image

    def get_random_specific_mnist(self, label: int) -> InlinePicture:
        """Returns a random digit of MNIST with a label from 0 to 9; see `get_random_mnist`."""
        return self._inline(self._digits.take(label)[0])

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
            raise UserError(f"z must be ({self.model.latent_dim},). Received: {z.shape}")
        size, zoom = self._size_and_zoom(x_dim, y_dim, scale)
        provenance = Provenance(
            model=self.name,
            weights=fingerprint(self.model),
            latents=packed(z),
            labels=named_labels(self.model, self.labels, 1, seed=0),
            invert=invert,
            show=0,
            size=size,
            zoom=zoom,
        )
        return show(draw(self.model, provenance), provenance)

    def _size_and_zoom(
        self, x_dim: int | None, y_dim: int | None, scale: float | None
    ) -> tuple[Size | None, float]:
        """Returns the size and zoom of a provenance."""
        height, width, _ = self.model.image_shape
        if not is_cppn(self.model.sampling_generator):
            if (x_dim or width, y_dim or height) != (width, height) or scale is not None:
                check_any_size(self.model, self.name)
            return None, 1.0
        if scale is not None and not scale > 0.0:
            raise UserError(f"scale must be positive. Received: scale={scale}")
        x_dim, y_dim = (_LARGE if side is None else side for side in (x_dim, y_dim))
        own_scale = known_cppn_layers(self.model.generator).first.coordinate_scale
        zoom = 1.0 if scale is None else own_scale / scale
        return Size(width=x_dim, height=y_dim), zoom

    def _inline(self, image: np.ndarray) -> InlinePicture:
        return InlinePicture(image, invert=self.invert)

    def _inked(self, image: np.ndarray) -> np.ndarray:
        image = np.asarray(image)
        return inverted(image) if self.invert else image
