import numpy as np
import pytest

from kerasgan.models import ProjectedCGAN
from tests.models.equations import (
    class_logits,
    discriminator_weights,
    draw,
    generator_weights,
    pixels,
    score,
)

HALF_WAY = {"transition": (10, 30), "diff_augment": (), "ema_decay": None}


@pytest.mark.parametrize("classes", [{"style": 3}, {"genre": 3, "style": 2}], ids=str)
@pytest.mark.parametrize(("seen", "conditioning"), [(4, 0.0), (15, 0.25), (50, 1.0)])
def test_both_players_descend_the_hinge_of_both_scores(
    linear_game, reals, assert_descends, numeric_gradients, classes, seen, conditioning
):
    gan = linear_game(ProjectedCGAN, generator_classes=classes, classes=classes, **HALF_WAY)
    gan.batches_seen.assign(seen)
    real = reals(classes)
    x, z, labels = pixels(real.images), gan.latents(4, "latents"), real.labels
    fake = draw(z, *generator_weights(classes), labels, classes)

    def score_as_classes(images, v, c, heads):
        total = score(images, v, c)
        for name, scores in class_logits(images, heads, classes).items():
            own = np.array([row[label] for row, label in zip(scores, labels[name], strict=True)])
            total = total + own.reshape(total.shape)
        return total

    def hinge(of_reals, of_fakes):
        return np.mean(np.maximum(0, 1 - of_reals)) + np.mean(np.maximum(0, 1 + of_fakes))

    def discriminator_loss(v, c, *heads):
        as_classes = [score_as_classes(images, v, c, heads) for images in (x, fake)]
        return hinge(score(x, v, c), score(fake, v, c)) + conditioning * hinge(*as_classes)

    weights = discriminator_weights(classes)
    gradients = numeric_gradients(discriminator_loss, [weight.copy() for weight in weights])
    moved = [weight - gradient for weight, gradient in zip(weights, gradients, strict=True)]

    def generator_loss(w, b):  # By the discriminator that has moved.
        drawn = draw(z, w, b, labels, classes)
        as_classes = score_as_classes(drawn, *moved[:2], moved[2:])
        return -np.mean(score(drawn, *moved[:2])) - conditioning * np.mean(as_classes)

    assert_descends(lambda: gan.train_step((real.images, labels)), generator_loss, gan.generator)
    for weight, value in zip(gan.discriminator.get_weights(), moved, strict=True):
        np.testing.assert_allclose(weight, value, rtol=2e-4, atol=5e-6)
    losses = gan.results()
    np.testing.assert_allclose(losses["discriminator_loss"], discriminator_loss(*weights), 1e-5)
    np.testing.assert_allclose(
        losses["generator_loss"], generator_loss(*generator_weights(classes)), 1e-5
    )
    np.testing.assert_allclose(losses["conditioning"], conditioning, 1e-6)


@pytest.mark.parametrize(
    ("seen", "conditioning"), [(0, 0.0), (10, 0.0), (20, 0.5), (30, 1.0), (10**9, 1.0)]
)
def test_conditioning_rises_linearly_between_its_iterations(linear_game, seen, conditioning):
    classes = {"style": 3}
    gan = linear_game(ProjectedCGAN, generator_classes=classes, classes=classes, **HALF_WAY)
    gan.batches_seen.assign(seen)
    np.testing.assert_allclose(gan.conditioning, conditioning, 1e-6)
    assert gan.get_config()["transition"] == [10, 30]


@pytest.mark.parametrize(
    ("transition", "message"),
    [
        ((30, 10), "the second one later. Received: transition=\\(30, 10\\)"),
        ((10, 10), "the second one later"),
        ((10,), "must be two iterations"),
        ("12", "must be two iterations"),
        (1000, "must be two iterations"),
        ((-1, 10), "transition"),
        ((0, 1.5), "transition"),
    ],
)
def test_a_transition_that_cannot_be_is_refused(linear_game, transition, message):
    classes = {"style": 3}
    with pytest.raises(ValueError, match=message):
        linear_game(
            ProjectedCGAN,
            generator_classes=classes,
            classes=classes,
            **{**HALF_WAY, "transition": transition},
        )
