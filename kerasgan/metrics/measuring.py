"""Measuring a model."""

import warnings

import keras
import numpy as np
from tqdm import tqdm

from kerasgan.class_names import numbers_among
from kerasgan.data import ImageSet
from kerasgan.errors import UserError, shortened
from kerasgan.metrics.confusion import Confusion, class_frequencies, held_out_confusions
from kerasgan.metrics.evaluation import Evaluation, Measure
from kerasgan.metrics.feature_set import FeatureSet
from kerasgan.metrics.features import Features
from kerasgan.metrics.image_checks import as_uint8, check_same_size
from kerasgan.metrics.model_measures import model_measures
from kerasgan.metrics.reference import Reference
from kerasgan.models import AdversarialModel
from kerasgan.models.base.model_argument import check_is_model

_BATCH_SIZE = 64
_PAIRS = 16


def evaluate(
    gan: AdversarialModel,
    images: Reference | ImageSet | np.ndarray,
    *,
    count: int = 1000,
    features: str | keras.Model | Features = "efficientnet_lite1",
    seed: int = 0,
    balanced: str | None = None,
    progress: bool = False,
) -> Evaluation:
    """Measures how close a model's images are to real ones.

    A conditional model draws images of the same classes as the reals. The class heads of a model
    that has some are tested on held-out images of its classes, if the reference has such: there is
    the measure `held_out_<label set>_accuracy` for each label set, whose floor is the accuracy of a
    small classifier that is trained on the same images as they are. With `balanced` there is also
    `held_out_<label set>_accuracy_by_frequency`: its head's probabilities are weighted by how
    frequent each class is among the real images; see `held_out_confusions`. The same model, images
    and seed give the same numbers on the same machine.

    ```python
    evaluation = kerasgan.metrics.evaluate(gan, images)
    evaluation["frechet_distance"].ratio
    ```

    Args:
        gan: The model.
        images: The real images, see `Reference`; or a `Reference` of them, which saves time when
            several models are measured. A reference has its own `count` and `features`, and its
            own seed for choosing real images.
        count: How many images to draw and to compare with; see `Reference`.
        features: The features that images are compared by; see `named_features`.
        seed: Seed of the latents and of the choice of real images.
        balanced: The label set whose classes the model saw equally often in training, if there is
            one: `data.balanced` of its recipe.
        progress: Whether to show progress bars on stderr.

    Raises:
        UserError: The images are too few, have values outside [0, 1], another size than the
            model's or other classes; or there are no such features.
    """
    _check_is_model(gan)
    if not isinstance(images, Reference):
        images = Reference(images, count=count, features=features, seed=seed, progress=progress)
    reference = images
    fakes = draw_fakes(gan, reference, seed=seed, progress=progress)
    fake_features = FeatureSet(reference.features_of(fakes))
    measures = {
        **reference.measure_features(fake_features),
        **model_measures(gan, fakes, reference),
    }
    confusions = _confusions(gan, reference)
    for name, confusion in confusions.items():
        accuracy = f"held_out_{name}_accuracy"
        # Without a label for each image, no classifier is trained.
        if (floor := reference.classifier.accuracies.get(name)) is None:
            continue
        measures[accuracy] = Measure(confusion.accuracy, floor)
        if name == balanced:
            weighted = _confusions(gan, reference, balanced)[name]
            measures[f"{accuracy}_by_frequency"] = Measure(weighted.accuracy, floor)
    return Evaluation(
        protocol={**reference.protocol, "latents_seed": seed},
        measures=measures,
        pairs=_pairs(fakes, fake_features, reference),
        confusions=confusions,
    )


def _check_is_model(gan: object) -> None:
    """Raises UserError if `evaluate` was given the name of a model, or anything else."""
    try:
        check_is_model("gan", gan)
    except UserError as error:
        raise UserError(
            f"{error}; kerasgan.zoo.evaluate([...], data=...) measures models by their names"
        ) from None


def check_comparable(gan: AdversarialModel, reference: Reference) -> dict[str, np.ndarray]:
    """Checks that a model can be measured against real images.

    Returns:
        The labels, by label set, that its images are requested with: those of the reals.

    Raises:
        UserError: The real images have another size than the model's, or other classes.
    """
    check_same_size((0, *gan.image_shape), reference.images.images.shape)
    return _requested_labels(gan, reference.images, reference.rows[: reference.count])


def _confusions(
    gan: AdversarialModel, reference: Reference, weighted: str | None = None
) -> dict[str, Confusion]:
    """Returns what the model's class heads take held-out images for, or nothing.

    The classes of the label set `weighted` are weighted by their frequencies.
    """
    images, held_out = reference.images, reference.held_out
    # Most models have no class heads that classify.
    if held_out is None or not gan.classifies or not set(gan.classes) <= set(images.labels):
        return {}
    frequencies = {weighted: class_frequencies(images, weighted)} if weighted else None
    try:
        return held_out_confusions(gan, held_out, frequencies=frequencies)
    except UserError as error:
        warnings.warn(f"The measures of the class heads are left out: {error}", stacklevel=3)
        return {}


def draw_fakes(
    gan: AdversarialModel, reference: Reference, *, seed: int = 0, progress: bool = False
) -> np.ndarray:
    """Draws as many images as there are reals, of a conditional model of the classes of the reals.

    Args:
        gan: The model.
        reference: The real images.
        seed: Seed of the latents.
        progress: Whether to show a progress bar on stderr.

    Returns:
        uint8 `(reference.count, height, width, channels)`.

    Raises:
        UserError: As `check_comparable`, or the model draws values outside [0, 1].
    """
    labels, count = check_comparable(gan, reference), reference.count
    latents = gan.draw_latents(count, seed=seed)
    fakes = np.empty((count, *reference.images.images.shape[1:]), np.uint8)
    with tqdm(
        total=count, desc="Drawing", unit="image", delay=1, leave=False, disable=not progress
    ) as bar:
        for first in range(0, count, _BATCH_SIZE):
            part = slice(first, first + _BATCH_SIZE)
            of_part = {name: numbers[part] for name, numbers in labels.items()}
            drawn = gan.generate(latents[part], of_part or None, seed=seed)
            fakes[part] = as_uint8(drawn)
            bar.update(len(drawn))
    return fakes


def _requested_labels(
    gan: AdversarialModel, images: ImageSet, rows: np.ndarray
) -> dict[str, np.ndarray]:
    """Returns the labels of some real images, numbered as a conditional model numbers its classes.

    With these labels its images have the classes in the proportions of the data. A model that is
    not conditional needs no labels.

    Raises:
        UserError: The images lack one of the label sets or classes, or have an image without a
            label or of a class that the model does not know.
    """
    labels = {}
    for name in gan.condition:
        if name not in images.labels:
            known = ", ".join(images.labels) or "none"
            raise UserError(
                f"the model draws images by their {name}, so the real images must have labels of "
                f"the label set {name!r}; their label sets: {known}"
            )
        _check_classes(name, gan.class_names[name], images)
        # A class of none of the images may be unknown to the model.
        numbers = numbers_among(images.class_names[name], gan.class_names[name])
        labels[name] = numbers[images.labels[name][rows]]
    return labels


def _check_classes(name: str, classes: tuple[str, ...], images: ImageSet) -> None:
    """Raises UserError unless the classes of a label set are exactly those of the model."""
    present = {images.class_names[name][int(number)] for number in np.unique(images.labels[name])}
    listed = shortened(", ".join(classes))
    unlabelled = int((images.labels[name] < 0).sum())
    if unlabelled:
        raise UserError(
            f"{unlabelled} images have no {name}: leave them out with images.select([{name!r}])"
        )
    if missing := [each for each in classes if each not in present]:
        raise UserError(
            f"none of the images has the {name} {missing[0]!r}, which the model draws: pass images "
            f"of all its classes, {listed}"
        )
    if unknown := sorted(present - set(classes)):
        raise UserError(
            f"the images have the {name} {unknown[0]!r}, which the model does not know; its "
            f"classes are {listed}"
        )


def _pairs(fakes: np.ndarray, fake_features: FeatureSet, reference: Reference) -> np.ndarray:
    """Returns the fakes closest to a real image, each followed by that image."""
    # The model was trained on the others too, and may have memorized one of them.
    among_reals, among_others = (
        fake_features.nearest_in(each) for each in (reference.real_set, reference.other_set)
    )
    is_other = among_others[0] < among_reals[0]
    chosen = np.argsort(np.where(is_other, among_others[0], among_reals[0]))[:_PAIRS]
    nearest = np.where(is_other, among_others[1] + reference.count, among_reals[1])
    reals = reference.images.images[reference.rows[nearest[chosen]]]
    return np.stack([fakes[chosen], reals], axis=1).reshape(-1, *fakes.shape[1:])
