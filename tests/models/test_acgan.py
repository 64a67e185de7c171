import numpy as np
import pytest

from kerasgan.models import ACGAN
from tests.models.equations import (
    class_loss,
    discriminator_weights,
    draw,
    generator_weights,
    log_sigmoid,
    pixels,
    score,
)

ONE, TWO = {"style": 3}, {"genre": 3, "style": 2}
EACH_TERM = pytest.mark.parametrize(
    ("classes", "class_weight"), [(ONE, 1.0), (ONE, 0.0), (TWO, 0.5)], ids=str
)


def build(linear_game, classes, **options):
    return linear_game(ACGAN, generator_classes=classes, classes=classes, **options)


@EACH_TERM
def test_discriminator_descends_its_part_of_both_terms(
    linear_game, reals, assert_descends, classes, class_weight
):
    gan = build(linear_game, classes, class_weight=class_weight, label_smoothing=0.125)
    real, purpose = reals(classes), "discriminator latents"
    x, asked = pixels(real.images), gan.random_labels(4, purpose)
    fake = draw(gan.latents(4, purpose), *generator_weights(classes), asked, classes)

    def source(v, c):
        s, t = score(x, v, c), score(fake, v, c)
        of_reals = 0.875 * log_sigmoid(s) + 0.125 * log_sigmoid(-s)
        return -np.mean(of_reals) / 2 - np.mean(log_sigmoid(-t)) / 2

    def of_classes(heads):
        return class_loss(x, real.labels, heads, classes) + class_loss(fake, asked, heads, classes)

    def loss(v, c, *heads):
        return source(v, c) + class_weight * of_classes(heads)

    assert_descends(
        lambda: gan.update_discriminator(real), loss, gan.discriminator, still=[gan.generator]
    )
    logs, (v, c, *heads) = gan.results(), discriminator_weights(classes)
    np.testing.assert_allclose(logs["discriminator_loss"], loss(v, c, *heads), 1e-5)
    np.testing.assert_allclose(logs["class_loss"], of_classes(heads), 1e-5)


@EACH_TERM
def test_generator_descends_its_part_of_both_terms(
    linear_game, reals, assert_descends, classes, class_weight
):
    gan = build(linear_game, classes, generator_class_weight=class_weight)
    purpose = "generator latents 0"
    z, asked = gan.latents(4, purpose), gan.random_labels(4, purpose)
    v, c, *heads = discriminator_weights(classes)

    def of_classes(w, b):
        return class_loss(draw(z, w, b, asked, classes), asked, heads, classes)

    def loss(w, b):
        source = -np.mean(log_sigmoid(score(draw(z, w, b, asked, classes), v, c)))
        return source + class_weight * of_classes(w, b)

    assert_descends(
        lambda: gan.update_generator(reals(classes)),
        loss,
        gan.generator,
        still=[gan.discriminator],
    )
    logs, weights = gan.results(), generator_weights(classes)
    np.testing.assert_allclose(logs["generator_loss"], loss(*weights), 1e-5)
    np.testing.assert_allclose(logs["generator_class_loss"], of_classes(*weights), 1e-5)


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_class_gradients_reach_the_generator(linear_game, reals, weight):
    gan = build(linear_game, ONE, generator_class_weight=weight)
    _, _, *heads = discriminator_weights(ONE)
    # Scores that see nothing leave the class heads as the only teacher.
    gan.discriminator.set_weights([np.zeros((4, 1)), np.zeros(1), *heads])
    before = gan.generator.get_weights()
    gan.update_generator(reals(ONE))
    moved = [
        np.abs(new - old).max()
        for old, new in zip(before, gan.generator.get_weights(), strict=True)
    ]
    assert (min(moved) > 0.01) if weight else (max(moved) == 0)
