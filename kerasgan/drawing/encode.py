"""From pictures to latents."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from kerasgan.data.decoder import Decoder
from kerasgan.drawing.invert import STEPS, invert
from kerasgan.errors import UserError
from kerasgan.models import VAEGAN, AdversarialModel
from kerasgan.models.generative_model import Labels
from kerasgan.regular_file import open_regular


class Encoding(NamedTuple):
    """Latents of pictures.

    Attributes:
        latents: float32 `(n, latent_dim)`.
        errors: float32 `(n,)`, the mean squared difference between a picture and what the
            generator draws from its latent, of pixels in [0, 1].
    """

    latents: np.ndarray
    errors: np.ndarray


def encode(
    model: AdversarialModel,
    images: np.ndarray,
    labels: Labels | Mapping[str, Labels] | None = None,
    *,
    steps: int = STEPS,
    progress: bool = False,
) -> Encoding:
    """Finds latents that a model draws pictures from: by its encoder, or else by descent.

    Args:
        model: The model; a `VAEGAN` has an encoder, others are inverted, see
            `kerasgan.drawing.invert`.
        images: `(n, height, width, channels)` of the model's size, float in [0, 1] or uint8.
        labels: For a conditional model, as in `AdversarialModel.generate`, and not left out.
        steps: Steps of descent, where there is no encoder.
        progress: Whether to show a progress bar on stderr for these.

    Raises:
        ValueError: Images are of another size or outside [0, 1], labels are unknown or missing,
            or steps are negative.
    """
    images = np.asarray(images)
    if images.shape[1:] != model.image_shape or not len(images):
        raise ValueError(
            f"Images must have the shape (n, {', '.join(map(str, model.image_shape))}). "
            f"Received: {images.shape}"
        )
    if images.dtype == np.uint8:
        images = images / np.float32(255.0)
    if not (images.min() >= 0.0 and images.max() <= 1.0):
        raise ValueError("Images must be float from 0 to 1, or uint8 from 0 to 255")
    if steps < 0:
        raise ValueError(f"steps must not be negative. Received: steps={steps}")
    images = images.astype(np.float32)
    check_every_label(model, labels)
    numbers = model.numbered_labels(labels, len(images), seed=0)
    if isinstance(model, VAEGAN):
        latents = model.encode(images)
    else:
        latents = invert(model, images, numbers, steps=steps, progress=progress)
    drawn = model.generate(latents, numbers or None, seed=0)
    return Encoding(latents, np.square(drawn - images).mean(axis=(1, 2, 3)))


def check_every_label(
    model: AdversarialModel, labels: Labels | Mapping[str, Labels] | None
) -> None:
    """Raises ValueError, with the classes, unless each label set of a condition has a label."""
    given = labels if isinstance(labels, Mapping) else dict.fromkeys(model.condition[:1], labels)
    for name in model.condition:
        if given.get(name) is None:
            raise ValueError(
                f"The model draws the {name} that it is asked for; give one of "
                f"{', '.join(model.class_names[name])}"
            )


def read_image(path: str | Path, model: AdversarialModel) -> np.ndarray:
    """Reads a picture file as a model sees pictures: padded to a square, of its size and channels.

    Transparency and padding are white in colour and black in grey, as in drawings and digits.

    Returns:
        float32 `(height, width, channels)` in [0, 1].

    Raises:
        UserError: The file is missing or no picture that can be read.
    """
    height, _, channels = model.image_shape
    background = "white" if channels == 3 else "black"
    decoder = Decoder(height, channels, fit="pad", background=background)
    try:
        with open_regular(path) as file:
            image = decoder.decode(file)
    except OSError as error:
        raise UserError(f"Cannot read {path}: {error.strerror or 'not a picture'}") from None
    except Exception as error:
        raise UserError(f"Cannot read {path}: {error}") from None
    return image / np.float32(255.0)
