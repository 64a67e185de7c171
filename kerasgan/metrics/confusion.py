"""Which classes are taken for which others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasgan.class_names import numbers_among
from kerasgan.data import ImageSet
from kerasgan.errors import UserError, shortened
from kerasgan.models import CAN, AdversarialModel
from kerasgan.models.base.model_argument import check_is_model


@dataclass(frozen=True, eq=False)
class Confusion:
    """How many images of each class were taken for each class.

    Attributes:
        class_names: The names of the K classes.
        counts: int64 `(K, K)`: in row i and column j, how many images of class i were taken for
            class j.
    """

    class_names: tuple[str, ...]
    counts: np.ndarray

    @classmethod
    def of(
        cls, labels: np.ndarray, predicted: np.ndarray, class_names: Sequence[str]
    ) -> "Confusion":
        """Counts the images by their true and their predicted class.

        Args:
            labels: The true classes, integers in [0, K), `(n,)`.
            predicted: The predicted classes, integers in [0, K), `(n,)`.
            class_names: The names of the K classes.
        """
        count = len(class_names)
        pairs = np.asarray(labels, np.int64) * count + predicted
        return cls(
            tuple(class_names), np.bincount(pairs, minlength=count * count).reshape(count, count)
        )

    @property
    def images(self) -> int:
        """The number of images."""
        return int(self.counts.sum())

    @property
    def rates(self) -> np.ndarray:
        """The counts as fractions of their rows, float64 `(K, K)`; 0 in rows without an image."""
        return self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1)

    @property
    def accuracy(self) -> float:
        """The fraction of images whose class was predicted."""
        return float(np.trace(self.counts) / self.images)

    @property
    def balanced_accuracy(self) -> float:
        """The mean, over the classes that have images, of the accuracy on those of a class."""
        return float(np.diag(self.rates)[self.counts.sum(axis=1) > 0].mean())

    @property
    def commonest(self) -> float:
        """The fraction of images of the commonest class: the accuracy of always naming that."""
        return float(self.counts.sum(axis=1).max() / self.images)

    def as_dict(self) -> dict[str, Any]:
        """Returns the attributes and the properties that are numbers, JSON-able."""
        return {
            "images": self.images,
            "accuracy": self.accuracy,
            "balanced_accuracy": self.balanced_accuracy,
            "commonest": self.commonest,
            "class_names": list(self.class_names),
            "counts": self.counts.tolist(),
        }


def check_classifies(gan: AdversarialModel, held_out: ImageSet | None) -> None:
    """Checks that a model classifies images, and that there are held-out ones to test it on.

    Raises:
        UserError: It has no class heads that classify, or there are no held-out images with labels
            in each of its label sets and of its classes.
    """
    check_is_model("gan", gan)
    if not gan.classifies:
        raise UserError(
            f"a {type(gan).__name__} has no class heads that classify, so there are no classes to "
            "confuse: measure an ACGAN, a WassersteinACGAN or a CAN"
        )
    if held_out is None:
        raise UserError(
            "there are no held-out images to test class heads on: train with data.holdout, such as "
            "0.05, or on data with a test split"
        )
    for name in gan.classes:
        if name not in held_out.labels or held_out.labels[name].min() < 0:
            raise UserError(f"the held-out images must each have a label in the label set {name!r}")
        numbers = np.unique(held_out.labels[name])
        present = [held_out.class_names[name][int(number)] for number in numbers]
        if unknown := [each for each in present if each not in gan.class_names[name]]:
            known = shortened(", ".join(gan.class_names[name]))
            raise UserError(
                f"the held-out images have the {name} {shortened(repr(unknown[0]))}, which the "
                f"model does not know; its classes are {known}"
            )


def held_out_confusions(
    gan: AdversarialModel,
    held_out: ImageSet,
    *,
    frequencies: Mapping[str, Mapping[str, float]] | None = None,
) -> dict[str, Confusion]:
    """Returns what the class heads of a model take held-out images for, by label set.

    A head that learned from equally many images of each class takes all of them for equally
    likely. Where the frequencies f(c) of the classes are known, the class of an image x is

        argmax_c C(c|x) f(c)

    by Bayes' rule, and without them argmax_c C(c|x).

    Args:
        gan: The model.
        held_out: Images that it was not trained on, of the size of its own.
        frequencies: For label sets whose classes the model saw equally often in training: how
            frequent each class is otherwise, by its name.

    Raises:
        UserError: See `check_classifies`.
    """
    check_classifies(gan, held_out)
    logits = gan.discriminate(np.asarray(held_out.images)).class_logits
    found = {}
    for name, names in gan.class_names.items():
        # The images may number the classes in another order than the model.
        numbers = numbers_among(held_out.class_names[name], names)
        labels = numbers[held_out.labels[name]]
        scores = _log_probabilities(gan, np.asarray(logits[name], np.float64))
        if frequencies and name in frequencies:
            weights = np.array([frequencies[name].get(each, 0.0) for each in names])
            # A class that is not there is never the answer.
            scores = scores + np.log(weights, out=np.full(len(names), -np.inf), where=weights > 0)
        found[name] = Confusion.of(labels, np.argmax(scores, axis=1), names)
    return found


def class_frequencies(images: ImageSet, name: str) -> dict[str, float]:
    """Returns how frequent each class of a label set is.

    Args:
        images: The images; each must have a label in the label set.
        name: The label set's name.

    Returns:
        The fraction of the images, in [0, 1], that are of each class, by the class's name.
    """
    names = images.class_names[name]
    counts = np.bincount(images.labels[name], minlength=len(names))
    return dict(zip(names, (counts / len(images)).tolist(), strict=True))


def _log_probabilities(gan: AdversarialModel, logits: np.ndarray) -> np.ndarray:
    """Returns log C(c|x) but for what is the same for all classes of an image."""
    if isinstance(gan, CAN) and gan.ambiguity == "sigmoid":
        return -np.logaddexp(0.0, -logits)
    return logits
