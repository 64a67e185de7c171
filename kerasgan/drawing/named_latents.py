"""The latents that a user names by a seed, a file or a picture."""

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kerasgan.class_names import Labels
from kerasgan.drawing.drawable import check_drawable
from kerasgan.drawing.drawing_command import drawing_command
from kerasgan.drawing.encoding import STEPS, encode, read_image
from kerasgan.drawing.labelled_latents import LabelledLatents
from kerasgan.drawing.latent_files import LATENT_ENDINGS, latent_file, read_labelled
from kerasgan.drawing.latents import checked_seed, latents_of, seeded_latents
from kerasgan.drawing.metadata import UnreadableSettings, read_provenance
from kerasgan.drawing.number_runs import numbers_text
from kerasgan.drawing.picture_classes import Label
from kerasgan.drawing.provenance import LAST_NUMBER, fingerprint
from kerasgan.errors import UserError, shortened
from kerasgan.files.user_path import user_path

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable

_SEED = re.compile(r"(-?[0-9]+)(?::([0-9]+))?")
_NUMBERED = re.compile(r"(.+):(-?[0-9]+)")
_ENDING = re.compile(r".+\.[A-Za-z]+")
# 64 bits have 19 digits, and there may be a zero before them.
_MOST_DIGITS = 20


def resolve_latent(
    model: "Drawable",
    text: str | Path,
    labels: Labels | Mapping[str, Labels] | None = None,
    *,
    steps: int = STEPS,
    progress: bool = False,
) -> np.ndarray:
    """Returns the latent that a user names; `resolve_labels` returns its classes.

    Args:
        model: The model.
        text: One of these. A seed, `"7"`, stands for its first latent; `"7:3"` for its latent
            number 3, counted from 0, as `kerasgan sample` writes it into a picture as the latent
            seed. A file of latents, `"z.npy"` or `"picks/latents.json"`, holds one, or
            `"picks/latents.json:3"` is its number 3. A picture that the model itself drew gives the
            very latent it was drawn from, an animation that of its first picture, and
            `"samples.png:3"` that of picture 3 of a grid; any other picture is encoded.
        labels: For a conditional model, the class that a picture is encoded as.
        steps: Steps of gradient descent; see `kerasgan.drawing.encode`.
        progress: Whether to show a progress bar on stderr while a picture is encoded.

    Returns:
        float32 `(latent_dim,)`.

    Raises:
        UserError: There is no such file, or it does not hold exactly one latent of the model.
    """
    return find_latents(model, text, labels, steps=steps, progress=progress).only().latents[0]


def resolve_labels(model: "Drawable", text: str | Path) -> dict[str, Label]:
    """Returns the classes of the latent that a user names, where they are known.

    Args:
        model: The model.
        text: See `resolve_latent`. The classes are known of the latents in a file of picked
            pictures, and of the pictures that the model itself drew.

    Returns:
        The name of the class, or the parts of several, by label set.

    Raises:
        UserError: As `resolve_latent`, or the model cannot draw the classes.
    """
    known = _known(model, str(text))
    classes = {} if known is None else known.only().classes_for(model)
    return {name: values[0] for name, values in classes.items()}


def find_latents(
    model: "Drawable",
    text: str | Path,
    labels: Labels | Mapping[str, Labels] | None = None,
    *,
    steps: int = STEPS,
    progress: bool = False,
) -> LabelledLatents:
    """Returns the latents that a user names, all of those in a file of latents.

    Args:
        model: See `resolve_latent`, which has the same arguments.
        text: See `resolve_latent`.
        labels: See `resolve_latent`.
        steps: See `resolve_latent`.
        progress: See `resolve_latent`.

    Raises:
        UserError: There is no such file, or no such latent in it.
    """
    known = _known(model, str(text))
    if known is not None:
        return known
    image = read_image(text, model)[np.newaxis]
    encoded = encode(model, image, labels, steps=steps, progress=progress)
    return LabelledLatents(str(text), encoded.latents)


def _known(model: "Drawable", text: str) -> LabelledLatents | None:
    """Returns the latents that a user names; `None` for a picture that has to be encoded."""
    check_drawable(model)
    if seed := _SEED.fullmatch(text):
        if max(map(len, seed.groups(""))) > _MOST_DIGITS or int(seed[2] or 0) > LAST_NUMBER:
            raise UserError(
                f"A seed has at most 64 bits, and its latents' numbers go to {LAST_NUMBER:,}. "
                f"Received: {shortened(text)}"
            )
        number = int(seed[2] or 0)
        return LabelledLatents(text, seeded_latents(model, checked_seed(int(seed[1])), (number,)))
    path, number = _path_and_number(text)
    if path.suffix.lower() in LATENT_ENDINGS:
        read = read_labelled(path, model.latent_dim)
        read = read if number is None else _one(read, number)
        read.tell_other_weights(model)
        return read
    if not path.is_file():
        raise UserError(
            f"{text!r} is neither a seed nor a file; use 7, 7:3, a .npy or .json file of latents, "
            "or a picture"
        )
    return drawn_latents(model, text)


def drawn_latents(model: "Drawable", text: str | Path) -> LabelledLatents | None:
    """Returns the latent of a picture that a model itself drew; `None` for any other picture.

    It warns of a picture that other weights drew, or whose settings cannot be read.

    Args:
        model: The model.
        text: A picture, or `"samples.png:3"` for picture 3 of a grid.

    Raises:
        UserError: It is a grid and has no such picture, or no number tells which one is meant.
    """
    path, number = _path_and_number(str(text))
    drawn = _drawn_on_file(model, path, number)
    if drawn is None and number is not None:
        raise UserError(f"{path} is not a grid that the model drew; leave out :{number}")
    return drawn


def _path_and_number(text: str) -> tuple[Path, int | None]:
    """Returns the file that a text names, and the number behind it."""
    path = user_path(text)
    if (numbered := _NUMBERED.fullmatch(text)) and not path.exists():
        named = user_path(numbered[1])
        file = latent_file(named)
        if file != named or _ENDING.fullmatch(numbered[1]):
            return file, int(numbered[2])
    return latent_file(path), None


def _one(named: LabelledLatents, number: int) -> LabelledLatents:
    """Returns the latent with a number."""
    if number not in named.numbers:
        known = shortened(numbers_text(named.numbers))
        raise UserError(f"{named.source} has no latent {number}; it has {known}")
    return named.at(named.numbers.index(number))


def _drawn_on_file(model: "Drawable", path: Path, number: int | None) -> LabelledLatents | None:
    """Returns the latent of a picture that this model drew; `None` for any other picture."""
    try:
        provenance = read_provenance(path)
    except UnreadableSettings as error:
        if number is not None:
            raise
        warnings.warn(f"{error}; so it is encoded like any other picture", stacklevel=2)
        return None
    except UserError:
        return None
    if provenance.weights != fingerprint(model):
        drawn = f"{path} was drawn with {provenance.weights_text()}"
        if number is not None:
            command = drawing_command(provenance)
            now = f"; from the same latents those of now draw: {command}" if command else ""
            raise UserError(f"{drawn}, which its numbers belong to{provenance.best_hint()}{now}")
        warnings.warn(
            f"{drawn}, so it is encoded like any other picture{provenance.best_hint()}",
            stacklevel=2,
        )
        return None
    latents = latents_of(model, provenance)
    if (provenance.show or 0) >= len(latents):
        raise UserError(
            f"{path} says that it shows picture {provenance.show} of {len(latents)}, counted from "
            "0; its settings are damaged"
        )
    known = provenance.picture_numbers(len(latents))
    drawn = LabelledLatents(str(path), latents, known, provenance.labels)
    if number is not None:
        return _one(drawn, number) if provenance.show is None else None
    if provenance.show is not None or provenance.motion is not None:
        return drawn.at(provenance.show or 0)
    if len(latents) > 1:
        raise UserError(
            f"{path} is a grid of {len(latents)} pictures; choose one by its number, such as "
            f"{path}:{known[-1]}"
        )
    return drawn
