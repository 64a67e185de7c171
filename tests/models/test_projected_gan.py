import numpy as np
import pytest

from kerasgan.models import ProjectedGAN
from tests.models.equations import (
    discriminated,
    discriminator_weights,
    draw,
    generator_weights,
    pixels,
    score,
)
from tests.models.test_diff_augment import by_numpy

PLAIN = {"diff_augment": (), "ema_decay": None}


def test_both_players_descend_the_hinge_losses_on_the_same_fakes(
    linear_game, reals, assert_descends, numeric_gradients
):
    gan, real = linear_game(ProjectedGAN, **PLAIN), reals()
    x, z = pixels(real.images), gan.latents(4, "latents")
    fake = draw(z, *generator_weights())

    def discriminator_loss(v, c):
        of_reals = np.mean(np.maximum(0, 1 - score(x, v, c)))
        return of_reals + np.mean(np.maximum(0, 1 + score(fake, v, c)))

    weights = discriminator_weights()
    gradients = numeric_gradients(discriminator_loss, [weight.copy() for weight in weights])
    moved = [weight - gradient for weight, gradient in zip(weights, gradients, strict=True)]

    def generator_loss(w, b):  # By the discriminator that has moved.
        return -np.mean(score(draw(z, w, b), *moved))

    assert_descends(lambda: gan.train_step(real.images), generator_loss, gan.generator)
    for weight, value in zip(gan.discriminator.get_weights(), moved, strict=True):
        np.testing.assert_allclose(weight, value, rtol=2e-4, atol=5e-6)
    losses = gan.results()
    np.testing.assert_allclose(losses["discriminator_loss"], discriminator_loss(*weights), 1e-5)
    np.testing.assert_allclose(losses["generator_loss"], generator_loss(*generator_weights()), 1e-5)


def test_a_generators_loss_may_see_the_reals(linear_game, reals):
    seen = []

    class SeesReals(ProjectedGAN):
        generator_sees_reals = True

        def generator_loss(self, real, fake):
            seen.append(real.images.numpy())
            return super().generator_loss(real, fake)

    gan, real = linear_game(SeesReals, **PLAIN), reals()
    gan.train_step(real.images)
    np.testing.assert_allclose(pixels(seen[0]), pixels(real.images))


def test_both_players_see_augmented_images(linear_game, reals, assert_descends, numeric_gradients):
    gan, real = linear_game(ProjectedGAN, diff_augment=["color"], ema_decay=None), reals()
    z = gan.latents(4, "latents")

    def seen(rows, purpose):
        keys = {"seed": 5, "step": 0, "purpose": f"augment {purpose}"}
        return by_numpy(rows.reshape(4, 2, 2, 1), ["color"], 0, 1, **keys).reshape(4, 4)

    x = seen(pixels(real.images), "discriminator reals")
    fake = seen(draw(z, *generator_weights()), "discriminator fakes")

    def discriminator_loss(v, c):
        of_reals = np.mean(np.maximum(0, 1 - score(x, v, c)))
        return of_reals + np.mean(np.maximum(0, 1 + score(fake, v, c)))

    weights = discriminator_weights()
    gradients = numeric_gradients(discriminator_loss, [weight.copy() for weight in weights])
    moved = [weight - gradient for weight, gradient in zip(weights, gradients, strict=True)]

    def generator_loss(w, b):
        return -np.mean(score(seen(draw(z, w, b), "generator fakes"), *moved))

    assert_descends(lambda: gan.train_step(real.images), generator_loss, gan.generator)
    for weight, value in zip(gan.discriminator.get_weights(), moved, strict=True):
        np.testing.assert_allclose(weight, value, rtol=2e-4, atol=5e-6)


@pytest.mark.parametrize(
    ("real", "fake", "of_discriminator", "of_generator"),
    [([1, 7], [-1, -9], 0, 5), ([0, 3], [-1], 1 / 2, 1), ([-2], [3], 3 + 4, -3)],
)
def test_losses_are_those_worked_by_hand(linear_game, real, fake, of_discriminator, of_generator):
    gan = linear_game(ProjectedGAN, **PLAIN)
    np.testing.assert_allclose(
        gan.discriminator_loss(discriminated(real), discriminated(fake)), of_discriminator, 1e-6
    )
    np.testing.assert_allclose(gan.generator_loss(None, discriminated(fake)), of_generator, 1e-6)
