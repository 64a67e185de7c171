"""Pictures drawn from a model at random, or from given latents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from tqdm import tqdm

from kerasgan.drawing.any_size.any_size import check_any_size
from kerasgan.drawing.drawn_picture import DrawnPicture
from kerasgan.drawing.plausible import check_in_memory
from kerasgan.drawing.provenance import BATCH_SIZE, LAST_NUMBER, Choice, Provenance, packed
from kerasgan.drawing.redraw import (
    checked_latents,
    checked_seed,
    draw,
    fingerprint,
    latents_of,
    seeded_latents,
    show,
)
from kerasgan.drawing.selection import Verdict, choose, judge
from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel
from kerasgan.models.generative_model import Labels, new_seed


@dataclass(frozen=True, eq=False)
class Samples:
    """Pictures and what they were drawn from. A notebook shows them in a grid.

    Attributes:
        images: `(n, height, width, channels)`, float32 in [0, 1].
        latents: `(n, latent_dim)`, float32.
        provenance: Of them all.
    """

    images: np.ndarray
    latents: np.ndarray
    provenance: Provenance

    def __len__(self) -> int:
        return len(self.images)

    def grid(self, columns: int = 8, *, captions: bool = False) -> DrawnPicture:
        """Returns all of them in one picture.

        Args:
            columns: Pictures in a row.
            captions: Whether to write each picture's classes beneath it.

        Raises:
            UserError: Captions are wanted, and the pictures have no classes.
        """
        if captions and not self.provenance.labels:
            raise UserError("Captions are the names of classes, and the model draws none")
        settings = {"columns": columns, "captions": captions}
        return show(self.images, msgspec.structs.replace(self.provenance, **settings))

    def pictures(self) -> Iterator[DrawnPicture]:
        """Gives one picture after the other, each with the batch that it was drawn in."""
        for index, image in enumerate(self.images):
            first = index // BATCH_SIZE * BATCH_SIZE
            batch = self._batch(slice(first, first + BATCH_SIZE))
            yield DrawnPicture(image, msgspec.structs.replace(batch, show=index - first))

    def _batch(self, part: slice) -> Provenance:
        choice = self.provenance.choice
        if choice is not None:
            choice = Choice(choice.best_of, choice.realness[part], choice.confidence[part])
        return msgspec.structs.replace(
            self.provenance,
            numbers=self.provenance.numbers[part],
            latents=packed(self.latents[part]) if self.provenance.latents else "",
            labels={name: values[part] for name, values in self.provenance.labels.items()},
            choice=choice,
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
    size: tuple[int, int] | None = None,
    expression: str = "",
    name: str = "",
    progress: bool = False,
) -> Samples:
    """Draws pictures that know what they were drawn from.

    Args:
        model: The model.
        count: How many pictures; with `every_class`, how many of each class.
        labels: As in `AdversarialModel.generate`.
        latents: `(n, latent_dim)` to draw from, instead of `count` random ones.
        seed: Of the latents and of classes not given; `None` takes a new one.
        truncation: Threshold of the latents; see `kerasgan.drawing.latents.truncate`.
        best_of: From how many latents of a picture the critic chooses one; see
            `kerasgan.drawing.selection`. Picture i is chosen among the latents i * best_of to
            (i + 1) * best_of - 1 of the seed.
        every_class: Whether to draw every class of the first label set, one after the other, from
            the same latents.
        size: (height, width), of a CPPN alone; `None` is the model's own.
        expression: What `latents` were worked out from, to be kept with the pictures.
        name: The model's, as `kerasgan.zoo.open_model` takes it, to be kept with the pictures.
        progress: Whether to show a progress bar on stderr when choosing takes over a second.

    Raises:
        ValueError: An argument is impossible, or two do not go together; as `generate`.
        UserError: A size is given to a model that is no CPPN.

    Example:
    >>> sample(gan, 16, seed=0).grid(columns=4).save("creatures.png")
    """
    if size is not None:
        check_any_size(model, name)
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
    numbers, choice = tuple(range(count)), None
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
        numbers, choice = _chosen(model, seed, named, truncation, count, best_of, progress)
    provenance = Provenance(**known, numbers=numbers, labels=named, choice=choice)
    return _drawn(model, provenance)


def named_labels(
    model: AdversarialModel,
    labels: Labels | Mapping[str, Labels] | None,
    count: int,
    *,
    seed: int,
) -> dict[str, tuple[str, ...]]:
    """Returns the class of each picture, random ones drawn, by the name of the label set."""
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
        raise ValueError("latents are drawn as they are: no truncation, best_of or every_class")
    if every_class and not model.condition:
        raise ValueError(
            f"Only a conditional generator draws classes. Received: {type(model).__name__}"
        )
    if every_class and (best_of > 1 or labels is not None):
        raise ValueError(
            "Every class is drawn from the same latents: there is nothing to choose by best_of, "
            "and no label to give"
        )


def _chosen(
    model: AdversarialModel,
    seed: int,
    labels: Mapping[str, Sequence[str]],
    truncation: float | None,
    count: int,
    best_of: int,
    progress: bool,
) -> tuple[tuple[int, ...], Choice]:
    """Returns which latents of a seed the critic chooses, and what it says of them."""
    chosen, realness, confidence = [], [], []
    for index in tqdm(range(count), "Choosing", delay=1, leave=False, disable=not progress):
        candidates = tuple(range(index * best_of, (index + 1) * best_of))
        latents = seeded_latents(model, seed, candidates, truncation=truncation)
        asked = {name: [values[index]] * best_of for name, values in labels.items()}
        images = model.generate(latents, asked or None, seed=seed, batch_size=BATCH_SIZE)
        numbers = model.numbered_labels(asked or None, best_of, seed=seed)
        verdict: Verdict = judge(model, images, numbers)
        best = choose(verdict)
        chosen.append(candidates[best])
        realness.append(_brief(verdict.realness[best]))
        if verdict.confidence is not None:
            confidence.append(_brief(verdict.confidence[best]))
    return tuple(chosen), Choice(best_of, tuple(realness), tuple(confidence))


def _brief(value: float) -> float:
    """Returns a number with six significant digits: all that is worth keeping."""
    return float(f"{value:.6g}")
