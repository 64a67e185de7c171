import numpy as np
import pytest

from kerasgan.models import LSGAN
from tests.models.equations import (
    discriminated,
    discriminator_weights,
    draw,
    generator_weights,
    pixels,
    score,
)


def test_discriminator_descends_equation_9(linear_game, reals, assert_descends):
    gan, real = linear_game(LSGAN), reals()
    x = pixels(real.images)
    fake = draw(gan.latents(4, "discriminator latents"), *generator_weights())

    def loss(v, c):
        return np.mean((score(x, v, c) - 1) ** 2) / 2 + np.mean(score(fake, v, c) ** 2) / 2

    assert_descends(
        lambda: gan.update_discriminator(real), loss, gan.discriminator, still=[gan.generator]
    )
    expected = loss(*discriminator_weights())
    np.testing.assert_allclose(gan.results()["discriminator_loss"], expected, 1e-5)


def test_generator_descends_equation_9(linear_game, reals, assert_descends):
    gan = linear_game(LSGAN)
    z = gan.latents(4, "generator latents 0")

    def loss(w, b):
        return np.mean((score(draw(z, w, b), *discriminator_weights()) - 1) ** 2) / 2

    assert_descends(
        lambda: gan.update_generator(reals()), loss, gan.generator, still=[gan.discriminator]
    )
    np.testing.assert_allclose(gan.results()["generator_loss"], loss(*generator_weights()), 1e-5)


@pytest.mark.parametrize(
    ("real", "fake", "of_discriminator", "of_generator"),
    [
        ([1, 1], [0, 0], 0, 1 / 2),
        ([3, -1], [0], (4 + 4) / 2 / 2, 1 / 2),
        ([1], [2, -4], (4 + 16) / 2 / 2, (1 + 25) / 2 / 2),
        ([0], [1], 1 / 2 + 1 / 2, 0),
    ],
)
def test_losses_are_those_worked_by_hand(linear_game, real, fake, of_discriminator, of_generator):
    gan = linear_game(LSGAN)
    np.testing.assert_allclose(
        gan.discriminator_loss(discriminated(real), discriminated(fake)), of_discriminator, 1e-6
    )
    np.testing.assert_allclose(gan.generator_loss(None, discriminated(fake)), of_generator, 1e-6)
