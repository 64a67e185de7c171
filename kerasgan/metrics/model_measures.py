"""Measures that only some kinds of models have."""

from typing import NamedTuple

import numpy as np

from kerasgan.metrics.evaluation import Measure
from kerasgan.metrics.reference import Reference
from kerasgan.models import CAN, WGAN, WGANGP, AdversarialModel

# A class is covered if it is at most this many times rarer among fakes than among reals.
_COVERED_TIMES = 10


class CriticDistance(NamedTuple):
    """A difference of mean scores.

    Attributes:
        value: The difference.
        standard_error: The standard error of the value.
    """

    value: float
    standard_error: float


class ClassSpread(NamedTuple):
    """How evenly images are spread over classes.

    Attributes:
        coverage: The fraction of the classes that are covered, in [0, 1].
        entropy: The entropy of the distribution over the classes, divided by that of an even
            distribution, in [0, 1].
    """

    coverage: float
    entropy: float


def model_measures(
    gan: AdversarialModel, fakes: np.ndarray, reference: Reference
) -> dict[str, Measure]:
    """Returns the measures that depend on the kind of the model.

    - A Wasserstein GAN has `critic_distance`: the distance between real images and fakes, where
      the real images are the held-out ones or, if there are none, the reals. Its floor is the
      distance between the reals and the held-out images (or the others); it is 0 for a critic
      that has not memorized the reals.
    - A `CAN` has `style_entropy`; its floor is that of the others.
    - A conditional model has, for each label set, `accuracy`: the fraction of fakes that a
      classifier assigns to their requested class. Its floor is the classifier's accuracy on
      held-out images.
    - A conditional model, or any model with the features of a classifier, has for each label set
      `class_coverage` and `class_entropy`, see `class_spread`; their floors are those of the
      others.

    Args:
        gan: The model.
        fakes: Images that it drew, uint8 `(count, height, width, channels)`; those of a
            conditional model are of the classes of the reals, in the same order.
        reference: The real images.
    """
    found = {}
    if isinstance(gan, WGAN | WGANGP):
        found["critic_distance"] = _critic_distance(gan, fakes, reference)
    if isinstance(gan, CAN):
        found.update(_style_entropies(gan, fakes, reference))
    if gan.condition or reference.has_features_of_classifier:
        found.update(_class_measures(gan, fakes, reference))
    return found


def critic_distance(real_scores: np.ndarray, fake_scores: np.ndarray) -> CriticDistance:
    """Returns a Wasserstein critic's estimate of the distance between two sets of images.

        E_x[f(x)] - E_z[f(G(z))]

    On images that the critic f was trained on it grows as f memorizes them; on others it does
    not. Critics differ in their slopes, so distances of different models cannot be compared.

    Args:
        real_scores: `(n,)`, n at least 2.
        fake_scores: `(m,)`, m at least 2.

    Reference:
        Arjovsky, Chintala and Bottou, "Wasserstein GAN", 2017, https://arxiv.org/abs/1701.07875,
        equation 2.
    """
    reals, fakes = np.asarray(real_scores, np.float64), np.asarray(fake_scores, np.float64)
    variance = np.var(reals, ddof=1) / len(reals) + np.var(fakes, ddof=1) / len(fakes)
    return CriticDistance(float(reals.mean() - fakes.mean()), float(np.sqrt(variance)))


def style_entropy(logits: np.ndarray, *, ambiguity: str = "softmax") -> float:
    """Returns the mean normalized entropy of a style head's output for a set of images.

        E_x[-sum_c p_c(x) log p_c(x)] / log K

    for K styles: 0 where the head is certain of the style of each image, 1 where all styles are
    equally likely. For a head of independent sigmoids, p is their outputs divided by their sum.

    Args:
        logits: `(n, K)`, K at least 2.
        ambiguity: The `ambiguity` of the `CAN`: `"softmax"` or `"sigmoid"`.

    Reference:
        Elgammal et al., "CAN: Creative Adversarial Networks", 2017,
        https://arxiv.org/abs/1706.07068 (style ambiguity).
    """
    logits = np.asarray(logits, np.float64)
    # log sigmoid(x) = -log(1 + exp(-x)), computed without overflow.
    logs = -np.logaddexp(0.0, -logits) if ambiguity == "sigmoid" else logits
    logs = logs - np.logaddexp.reduce(logs, axis=1, keepdims=True)
    entropies = -(np.exp(logs) * logs).sum(axis=1)
    return float(entropies.mean() / np.log(logits.shape[1]))


def class_spread(classes: np.ndarray, real_classes: np.ndarray, count: int) -> ClassSpread:
    """Returns how evenly images are spread over the classes.

    A class is covered if there are images of it, and its share of the images is at least a tenth
    of its share of the real images. Classes that no real image is assigned to do not count.

    Args:
        classes: The class that a classifier assigns to each image, integers in [0, count), `(n,)`.
        real_classes: The class that it assigns to each real image, integers in [0, count), `(m,)`.
        count: The number of classes, at least 2.
    """
    counts = np.bincount(classes, minlength=count)
    real_counts = np.bincount(real_classes, minlength=count)
    # In integers, so that exactly a tenth is enough.
    enough = _COVERED_TIMES * counts * len(real_classes) >= real_counts * len(classes)
    covered = (counts > 0) & enough
    shares = counts[counts > 0] / len(classes)
    entropy = -(shares * np.log(shares)).sum() / np.log(count)
    return ClassSpread(float(covered[real_counts > 0].mean()), float(max(0.0, entropy)))


def _critic_distance(gan: AdversarialModel, fakes: np.ndarray, reference: Reference) -> Measure:
    held_out = reference.held_out_images()
    unseen = reference.other_images() if held_out is None else held_out
    fake_scores, real_scores, unseen_scores = (
        np.asarray(gan.discriminate(images).scores)[:, 0]
        for images in (fakes, reference.real_images(), unseen)
    )
    tested = real_scores if held_out is None else unseen_scores
    value, error = critic_distance(tested, fake_scores)
    floor, floor_error = critic_distance(real_scores, unseen_scores)
    return Measure(value, floor, error, floor_error)


def _style_entropies(gan: CAN, fakes: np.ndarray, reference: Reference) -> dict[str, Measure]:
    found = {}
    fake_logits = gan.discriminate(fakes).class_logits
    real_logits = gan.discriminate(reference.other_images()).class_logits
    for name in gan.classes:
        found[f"{name}_entropy"] = Measure(
            style_entropy(np.asarray(fake_logits[name]), ambiguity=gan.ambiguity),
            style_entropy(np.asarray(real_logits[name]), ambiguity=gan.ambiguity),
        )
    return found


def _class_measures(
    gan: AdversarialModel, fakes: np.ndarray, reference: Reference
) -> dict[str, Measure]:
    classifier, images = reference.classifier, reference.images
    of_fakes, of_reals, of_others = (
        classifier.classes(each)
        for each in (fakes, reference.real_images(), reference.other_images())
    )
    found = {}
    for name, accuracy in classifier.accuracies.items():
        count = len(images.class_names[name])
        if name in gan.condition:
            requested = images.labels[name][reference.rows[: reference.count]]
            correct = float((of_fakes[name] == requested).mean())
            found[f"{name}_accuracy"] = Measure(correct, accuracy)
        value, floor = (
            class_spread(classes[name], of_reals[name], count) for classes in (of_fakes, of_others)
        )
        found[f"{name}_class_coverage"] = Measure(value.coverage, floor.coverage)
        found[f"{name}_class_entropy"] = Measure(value.entropy, floor.entropy)
    return found
