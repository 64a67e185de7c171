"""From a provenance to its pictures, the same in bits each time."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from kerasgan.class_names import class_number
from kerasgan.drawing.any_size.at_size import draw_at_size, draw_to_file
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.drawable import engine_of, own_size
from kerasgan.drawing.drawing_command import drawing_command
from kerasgan.drawing.drawn_picture import DrawnPicture
from kerasgan.drawing.image_grid import captioned, grid, numbered
from kerasgan.drawing.latents import latents_of
from kerasgan.drawing.picture import inverted, to_uint8, upscaled
from kerasgan.drawing.picture_classes import Label, check_labels, has_parts, parts_of
from kerasgan.drawing.provenance import BATCH_SIZE, MOST_PICTURES, Provenance, fingerprint
from kerasgan.drawing.size import Size
from kerasgan.errors import UserError
from kerasgan.files.user_path import user_path

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable

# A larger picture is not held in memory: in colour and float32, this one takes 384 MiB.
_MOST_PIXELS = 2**25
# Values of pictures that are held at once: 384 MiB in float32, and a grid of them as much again.
_MOST_VALUES = 3 * 2**25


def draw_again(model: "Drawable", provenance: Provenance) -> DrawnPicture:
    """Draws a picture again from what it says it was drawn from.

    On the same machine, with the same versions and by the same engine it is the same in bits. If
    another engine draws it, its provenance names that one.

    Raises:
        UserError: The model's weights have changed since or do not fit, or it is an animation.
    """
    check_source(model, provenance)
    with fitting(model):
        return show(draw(model, provenance), drawn_by(model, provenance))


def draw_again_to_file(
    model: "Drawable", provenance: Provenance, path: str | Path, *, progress: bool = False
) -> Path:
    """Draws a picture again, as `draw_again` does, into a file whose ending names the format.

    A picture that is too large for memory is drawn into its file strip by strip, in one of the
    formats of `kerasgan.drawing.render_to_file`.

    Raises:
        UserError: As `draw_again`, or the format cannot hold the picture or the file cannot be
            written.
    """
    shown, size = provenance.show, provenance.size
    in_memory = size is None or size.pixels <= _MOST_PIXELS or provenance.upscale > 1
    if shown is None or size is None or in_memory:
        return draw_again(model, provenance).save(path)
    check_source(model, provenance)
    with fitting(model):
        latent = latents_of(model, provenance)[shown]
    by_this = drawn_by(model, provenance)
    return draw_to_file(model, latent, by_this, user_path(path), progress=progress)


def drawn_by(model: "Drawable", provenance: Provenance) -> Provenance:
    """Returns a provenance that names the engine that draws with this model."""
    return msgspec.structs.replace(provenance, engine=engine_of(model).engine)


@contextlib.contextmanager
def fitting(model: "Drawable") -> Iterator[None]:
    """Turns the errors of settings that do not fit their model into one that says so.

    Args:
        model: The model.

    Raises:
        UserError: What is drawn within it raised an error.
    """
    try:
        yield
    except (UserError, *engine_of(model).misfits) as error:
        raise UserError(f"The picture's settings do not fit the model: {error}") from None


def check_is_still(provenance: Provenance) -> None:
    """Raises UserError for an animation."""
    if provenance.motion is not None:
        raise UserError(
            "An animation is not drawn again from its file; only pictures are. Write the frames "
            "into a folder, each of which can be drawn again, or make the animation once more"
        )


class OtherWeights(UserError):
    """The weights of a model are not those that drew a picture."""


def other_weights(
    provenance: Provenance, *, options: Sequence[str] = (), may_train: bool = False
) -> OtherWeights:
    """Returns the error of a model whose weights are not those that drew a picture.

    Args:
        provenance: What the picture was drawn from.
        options: More options for the command that draws with the weights of today.
        may_train: Whether the model is a run, whose weights of then are gone.
    """
    drew = "The best weights" if provenance.best else "The weights"
    opened = ", opened with best=True" if provenance.best else ""
    then = f"draw it with the model as it was then{opened}"
    if may_train:
        then = "they change while it trains, and those of an entry (kerasgan zoo export) do not"
    command = drawing_command(provenance, options)
    today = f"draw from the same latents with the weights of today: {command}" if command else ""
    either = f"{'; ' if may_train else ', or '}{today}" if today else ""
    return OtherWeights(
        f"{drew} of {provenance.model or 'the model'} are not those that drew the picture; "
        f"{then}{either}"
    )


def check_source(model: "Drawable", provenance: Provenance) -> None:
    """Refuses what this model cannot draw again.

    Raises:
        UserError: As `draw_again`.
    """
    check_is_still(provenance)
    if fingerprint(model) != provenance.weights:
        raise other_weights(provenance)
    with fitting(model):
        check_labels(model, provenance.labels, provenance.count(model.latent_dim))


def draw(model: "Drawable", provenance: Provenance) -> np.ndarray:
    """Draws all pictures of a provenance.

    Returns:
        `(n, height, width, channels)`, float32 in [0, 1], or uint8 where they are inverted.

    Raises:
        UserError: They would take too much memory.
    """
    return drawn_with_latents(model, provenance)[0]


def drawn_with_latents(model: "Drawable", provenance: Provenance) -> tuple[np.ndarray, np.ndarray]:
    """Draws what `draw` draws, and returns the latents `(n, latent_dim)` beside the pictures."""
    check_in_memory(model, provenance.count(model.latent_dim), provenance.size)
    latents = latents_of(model, provenance)
    images = _drawn(model, latents, provenance)
    return (inverted(to_uint8(images)) if provenance.invert else images), latents


def show(images: np.ndarray, provenance: Provenance) -> DrawnPicture:
    """Returns the picture that a provenance's file shows, given all that `draw` returned.

    Raises:
        UserError: The enlarged pictures would take too much memory, or the numbers do not fit.
    """
    shown, factor = provenance.show, provenance.upscale
    if shown is not None:
        images = images[shown][np.newaxis]
    count, height, width, channels = images.shape
    if factor > 1:
        check_values(count, Size(height=height, width=width).times(factor), channels)
        images = upscaled(images, factor)
    if shown is not None:
        return DrawnPicture(images[0], provenance)
    if provenance.numbered:
        images = numbered(images, provenance.picture_numbers(count))
    if provenance.captions:
        images = captioned(images, provenance.label_texts())
    return DrawnPicture(grid(images, columns=provenance.columns), provenance)


def check_in_memory(model: "Drawable", count: int, size: Size | None = None) -> None:
    """Refuses to hold more pictures at once than machines have memory for.

    Args:
        model: The model that draws the pictures.
        count: The number of pictures.
        size: Their size; `None` is the model's own.

    Raises:
        UserError: There are too many of them, or they are too large.
    """
    check_values(count, size or own_size(model), model.image_shape[2])


def check_values(count: int, size: Size, channels: int) -> None:
    """Does what `check_in_memory` does, without a model."""
    most = min(_MOST_VALUES // (size.pixels * channels), MOST_PICTURES)
    if count > most:
        raise UserError(
            f"{count:,} pictures of {size} do not fit in memory together; draw at most {most:,} "
            "at once, or smaller ones"
        )


def generate_mixed(
    model: "Drawable", latents: np.ndarray, labels: Mapping[str, Sequence[Label]]
) -> np.ndarray:
    """Draws pictures of mixed classes.

    A conditional generator turns each label into a one-hot vector, which meets only linear layers
    before the first nonlinearity. Between two classes lie the vectors (1 - t) e_a + t e_b; the
    generator was not trained on them, but draws them as well.

    Args:
        model: A conditional model.
        latents: `(n, latent_dim)`.
        labels: For every label set of the condition, n labels: class names, or the parts of
            several classes, which add up to 1.

    Returns:
        Images `(n, height, width, channels)`, float32 in [0, 1].

    Raises:
        ValueError: A class is unknown.

    Reference:
        Mirza and Osindero, "Conditional Generative Adversarial Nets", 2014,
        https://arxiv.org/abs/1411.1784 (labels as one-hot inputs).
    """
    one_hots = [
        np.stack([_one_hot(label, model.class_names[name]) for label in labels[name]])
        for name in model.condition
    ]
    return engine_of(model).generate_from_parts(latents, one_hots)


def _drawn(model: "Drawable", latents: np.ndarray, provenance: Provenance) -> np.ndarray:
    labels = provenance.labels
    if provenance.size is not None:
        view = View(provenance.zoom, provenance.centre)
        return draw_at_size(model, latents, provenance.size, view)
    if not has_parts(labels):
        return _generated(model, latents, labels)
    images = []
    for first in range(0, len(latents), BATCH_SIZE):
        part = slice(first, first + BATCH_SIZE)
        of_part = {name: values[part] for name, values in labels.items()}
        # A batch is drawn as a file of one of its pictures says, which knows no other batch.
        drawing = generate_mixed if has_parts(of_part) else _generated
        images.append(drawing(model, latents[part], of_part))
    return np.concatenate(images)


def _generated(
    model: "Drawable", latents: np.ndarray, labels: Mapping[str, Sequence[Label]]
) -> np.ndarray:
    names = {name: [str(label) for label in values] for name, values in labels.items()}
    return model.generate(latents, names or None, seed=0, batch_size=BATCH_SIZE)


def _one_hot(label: Label, names: Sequence[str]) -> np.ndarray:
    vector = np.zeros(len(names), np.float32)
    for name, part in parts_of(label).items():
        vector[class_number(name, names)] += part
    return vector
