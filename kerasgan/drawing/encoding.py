"""From pictures to latents, by an encoder or by gradient descent on the generator's input.

References:
    Creswell and Bharath, "Inverting the Generator of a Generative Adversarial Network", 2016,
    https://arxiv.org/abs/1611.05644 (descent on z, with the latents' prior).
    Zhu et al., "Generative Visual Manipulation on the Natural Image Manifold", 2016,
    https://arxiv.org/abs/1609.03552, section 3.1 (several starts, of which the best is kept).
"""

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from kerasgan.argument_checks import whole_number
from kerasgan.class_names import Labels
from kerasgan.data.decoder import Decoder, decoding_failure
from kerasgan.drawing.drawable import check_drawable, engine_of, in_tensorflow, own_size
from kerasgan.drawing.drawn_picture import png_bytes
from kerasgan.drawing.image_grid import grid
from kerasgan.drawing.untrained.random_cppn import RandomCPPN
from kerasgan.errors import UserError
from kerasgan.files.regular_file import open_regular
from kerasgan.files.user_path import user_path

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

    from kerasgan.drawing.drawable import Drawable
    from kerasgan.models import AdversarialModel
    from kerasgan.models.base.image_range import ImageRange

STEPS = 200
_STARTS = 256
_KEPT_STARTS = 4
_RATE = 0.1
_BETAS = 0.9, 0.999


@dataclass(frozen=True, eq=False)
class Encoding:
    """Latents of pictures. A notebook shows each picture above its reconstruction.

    Attributes:
        latents: float32 `(n, latent_dim)`.
        errors: float32 `(n,)`, the mean squared difference between a picture and its
            reconstruction, of pixels in [0, 1].
        images: The pictures, `(n, height, width, channels)`, float32 in [0, 1].
        reconstructions: What the generator draws from the latents, of the shape and range of
            `images`.
    """

    latents: np.ndarray
    errors: np.ndarray
    images: np.ndarray
    reconstructions: np.ndarray

    def __repr__(self) -> str:
        count, latent_dim = self.latents.shape
        mean = float(np.mean(self.errors))
        return f"<Encoding of {count:,} pictures: latent_dim {latent_dim}, mean error {mean:.5f}>"

    def _repr_png_(self) -> bytes:
        pairs = np.concatenate([self.images, self.reconstructions])
        return png_bytes(grid(pairs, columns=len(self.images)))


def encode(
    model: "Drawable",
    images: np.ndarray,
    labels: Labels | Mapping[str, Labels] | None = None,
    *,
    steps: int = STEPS,
    progress: bool = False,
) -> Encoding:
    """Finds latents from which a model draws given pictures.

    Args:
        model: The model. The encoder of a `VAEGAN` finds the latents; for other models,
            `optimize_latents` does.
        images: `(n, height, width, channels)` of the model's size, float in [0, 1] or uint8.
        labels: For a conditional model, the classes of the pictures, as in
            `AdversarialModel.generate`; every label set is required.
        steps: Steps of gradient descent, where there is no encoder.
        progress: Whether to show a progress bar on stderr during the descent.

    Raises:
        ValueError: Images are of another size or outside [0, 1], labels are unknown or missing,
            or steps are negative or not whole.
    """
    check_drawable(model)
    images = np.asarray(images)
    if images.shape[1:] != model.image_shape or not len(images):
        raise UserError(
            f"Images must have the shape (n, {', '.join(map(str, model.image_shape))}). "
            f"Received: {images.shape}"
        )
    if images.dtype == np.uint8:
        images = images / np.float32(255.0)
    if not (images.min() >= 0.0 and images.max() <= 1.0):
        raise UserError("Images must be float from 0 to 1, or uint8 from 0 to 255")
    steps = whole_number("steps", steps, least=0)
    images = images.astype(np.float32)
    check_every_label(model, labels)
    numbers = model.numbered_labels(labels, len(images), seed=0)
    if not isinstance(model, RandomCPPN) and engine_of(model).has_encoder:
        latents = model.encode(images)
    else:
        model = in_tensorflow(model, "Finding the latent of a picture without an encoder")
        latents = optimize_latents(model, images, numbers, steps=steps, progress=progress)
    drawn = model.generate(latents, numbers or None, seed=0)
    errors = np.square(drawn - images).mean(axis=(1, 2, 3))
    return Encoding(latents, errors, images, drawn)


def optimize_latents(
    model: "AdversarialModel",
    images: np.ndarray,
    labels: dict[str, np.ndarray] | None = None,
    *,
    steps: int = STEPS,
    prior_weight: float = 1e-4,
    progress: bool = False,
) -> np.ndarray:
    """Finds latents by gradient descent on the generator's input ("GAN inversion").

    For a picture x in [0, 1] it minimizes

        L(z) = mean_pixels (G(z) - x)^2 + prior_weight mean(z^2)

    the second term being, up to a constant, the negative log-likelihood of z under N(0, I). Of
    256 random latents it takes the four with the least L. From each it descends by Adam, whose
    rate falls from 0.1 to 0 along a cosine, and it keeps the latent with the least L of all. The
    same pictures give the same latents each time.

    Args:
        model: The model.
        images: `(n, height, width, channels)` of the generator's size, float32 in [0, 1].
        labels: For a conditional generator, the class numbers `(n,)` of each label set.
        steps: Steps of descent.
        prior_weight: Weight of the prior in L.
        progress: Whether to show a progress bar on stderr.

    Returns:
        float32 `(n, latent_dim)`.
    """
    import tensorflow as tf

    step = _step(model.sampling_generator, model.image_range, prior_weight)
    with tqdm(
        desc="Searching latents",
        total=len(images) * steps,
        delay=1,
        leave=False,
        disable=not progress,
    ) as bar:
        found = []
        for index, image in enumerate(images):
            numbers = [labels[name][index] for name in model.condition] if labels else []
            bound = functools.partial(
                step, image=tf.constant(image), numbers=tf.constant(numbers, tf.int32)
            )
            found.append(_descend(model.draw_latents(_STARTS, seed=0), bound, steps, bar))
    return np.stack(found)


def check_every_label(model: "Drawable", labels: Labels | Mapping[str, Labels] | None) -> None:
    """Raises ValueError, which lists the classes, unless every label set has a label."""
    given = labels if isinstance(labels, Mapping) else dict.fromkeys(model.condition[:1], labels)
    for name in model.condition:
        if given.get(name) is None:
            raise UserError(
                f"The model draws classes of {name}: give labels= one of "
                f"{', '.join(model.class_names[name])}"
            )


def read_image(path: str | Path, model: "Drawable") -> np.ndarray:
    """Reads a picture file, pads it to a square and fits it to a model's size and channels.

    Transparency and padding become white for models of colour, as in drawings, and black for models
    of grey, as in digits.

    Returns:
        float32 `(height, width, channels)` in [0, 1].

    Raises:
        UserError: The file is missing or is not a picture that can be read, or the model's pictures
            are not square.
    """
    channels, size = model.image_shape[2], own_size(model)
    if size.height != size.width:
        raise UserError(
            f"{path}: picture files are fitted to models of square pictures, and this one draws "
            f"{size}; give its pictures as an array"
        )
    background = "white" if channels == 3 else "black"
    decoder = Decoder(size.height, channels, fit="pad", background=background)
    path = user_path(path)
    try:
        with open_regular(path) as file:
            image = decoder.decode(file)
    except OSError as error:
        reason = error.strerror or decoding_failure(error)
        raise UserError(f"Cannot read {path}: {reason}") from None
    except Exception as error:
        raise UserError(f"Cannot read {path}: {decoding_failure(error)}") from None
    return image / np.float32(255.0)


# Pictures that are encoded one by one share what TensorFlow traces.
@functools.lru_cache(maxsize=4)
def _step(generator: "keras.Model", image_range: "ImageRange", prior_weight: float) -> Callable:
    """Returns a function from latents and one picture to L, the mean squared error and dL/dz."""
    import tensorflow as tf

    @tf.function(autograph=False, reduce_retracing=True)
    def step(
        latents: "tf.Tensor", image: "tf.Tensor", numbers: "tf.Tensor"
    ) -> "tuple[tf.Tensor, tf.Tensor, tf.Tensor]":
        labels = [tf.fill(tf.shape(latents)[:1], each) for each in tf.unstack(numbers)]
        with tf.GradientTape() as tape:
            tape.watch(latents)
            inputs = [latents, *labels] if labels else latents
            drawn = image_range.to_user(generator(inputs, training=False))
            errors = tf.reduce_mean(tf.square(drawn - image), axis=[1, 2, 3])
            total = errors + prior_weight * tf.reduce_mean(tf.square(latents), axis=1)
        gradient = tf.convert_to_tensor(tape.gradient(total, latents))
        return total, errors, gradient

    return step


def _descend(starts: np.ndarray, step: Callable, steps: int, bar: tqdm) -> np.ndarray:
    """Returns the best latent `(latent_dim,)` that Adam reaches from the best of the starts."""
    totals = np.concatenate([step(part)[0] for part in np.split(starts, _STARTS // 64)])
    latents = starts[np.argsort(totals, kind="stable")[:_KEPT_STARTS]]
    mean, square = np.zeros_like(latents), np.zeros_like(latents)
    best, least = latents[0], math.inf
    index = 0
    while True:
        total, errors, gradient = (value.numpy() for value in step(latents))
        leader = int(np.argmin(total))
        if total[leader] < least:
            best, least = latents[leader].copy(), total[leader]
            bar.set_postfix(error=f"{errors[leader]:.4f}", refresh=False)
        if index == steps:
            return best
        mean = _BETAS[0] * mean + (1.0 - _BETAS[0]) * gradient
        square = _BETAS[1] * square + (1.0 - _BETAS[1]) * gradient**2
        rate = _RATE * 0.5 * (1.0 + math.cos(math.pi * index / steps))
        unbiased = mean / (1.0 - _BETAS[0] ** (index + 1))
        scale = np.sqrt(square / (1.0 - _BETAS[1] ** (index + 1))) + 1e-8
        latents = (latents - rate * unbiased / scale).astype(np.float32)
        index += 1
        bar.update()
