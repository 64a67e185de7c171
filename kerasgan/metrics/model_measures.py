"""Measures that only models of some kinds have."""

import numpy as np

from kerasgan.metrics.class_spread import class_spread
from kerasgan.metrics.critic_distance import critic_distance
from kerasgan.metrics.measure import Measure
from kerasgan.metrics.reference import Reference
from kerasgan.metrics.style_entropy import style_entropy
from kerasgan.models import CAN, WGAN, WGANGP, AdversarialModel


def model_measures(
    gan: AdversarialModel, fakes: np.ndarray, reference: Reference
) -> dict[str, Measure]:
    """Returns those measures of a model that the features of its pictures do not tell.

    Of a Wasserstein GAN `critic_distance`, between held-out images, or else the reals, and the
    fakes; its floor is that between reals and held-out images, or else the others, 0 for a critic
    that has learned none of the reals by heart. Of a `CAN` `style_entropy`, its floor that of
    other reals. Of a conditional model, or with the features of a classifier, by label set:
    `accuracy`, the part of fakes that the classifier takes for the class they were asked for, its
    floor the classifier's accuracy on held-out images; and `class_coverage` and `class_entropy`,
    see `class_spread`, their floor that of other reals.

    Args:
        gan: The model.
        fakes: What it drew, uint8 `(count, height, width, channels)`; if it is conditional, each
            asked for the classes of the real of the same number.
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


def _critic_distance(gan: AdversarialModel, fakes: np.ndarray, reference: Reference) -> Measure:
    held_out = reference.held_out_images()
    unseen = reference.other_images() if held_out is None else held_out
    of_fakes, of_reals, of_unseen = (
        gan.discriminate(images).scores[:, 0] for images in (fakes, reference.real_images(), unseen)
    )
    tested = of_reals if held_out is None else of_unseen
    value, error = critic_distance(tested, of_fakes)
    floor, floor_error = critic_distance(of_reals, of_unseen)
    return Measure(value, floor, error, floor_error)


def _style_entropies(gan: CAN, fakes: np.ndarray, reference: Reference) -> dict[str, Measure]:
    found = {}
    of_fakes = gan.discriminate(fakes).class_logits
    of_reals = gan.discriminate(reference.other_images()).class_logits
    for name in gan.classes:
        found[f"{name}_entropy"] = Measure(
            style_entropy(of_fakes[name], ambiguity=gan.ambiguity),
            style_entropy(of_reals[name], ambiguity=gan.ambiguity),
        )
    return found


def _class_measures(
    gan: AdversarialModel, fakes: np.ndarray, reference: Reference
) -> dict[str, Measure]:
    classifier, images = reference.classifier, reference.images
    told, told_of_reals = (classifier.classes(each) for each in (fakes, reference.real_images()))
    told_of_others = classifier.classes(reference.other_images())
    found = {}
    for name, accuracy in classifier.accuracies.items():
        count = len(images.class_names[name])
        if name in gan.condition:
            asked = images.labels[name][reference.rows[: reference.count]]
            right = float((told[name] == asked).mean())
            found[f"{name}_accuracy"] = Measure(right, accuracy)
        drawn, others = (
            class_spread(classes[name], told_of_reals[name], count)
            for classes in (told, told_of_others)
        )
        found[f"{name}_class_coverage"] = Measure(drawn.coverage, others.coverage)
        found[f"{name}_class_entropy"] = Measure(drawn.entropy, others.entropy)
    return found
