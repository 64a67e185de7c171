import numpy as np
import pytest

from kerasgan.models import HingeGAN
from tests.models.equations import (
    discriminated,
    discriminator_weights,
    draw,
    generator_weights,
    pixels,
    score,
)


def test_discriminator_descends_equation_16(linear_game, reals, assert_descends):
    gan, real = linear_game(HingeGAN), reals()
    x = pixels(real.images)
    fake = draw(gan.latents(4, "discriminator latents"), *generator_weights())

    def loss(v, c):
        of_reals = np.minimum(0, -1 + score(x, v, c))
        return -np.mean(of_reals) - np.mean(np.minimum(0, -1 - score(fake, v, c)))

    v, c = discriminator_weights()
    for scores in (score(x, v, c), -score(fake, v, c)):
        assert np.any(scores < 1)
    assert np.any(-score(fake, v, c) > 1)
    assert_descends(
        lambda: gan.update_discriminator(real), loss, gan.discriminator, still=[gan.generator]
    )
    np.testing.assert_allclose(gan.results()["discriminator_loss"], loss(v, c), 1e-5)


def test_generator_descends_equation_17(linear_game, reals, assert_descends):
    gan = linear_game(HingeGAN)
    z = gan.latents(4, "generator latents 0")

    def loss(w, b):
        return -np.mean(score(draw(z, w, b), *discriminator_weights()))

    assert_descends(
        lambda: gan.update_generator(reals()), loss, gan.generator, still=[gan.discriminator]
    )
    np.testing.assert_allclose(gan.results()["generator_loss"], loss(*generator_weights()), 1e-5)


@pytest.mark.parametrize(
    ("real", "fake", "of_discriminator", "of_generator"),
    [
        ([1, 7], [-1, -9], 0, 5),
        ([0, 3], [-1], 1 / 2, 1),
        ([1], [0, -2], 1 / 2, 1),
        ([-2], [3], 3 + 4, -3),
    ],
)
def test_losses_are_those_worked_by_hand(linear_game, real, fake, of_discriminator, of_generator):
    gan = linear_game(HingeGAN)
    np.testing.assert_allclose(
        gan.discriminator_loss(discriminated(real), discriminated(fake)), of_discriminator, 1e-6
    )
    np.testing.assert_allclose(gan.generator_loss(None, discriminated(fake)), of_generator, 1e-6)


def test_images_beyond_the_margin_no_longer_move_the_discriminator(linear_game, reals):
    gan = linear_game(HingeGAN)
    gan.generator.set_weights([np.zeros((3, 4)), -np.ones(4)])
    # Reals, all above 0, score above 1 with these weights; fakes, all -1, below -1.
    weights = [np.full((4, 1), 3.0), np.array([1.0])]
    gan.discriminator.set_weights(weights)
    gan.update_discriminator(reals())
    for weight, value in zip(gan.discriminator.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(weight, value)
