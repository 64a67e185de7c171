import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import R3GAN, loss_terms
from kerasgan.precision import dtype_policy
from tests.models.equations import (
    discriminated,
    discriminator_weights,
    draw,
    exact,
    generator_weights,
    pixels,
    quadratic_discriminator,
    score,
    squared_slope,
)

IMAGES = tf.constant(exact((5, 2, 2, 1), 3), tf.float32)


@pytest.fixture(params=[1, 2], ids=["linear", "quadratic"])
def gan_and_power(request, linear_game, linear_generator):
    """A game whose discriminator is linear in a power of the pixels, and that power."""
    if request.param == 1:
        return linear_game(R3GAN), 1
    gan = R3GAN(
        linear_generator(generator_weights()), quadratic_discriminator(), image_range=(0, 1), seed=5
    )
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(1.0),
        discriminator_optimizer=keras.optimizers.SGD(1.0),
        run_eagerly=True,
    )
    return gan, 2


def f(t):
    return -np.log(1 + np.exp(-t))


def test_slope_is_that_of_the_gradient_by_finite_differences(gan_and_power, numeric_gradients):
    gan, power = gan_and_power
    v, c = discriminator_weights()
    x = pixels(IMAGES)
    gradients = np.stack(
        [
            numeric_gradients(lambda pixel: score(pixel[None] ** power, v, c)[0], [row.copy()])[0]
            for row in x
        ]
    )
    expected = np.mean(np.sum(gradients**2, axis=1))
    slope = loss_terms.squared_slope(gan.discriminator, IMAGES)
    np.testing.assert_allclose(slope, expected, rtol=1e-5)
    np.testing.assert_allclose(squared_slope(x, v, power), expected, rtol=1e-6)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 10.0])
def test_discriminator_descends_equation_2_with_both_penalties(
    gan_and_power, reals, assert_descends, gamma
):
    gan, power = gan_and_power
    gan.penalty_weight = gamma
    real = reals()
    x = pixels(real.images)
    fake = draw(gan.latents(4, "discriminator latents"), *generator_weights())

    def loss(v, c):
        relativistic = -np.mean(f(score(x**power, v, c) - score(fake**power, v, c)))
        r1, r2 = squared_slope(x, v, power), squared_slope(fake, v, power)
        return relativistic + gamma / 2 * r1 + gamma / 2 * r2

    assert_descends(
        lambda: gan.update_discriminator(real), loss, gan.discriminator, still=[gan.generator]
    )
    logs, weights = gan.results(), discriminator_weights()
    np.testing.assert_allclose(logs["discriminator_loss"], loss(*weights), 1e-5)
    np.testing.assert_allclose(logs["r1_penalty"], squared_slope(x, weights[0], power), 1e-5)
    np.testing.assert_allclose(logs["r2_penalty"], squared_slope(fake, weights[0], power), 1e-5)


def test_generator_descends_the_other_side_of_equation_2(gan_and_power, reals, assert_descends):
    gan, power = gan_and_power
    real, z = reals(), gan.latents(4, "generator latents 0")
    of_reals = score(pixels(real.images) ** power, *discriminator_weights())

    def loss(w, b):
        of_fakes = score(draw(z, w, b) ** power, *discriminator_weights())
        return -np.mean(f(of_fakes - of_reals))

    assert_descends(
        lambda: gan.update_generator(real), loss, gan.generator, still=[gan.discriminator]
    )
    np.testing.assert_allclose(gan.results()["generator_loss"], loss(*generator_weights()), 1e-5)


def test_each_fake_is_compared_with_one_real(linear_game):
    """The mean of the pairs, and neither that of all combinations nor that of the means."""
    gan = linear_game(R3GAN)
    real, fake = [3.0, -1.0], [2.0, 4.0]
    pairs = np.mean(np.log(1 + np.exp(np.subtract(real, fake))))
    found = gan.generator_loss(discriminated(real), discriminated(fake))
    np.testing.assert_allclose(found, pairs, rtol=1e-6)


def test_losses_stay_finite_and_right_for_extreme_scores(linear_game):
    gan = linear_game(R3GAN)
    found = gan.generator_loss(discriminated([300.0, -300.0]), discriminated([-200.0, 100.0]))
    np.testing.assert_allclose(found, 500 / 2, rtol=1e-6)


def test_penalties_are_float32_and_right_in_low_precision(tiny_generator, tiny_discriminator):
    def slope(policy):
        with dtype_policy(policy):
            gan = R3GAN(tiny_generator(), tiny_discriminator(normalize=False))
        images = np.random.default_rng(0).random((4, 8, 8, 1), np.float32)
        return loss_terms.squared_slope(gan.discriminator, tf.constant(images))

    low, full = slope("mixed_bfloat16"), slope("float32")
    assert low.dtype == full.dtype == tf.float32
    np.testing.assert_allclose(low, full, rtol=0.05)


def test_a_discriminator_that_normalizes_batches_is_warned_of(tiny_generator, tiny_discriminator):
    with pytest.warns(UserWarning, match="'tiny_discriminator'") as warned:
        R3GAN(tiny_generator(), tiny_discriminator(normalize=True))
    assert [each.filename for each in warned] == [__file__]


@pytest.mark.filterwarnings("error")
def test_a_discriminator_that_does_not_is_not(tiny_generator, tiny_discriminator):
    R3GAN(tiny_generator(), tiny_discriminator(normalize=False))


@pytest.mark.parametrize("weight", [-1.0, float("nan")])
def test_a_bad_penalty_weight_is_named(linear_generator, linear_discriminator, weight):
    with pytest.raises(ValueError, match=f"Received: penalty_weight={weight}$"):
        R3GAN(linear_generator(), linear_discriminator(), image_range=(0, 1), penalty_weight=weight)
