"""What a model draws to be measured."""

from collections.abc import Mapping

import numpy as np
from tqdm import tqdm

from kerasgan.data import ImageSet
from kerasgan.errors import UserError
from kerasgan.models import AdversarialModel

_BATCH_SIZE = 64


def draw(
    gan: AdversarialModel,
    count: int,
    labels: Mapping[str, np.ndarray] | None = None,
    *,
    seed: int = 0,
    progress: bool = False,
) -> np.ndarray:
    """Draws as `gan.generate` does, with a progress bar.

    Args:
        gan: The model.
        count: How many.
        labels: Of a conditional model: the class numbers of each picture, int32 `(count,)` by
            label set.
        seed: Of the latents.
        progress: Whether to show a progress bar on stderr.

    Returns:
        Images `(count, height, width, channels)`, float32 in [0, 1].
    """
    latents = gan.draw_latents(count, seed=seed)
    parts = []
    with tqdm(
        total=count, desc="Drawing", unit="image", delay=1, leave=False, disable=not progress
    ) as bar:
        for first in range(0, count, _BATCH_SIZE):
            part = slice(first, first + _BATCH_SIZE)
            asked = {name: numbers[part] for name, numbers in (labels or {}).items()}
            parts.append(gan.generate(latents[part], asked or None, seed=seed))
            bar.update(len(parts[-1]))
    return np.concatenate(parts)


def labels_as_in(gan: AdversarialModel, images: ImageSet, rows: np.ndarray) -> dict:
    """Returns the labels of real images by the numbers that a conditional model has for them.

    So its fakes are of each class in the proportions of the data.

    Args:
        gan: The model; one that is not conditional gives no labels.
        images: The real images.
        rows: Which of them.

    Returns:
        int32 `(rows,)` by label set of the model's condition.

    Raises:
        UserError: The images lack one of the label sets or classes, or have an image without a
            label or of a class that the model does not know.
    """
    labels = {}
    for name in gan.condition:
        if name not in images.labels:
            known = ", ".join(images.labels) or "none"
            raise UserError(
                f"the model draws classes of {name}, and the images must have them as labels; "
                f"their label sets: {known}"
            )
        check_classes(name, gan.class_names[name], images)
        names = images.class_names[name]
        numbers = np.array([gan.class_names[name].index(each) for each in names], np.int32)
        labels[name] = numbers[images.labels[name][rows]]
    return labels


def check_classes(name: str, classes: tuple[str, ...], images: ImageSet) -> None:
    """Raises UserError unless a label set of images has all of some classes, and only these."""
    present = {images.class_names[name][number] for number in np.unique(images.labels[name])}
    unlabelled = int((images.labels[name] < 0).sum())
    if unlabelled:
        raise UserError(
            f"{unlabelled} images have no {name}: leave them out with images.select([{name!r}])"
        )
    if missing := [each for each in classes if each not in present]:
        raise UserError(
            f"the images have none of the {name} {missing[0]!r}, which the model draws: give "
            f"images of all its classes, {', '.join(classes)[:80]}"
        )
    if unknown := sorted(present - set(classes)):
        raise UserError(
            f"the images have the {name} {unknown[0]!r}, which the model does not know; its "
            f"classes are {', '.join(classes)[:80]}"
        )
