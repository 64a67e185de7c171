"""Pictures drawn from random or given latents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
import numpy as np

from kerasgan.drawing.any_size.at_size import check_any_size
from kerasgan.drawing.drawn_picture import DrawnPicture
from kerasgan.drawing.from_provenance import check_in_memory, draw, show
from kerasgan.drawing.latents import checked_latents, checked_seed, latents_of
from kerasgan.drawing.provenance import (
    BATCH_SIZE,
    LAST_NUMBER,
    Provenance,
    Selection,
    fingerprint,
    packed,
)
from kerasgan.drawing.selection import select_latents
from kerasgan.drawing.size import Size, check_size
from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel
from kerasgan.models.generative_model import Labels, new_seed

# Columns and rows of the grid that a training and a model card show.
CARD_COLUMNS = 8
_CARD_ROWS = 4


@dataclass(frozen=True, eq=False)
class Samples:
    """Pictures and what they were drawn from. A notebook shows them in a grid.

    Attributes:
        images: `(n, height, width, channels)`, float32 in [0, 1].
        latents: `(n, latent_dim)`, float32.
        provenance: What they were all drawn from.
    """

    images: np.ndarray
    latents: np.ndarray
    provenance: Provenance

    def __repr__(self) -> str:
        count, height, width, _ = self.images.shape
        return f"<Samples {count:,} of {width}x{height} from {self.provenance.summary()}>"

    def __len__(self) -> int:
        return len(self.images)

    def grid(self, columns: int = 8, *, captions: bool = False) -> DrawnPicture:
        """Returns all of them in one picture.

        Args:
            columns: Pictures in a row.
            captions: Whether to write each picture's classes beneath it.

        Raises:
            UserError: `captions` is true, and the pictures have no classes.
        """
        if captions and not self.provenance.labels:
            raise UserError("Captions are the names of classes, and these pictures have none")
        settings = {"columns": columns, "captions": captions}
        return show(self.images, msgspec.structs.replace(self.provenance, **settings))

    def pictures(self) -> Iterator[DrawnPicture]:
        """Yields each picture, with the provenance of the batch that it was drawn in."""
        for index, image in enumerate(self.images):
            first = index // BATCH_SIZE * BATCH_SIZE
            batch = self._batch(slice(first, first + BATCH_SIZE))
            yield DrawnPicture(image, msgspec.structs.replace(batch, show=index - first))

    def _batch(self, part: slice) -> Provenance:
        selection = self.provenance.selection
        if selection is not None:
            selection = Selection(
                selection.best_of, selection.realness[part], selection.confidence[part]
            )
        return msgspec.structs.replace(
            self.provenance,
            numbers=self.provenance.numbers[part],
            latents=packed(self.latents[part]) if self.provenance.latents else "",
            labels={name: values[part] for name, values in self.provenance.labels.items()},
            selection=selection,
        )

    def _repr_png_(self) -> bytes:
        return self.grid()._repr_png_()


def sample(
    model: AdversarialModel,
    count: int = 32,
    labels: Labels | Mapping[str, Labels] | None = None,
    *,
    latents: np.ndarray | None = None,
    seed: int | None = None,
    truncation: float | None = None,
    best_of: int = 1,
    every_class: bool = False,
    size: Size | None = None,
    expression: str = "",
    name: str = "",
    progress: bool = False,
) -> Samples:
    """Draws pictures that know what they were drawn from.

    Args:
        model: The model.
        count: The number of pictures; with `every_class`, of each class.
        labels: The classes, as in `AdversarialModel.generate`.
        latents: `(n, latent_dim)` to draw from, instead of `count` random ones.
        seed: Seed of the latents and of classes not given; `None` takes a new one each time.
        truncation: Threshold of the latents; see `kerasgan.drawing.truncate`.
        best_of: The number of candidates from which the critic selects each picture; see
            `kerasgan.drawing.selection`. The candidates of picture i are the latents i * best_of
            to (i + 1) * best_of - 1 of the seed.
        every_class: Whether to draw every class of the first label set, one after the other, from
            the same latents.
        size: The size, for CPPNs only; `None` is the model's own.
        expression: The expression that `latents` were computed from, to be kept with the pictures.
        name: Name of the model, as `kerasgan.zoo.open_model` takes it, to be kept with the
            pictures.
        progress: Whether to show a progress bar on stderr when selecting takes over a second.

    Raises:
        ValueError: An argument is out of range, or two of them exclude each other; as `generate`.
        UserError: A size is given for a model that is not a CPPN.

    Example:
    >>> sample(gan, 16, seed=0).grid(columns=4).save("creatures.png")
    """
    if size is not None:
        check_any_size(model, name)
        check_size(size)
    _check(model, count, labels, latents, truncation, best_of, every_class)
    seed = new_seed() if seed is None else checked_seed(seed)
    known = {"model": name, "weights": fingerprint(model), "size": size}
    if latents is not None:
        latents = checked_latents(model, latents)
        named = named_labels(model, labels, len(latents), seed=seed)
        provenance = Provenance(
            **known, latents=packed(latents), expression=expression, labels=named
        )
        return _drawn(model, provenance)

    known |= {"seed": seed, "truncation": truncation}
    numbers, selection = tuple(range(count)), None
    if every_class:
        first, *others = model.condition
        classes = model.class_names[first]
        rows = named_labels(model, {first: 0}, count, seed=seed)
        named = {first: tuple(name for name in classes for _ in numbers)}
        named |= {other: rows[other] * len(classes) for other in others}
        numbers *= len(classes)
    else:
        named = named_labels(model, labels, count, seed=seed)
    check_in_memory(model, max(len(numbers), best_of), size)
    if best_of > 1:
        numbers, selection = select_latents(
            model,
            seed,
            named,
            truncation=truncation,
            count=count,
            best_of=best_of,
            progress=progress,
        )
    provenance = Provenance(**known, numbers=numbers, labels=named, selection=selection)
    return _drawn(model, provenance)


def draw_card_samples(model: AdversarialModel, *, seed: int) -> np.ndarray:
    """Draws the unselected pictures that a training and a model card show.

    Returns:
        Images `(n, height, width, channels)`, float32 in [0, 1], for a grid of `CARD_COLUMNS`
        columns: 32 of them, or, from a conditional generator, a row of every class from the same
        latents.
    """
    if model.condition:
        return sample(model, CARD_COLUMNS, seed=seed, every_class=True).images
    return model.generate(CARD_COLUMNS * _CARD_ROWS, seed=seed)


def named_labels(
    model: AdversarialModel,
    labels: Labels | Mapping[str, Labels] | None,
    count: int,
    *,
    seed: int,
) -> dict[str, tuple[str, ...]]:
    """Returns the class of each picture, random where none is given, by label set."""
    return {
        name: tuple(model.class_names[name][number] for number in numbers)
        for name, numbers in model.numbered_labels(labels, count, seed=seed).items()
    }


def _drawn(model: AdversarialModel, provenance: Provenance) -> Samples:
    return Samples(draw(model, provenance), latents_of(model, provenance), provenance)


def _check(
    model: AdversarialModel,
    count: int,
    labels: Labels | Mapping[str, Labels] | None,
    latents: np.ndarray | None,
    truncation: float | None,
    best_of: int,
    every_class: bool,
) -> None:
    if count * best_of > LAST_NUMBER:
        raise ValueError(
            f"count times best_of must be at most {LAST_NUMBER:,}. "
            f"Received: count={count}, best_of={best_of}"
        )
    if count < 1 or best_of < 1:
        raise ValueError(
            f"count and best_of must be at least 1. Received: count={count}, best_of={best_of}"
        )
    if latents is not None and (truncation is not None or best_of > 1 or every_class):
        raise ValueError("latents exclude truncation, best_of and every_class")
    if every_class and not model.condition:
        raise ValueError(
            f"every_class needs a conditional generator. Received: {type(model).__name__}"
        )
    if every_class and (best_of > 1 or labels is not None):
        raise ValueError(
            "every_class excludes best_of and labels: it draws every class from the same latents"
        )
