import numpy as np
import pytest

from kerasgan.models import ProjectedACGAN
from tests.models.equations import (
    class_loss,
    discriminator_weights,
    draw,
    generator_weights,
    pixels,
    score,
)


@pytest.mark.parametrize("classes", [{"style": 3}, {"genre": 3, "style": 2}], ids=str)
@pytest.mark.parametrize("class_weight", [0.0, 0.5])
def test_both_players_descend_the_hinge_and_their_part_of_the_classes(
    linear_game, reals, assert_descends, numeric_gradients, classes, class_weight
):
    gan = linear_game(
        ProjectedACGAN,
        generator_classes=classes,
        classes=classes,
        class_weight=class_weight,
        generator_class_weight=2.0,
        diff_augment=(),
        ema_decay=None,
    )
    real = reals(classes)
    x, z, labels = pixels(real.images), gan.latents(4, "latents"), real.labels
    fake = draw(z, *generator_weights(classes), labels, classes)

    def discriminator_loss(v, c, *heads):  # Fakes have no part in its class loss.
        of_reals = np.mean(np.maximum(0, 1 - score(x, v, c)))
        hinge = of_reals + np.mean(np.maximum(0, 1 + score(fake, v, c)))
        return hinge + class_weight * class_loss(x, labels, heads, classes)

    weights = discriminator_weights(classes)
    gradients = numeric_gradients(discriminator_loss, [weight.copy() for weight in weights])
    moved = [weight - gradient for weight, gradient in zip(weights, gradients, strict=True)]

    def generator_loss(w, b):  # By the discriminator that has moved.
        drawn = draw(z, w, b, labels, classes)
        classified = class_loss(drawn, labels, moved[2:], classes)
        return -np.mean(score(drawn, *moved[:2])) + 2.0 * classified

    assert_descends(lambda: gan.train_step((real.images, labels)), generator_loss, gan.generator)
    for weight, value in zip(gan.discriminator.get_weights(), moved, strict=True):
        np.testing.assert_allclose(weight, value, rtol=2e-4, atol=5e-6)
    losses = gan.results()
    np.testing.assert_allclose(losses["discriminator_loss"], discriminator_loss(*weights), 1e-5)
    np.testing.assert_allclose(
        losses["generator_loss"], generator_loss(*generator_weights(classes)), 1e-5
    )
    np.testing.assert_allclose(
        losses["class_loss"], class_loss(x, labels, weights[2:], classes), 1e-5
    )
