"""Pictures drawn from random or given latents."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec
import numpy as np

from kerasgan.argument_checks import whole_number
from kerasgan.class_names import Labels, labels_by_set
from kerasgan.drawing.any_size.at_size import check_any_size
from kerasgan.drawing.drawable import check_drawable, engine_of, in_tensorflow
from kerasgan.drawing.drawn_samples import Samples
from kerasgan.drawing.from_provenance import (
    check_in_memory,
    check_source,
    drawn_by,
    drawn_with_latents,
    fitting,
)
from kerasgan.drawing.latent_files import given_latents
from kerasgan.drawing.latents import check_psi, checked_latents, checked_seed, packed, towards_mean
from kerasgan.drawing.picture_classes import GivenLabels, Label, has_parts, mixed_labels
from kerasgan.drawing.provenance import LAST_NUMBER, Provenance, fingerprint
from kerasgan.drawing.size import Size, check_size
from kerasgan.errors import UserError, shortened
from kerasgan.randomness.seeds import canonical_seed, new_seed

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable


def sample(
    model: "Drawable",
    count: int = 32,
    labels: GivenLabels = None,
    *,
    latents: np.ndarray | str | Path | None = None,
    seed: int | None = None,
    seeds: Sequence[int] | None = None,
    truncation: float | None = None,
    psi: float | None = None,
    best_of: int = 1,
    every_class: bool = False,
    size: Size | None = None,
    expression: str = "",
    name: str = "",
    best: bool = False,
    progress: bool = False,
) -> Samples:
    """Draws pictures that know what they were drawn from.

    Args:
        model: The model. LiteRT files draw as well; where the critic selects, TensorFlow does.
        count: The number of pictures; with `every_class`, of each class.
        labels: The classes, as in `AdversarialModel.generate`. With `latents`, a label of a label
            set may also be the parts of several classes, `{"cubism": 0.25, "realism": 0.75}`.
        latents: `(n, latent_dim)` to draw from, instead of `count` random ones; or a file of
            latents, such as that of picked pictures, whose classes are drawn where `labels` gives
            none.
        seed: Seed of the latents and of classes not given, taken modulo 2**31; `None` takes a new
            one each time.
        seeds: A seed for each picture, instead of `count` and `seed`: picture i is the first one
            of `seeds[i]`, with its class where none is given.
        truncation: Threshold of the latents; see `kerasgan.drawing.truncate`.
        psi: Factor that moves the latents towards their mean; see `kerasgan.drawing.towards_mean`.
        best_of: The number of candidates from which the critic selects each picture; see
            `kerasgan.drawing.selection`. The candidates of picture i are the latents i * best_of
            to (i + 1) * best_of - 1 of the seed.
        every_class: Whether to draw every class, one after the other, from the same latents. Of
            several label sets it draws every class of the first, then every class of the second,
            and so on, while the others keep the classes that the seed gives each latent.
        size: The size, for CPPNs only; `None` is the model's own.
        expression: The expression that `latents` were computed from, to be kept with the pictures.
        name: Name of the model, as `kerasgan.zoo.open_model` takes it, to be kept with the
            pictures.
        best: Whether it was opened with `best=True`, to be kept with the pictures too.
        progress: Whether to show a progress bar on stderr when selecting takes over a second.

    Raises:
        ValueError: An argument is out of range, or two of them exclude each other; as `generate`.
        UserError: `model` is not a model, a size is given for one that is not a CPPN, or the model
            cannot draw what is in the file of latents.

    Example:
    >>> sample(gan, 16, seed=0).grid(columns=4).save("creatures.png")
    """
    check_drawable(model)
    if size is not None:
        check_any_size(model, name)
        check_size(size)
    if seeds is not None:
        seeds = tuple(map(checked_seed, seeds))
    _check(model, count, labels, latents, seeds, seed, truncation, psi, best_of, every_class)
    seed = new_seed() if seed is None else checked_seed(seed)
    if best_of > 1:
        # The candidates are drawn at the model's own size.
        check_in_memory(model, count, size)
        check_in_memory(model, best_of)
        model = in_tensorflow(model, "Selecting pictures by the critic")
    engine = engine_of(model).engine
    known = {"model": name, "weights": fingerprint(model), "best": best, "engine": engine}
    known |= {"size": size}
    if latents is not None:
        latents, labels = given_latents(model, latents, labels)
        latents = towards_mean(checked_latents(model, latents), psi)
        named = _labels_of_latents(model, labels, len(latents), seed=seed)
        known |= {"latents": packed(latents), "expression": expression}
        return _drawn(model, Provenance(**known, labels=named))

    known |= {"truncation": truncation, "psi": psi}
    if seeds:
        check_in_memory(model, len(seeds), size)
        named = _labels_of_seeds(model, labels, seeds)
        return _drawn(model, Provenance(**known, seeds=seeds, labels=named))

    known |= {"seed": seed}
    numbers, selection = tuple(range(count)), None
    if every_class:
        rows = all_classes(model)
        named = _labels_of_rows(model, rows, count, seed=seed)
        numbers *= len(rows)
    else:
        named = named_labels(model, labels, count, seed=seed)
    if best_of > 1:
        from kerasgan.drawing.selection import select_latents

        numbers, selection = select_latents(
            model,
            seed,
            named,
            truncation=truncation,
            psi=psi,
            count=count,
            best_of=best_of,
            progress=progress,
        )
    provenance = Provenance(**known, numbers=numbers, labels=named, selection=selection)
    return _drawn(model, provenance)


def named_labels(
    model: "Drawable",
    labels: GivenLabels,
    count: int,
    *,
    seed: int,
) -> dict[str, tuple[str, ...]]:
    """Returns the class of each picture, random where none is given, by label set.

    Raises:
        ValueError: As `generate`, or a label is the parts of several classes.
    """
    if has_parts(labels):
        raise UserError(
            "The parts of several classes are drawn from given latents; pass latents=, such as "
            f"model.draw_latents({count}). Received: {shortened(repr(labels))}"
        )
    classes = cast("Labels | Mapping[str, Labels] | None", labels)
    return {
        name: tuple(model.class_names[name][number] for number in numbers)
        for name, numbers in model.numbered_labels(classes, count, seed=seed).items()
    }


def sample_rows(
    model: "Drawable", rows: Sequence[tuple[str, str]], columns: int, *, seed: int
) -> Samples:
    """Draws rows of pictures, all from the same latents, each of one class of one label set.

    Args:
        model: A conditional model.
        rows: The label set and the class of each row. The other label sets keep the classes that
            the seed gives each latent.
        columns: The number of pictures in a row.
        seed: Seed of the latents.
    """
    named = _labels_of_rows(model, rows, columns, seed=seed)
    numbers = tuple(range(columns)) * len(rows)
    return _drawn(model, Provenance(model="", weights="", seed=seed, numbers=numbers, labels=named))


def samples_again(model: "Drawable", provenance: Provenance) -> Samples:
    """Draws again the pictures of a grid.

    Args:
        model: The model.
        provenance: What the file of the grid says it was drawn from; see `read_provenance`.

    Raises:
        UserError: The file shows a single picture; or as `draw_again`.
    """
    check_source(model, provenance)
    if provenance.show is not None:
        raise UserError("The file shows a single picture; pictures are picked from a grid")
    plain = Provenance(model="", weights="")
    shown = {name: getattr(plain, name) for name in ("columns", "captions", "numbered", "upscale")}
    with fitting(model):
        again = msgspec.structs.replace(drawn_by(model, provenance), **shown)
        return _drawn(model, again)


def _labels_of_latents(
    model: "Drawable", labels: GivenLabels, count: int, *, seed: int
) -> dict[str, tuple[Label, ...]]:
    """Returns the class of each picture, or its parts of several, random where none is given."""
    mixed = {}
    if model.condition:
        by_set = labels_by_set(labels, model.condition)
        mixed = mixed_labels(model, by_set, count)
        labels = {name: values for name, values in by_set.items() if name not in mixed}
    return {**named_labels(model, labels, count, seed=seed), **mixed}


def all_classes(model: "Drawable") -> list[tuple[str, str]]:
    """Returns each label set and class: every class of the first label set, and so on."""
    return [(name, label) for name in model.condition for label in model.class_names[name]]


def _labels_of_rows(
    model: "Drawable", rows: Sequence[tuple[str, str]], count: int, *, seed: int
) -> dict[str, tuple[str, ...]]:
    """Returns rows of `count` labels, each of one class of one label set."""
    random = named_labels(model, None, count, seed=seed)
    labels = [{**random, name: (label,) * count} for name, label in rows]
    return {name: sum((row[name] for row in labels), ()) for name in model.condition}


def _labels_of_seeds(
    model: "Drawable",
    labels: GivenLabels,
    seeds: tuple[int, ...],
) -> dict[str, tuple[str, ...]]:
    """Returns the class of each picture; where none is given, that of the first one of its seed."""
    named = named_labels(model, labels, len(seeds), seed=0)
    given = labels if isinstance(labels, Mapping) else dict.fromkeys(model.condition, labels)
    first = [named_labels(model, None, 1, seed=seed) for seed in seeds]
    for name in model.condition:
        if given.get(name) is None:
            named[name] = tuple(each[name][0] for each in first)
    return named


def _drawn(model: "Drawable", provenance: Provenance) -> Samples:
    images, latents = drawn_with_latents(model, provenance)
    return Samples(images, latents, provenance)


def _check(
    model: "Drawable",
    count: int,
    labels: GivenLabels,
    latents: np.ndarray | str | Path | None,
    seeds: tuple[int, ...] | None,
    seed: int | None,
    truncation: float | None,
    psi: float | None,
    best_of: int,
    every_class: bool,
) -> None:
    if psi is not None:
        check_psi(psi)
    whole_number("count", count, least=1)
    whole_number("best_of", best_of, least=1)
    if count * best_of > LAST_NUMBER:
        raise UserError(
            f"count times best_of must be at most {LAST_NUMBER:,}. "
            f"Received: count={count}, best_of={best_of}"
        )
    others = seeds is not None or truncation is not None or best_of > 1 or every_class
    if latents is not None and others:
        raise UserError("latents exclude seeds, truncation, best_of and every_class")
    if seeds is not None and (seed is not None or best_of > 1 or every_class):
        raise UserError("seeds exclude seed, best_of and every_class")
    if seeds is not None and not 1 <= len(set(map(canonical_seed, seeds))) == len(seeds):
        raise UserError(
            "seeds must be one or more, all different; those that differ by a multiple of 2**31 "
            f"are the same. Received: {len(seeds)} seeds"
        )
    if truncation is not None and psi is not None:
        raise UserError("truncation excludes psi: each truncates the latents in its own way")
    if every_class and not model.condition:
        raise UserError(
            f"every_class needs a conditional generator. Received: {type(model).__name__}"
        )
    if every_class and (best_of > 1 or labels is not None):
        raise UserError(
            "every_class excludes best_of and labels: it draws every class from the same latents"
        )
