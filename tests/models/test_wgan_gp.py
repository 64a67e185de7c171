import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from kerasgan.models import WGANGP, HandicapSchedule, WassersteinACGAN
from kerasgan.models.wgan_gp import WassersteinGAN
from kerasgan.precision import dtype_policy
from kerasgan.randomness import stateless
from tests.models.equations import (
    discriminator_weights,
    draw,
    exact,
    generator_weights,
    pixels,
    score,
)

REAL = tf.constant(exact((5, 2, 2, 1), 3), tf.float32)
FAKE = tf.constant(exact((5, 2, 2, 1), 4), tf.float32)


def quadratic_critic():
    """f(x) = sum_i v_i x_i^2 + c, whose gradient is 2 v x."""
    images = keras.Input((2, 2, 1))
    x = layers.Flatten()(images)
    critic = keras.Model(images, layers.Dense(1, name="scores")(layers.Multiply()([x, x])))
    critic.set_weights(discriminator_weights())
    return critic


@pytest.fixture(params=["linear", "quadratic"])
def gan_and_gradient(request, linear_game, linear_generator):
    """A game, and the gradient of its critic by the image, in closed form."""
    if request.param == "linear":
        return linear_game(WGANGP), lambda x, v: np.broadcast_to(v[:, 0], x.shape)
    gan = WGANGP(
        linear_generator(generator_weights()), quadratic_critic(), image_range=(0, 1), seed=5
    )
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(1.0),
        discriminator_optimizer=keras.optimizers.SGD(1.0),
        run_eagerly=True,
    )
    return gan, lambda x, v: 2 * x * v[:, 0]


def alphas(gan, count):
    return stateless.uniform(
        (count, 1, 1, 1), seed=gan.seed, step=gan.batches_seen.value, purpose="interpolation"
    ).numpy()[:, :, 0, 0]


def penalty(gradients):
    return np.mean((np.sqrt(np.sum(gradients**2, axis=1)) - 1) ** 2)


def interpolated(gan, real, fake):
    alpha = alphas(gan, len(real))
    return alpha * fake + (1 - alpha) * real


def test_penalty_is_that_of_the_gradient_in_closed_form(gan_and_gradient):
    gan, gradient = gan_and_gradient
    v, _ = discriminator_weights()
    xhat = interpolated(gan, pixels(REAL), pixels(FAKE))
    expected = penalty(gradient(xhat, v))
    assert expected > 0.1
    np.testing.assert_allclose(gan.gradient_penalty(REAL, FAKE), expected, 1e-5)
    np.testing.assert_allclose(gan.results()["gradient_penalty"], expected, 1e-5)


def test_penalty_of_a_linear_critic_knows_only_the_length_of_its_weights(linear_game):
    gan = linear_game(WGANGP)
    v, c = discriminator_weights()
    for length in (0.0, 0.5, 1.0, 3.0):
        gan.critic.set_weights([length * v / np.linalg.norm(v), c])
        # The epsilon inside the root lifts the zero gradient to 1e-6.
        np.testing.assert_allclose(
            gan.gradient_penalty(REAL, FAKE), (length - 1) ** 2, rtol=1e-5, atol=1e-6
        )


@pytest.mark.parametrize(
    ("batch", "fraction", "count"),
    # In float32 0.6 * 25 is above 15, and in float64 0.07 * 100 is above 7.
    [(5, 1.0, 5), (5, 0.99, 5), (5, 0.5, 3), (5, 0.21, 2), (5, 1e-6, 1)]
    + [(25, 0.6, 15), (100, 0.07, 7)],
)
def test_penalized_are_the_first_of_the_batch_rounded_up(linear_generator, batch, fraction, count):
    gan = WGANGP(
        linear_generator(), quadratic_critic(), image_range=(0, 1), penalized_fraction=fraction
    )
    real, fake = exact((2, batch, 2, 2, 1), 5)
    v, _ = discriminator_weights()
    xhat = interpolated(gan, pixels(real)[:count], pixels(fake)[:count])
    found = gan.gradient_penalty(tf.constant(real, tf.float32), tf.constant(fake, tf.float32))
    np.testing.assert_allclose(found, penalty(2 * xhat * v[:, 0]), rtol=1e-5)


def test_interpolation_is_drawn_anew_for_each_batch_and_image(linear_game):
    gan = linear_game(WGANGP)
    first = alphas(gan, 5)
    gan.batches_seen.assign(1)
    assert len(np.unique([first, alphas(gan, 5)])) == 10


@pytest.mark.parametrize(("weight", "fraction"), [(10.0, 1.0), (0.5, 0.5), (0.0, 1.0)])
def test_critic_descends_equation_3(gan_and_gradient, reals, assert_descends, weight, fraction):
    gan, gradient = gan_and_gradient
    gan.penalty_weight, gan.penalized_fraction = weight, fraction
    real = reals()
    x = pixels(real.images)
    fake = draw(gan.latents(4, "critic latents"), *generator_weights())
    count = int(4 * fraction)
    xhat = interpolated(gan, x[:count], fake[:count])
    power = 1 if gradient(xhat, np.ones((4, 1)))[0, 0] == 1 else 2

    def distance(v, c):
        return np.mean(score(x**power, v, c)) - np.mean(score(fake**power, v, c))

    def loss(v, c):
        return -distance(v, c) + weight * penalty(gradient(xhat, v))

    assert_descends(lambda: gan.train_step(real.images), loss, gan.critic, still=[gan.generator])
    logs, weights = gan.results(), discriminator_weights()
    np.testing.assert_allclose(logs["critic_loss"], loss(*weights), 1e-5)
    np.testing.assert_allclose(logs["wasserstein_distance"], distance(*weights), 1e-5)
    np.testing.assert_allclose(logs["gradient_penalty"], penalty(gradient(xhat, weights[0])), 1e-5)


def test_generator_descends_the_critics_score(linear_game, reals, assert_descends):
    gan = linear_game(WGANGP)
    z = gan.latents(4, "generator latents 0")

    def loss(w, b):
        return -np.mean(score(draw(z, w, b), *discriminator_weights()))

    assert_descends(lambda: gan.update_generator(reals()), loss, gan.generator, still=[gan.critic])
    np.testing.assert_allclose(gan.results()["generator_loss"], loss(*generator_weights()), 1e-5)


def test_a_critic_that_sees_nothing_still_has_a_finite_gradient(linear_game, reals):
    gan = linear_game(WGANGP)
    gan.critic.set_weights([np.zeros((4, 1)), np.zeros(1)])
    gan.train_step(reals().images)
    assert all(np.isfinite(weight).all() for weight in gan.critic.get_weights())


@pytest.mark.parametrize("objective", [WGANGP, WassersteinACGAN])
def test_a_critic_that_normalizes_batches_is_warned_of(
    tiny_generator, tiny_discriminator, objective
):
    classes = {"style": 3} if objective.takes_classes else None
    with pytest.warns(UserWarning, match="'tiny_discriminator'"):
        objective(tiny_generator(classes=classes), tiny_discriminator(classes=classes))


@pytest.mark.filterwarnings("error")
def test_a_critic_that_does_not_is_not(tiny_generator, tiny_discriminator):
    WGANGP(tiny_generator(), tiny_discriminator(normalize=False))


def test_the_warning_points_at_the_line_that_makes_the_model(tiny_generator, tiny_discriminator):
    with pytest.warns(UserWarning) as warned:
        WGANGP(tiny_generator(), tiny_discriminator())
    assert [each.filename for each in warned] == [__file__]


def test_penalty_is_float32_and_right_in_low_precision(tiny_generator, tiny_discriminator):
    def penalty(policy):
        with dtype_policy(policy):
            gan = WGANGP(tiny_generator(), tiny_discriminator(normalize=False))
        images = np.random.default_rng(0).random((2, 4, 8, 8, 1), np.float32)
        return gan.gradient_penalty(*map(tf.constant, images))

    low, full = penalty("mixed_bfloat16"), penalty("float32")
    assert low.dtype == full.dtype == tf.float32
    np.testing.assert_allclose(low, full, rtol=0.05)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"penalty_weight": -1.0}, "^penalty_weight .*Received: penalty_weight=-1.0$"),
        ({"penalty_weight": float("nan")}, "Received: penalty_weight=nan"),
        ({"penalized_fraction": 0.0}, r"\(0, 1\].*Received: penalized_fraction=0.0"),
        ({"penalized_fraction": 1.5}, "Received: penalized_fraction=1.5"),
    ],
)
def test_bad_options_are_named(linear_generator, linear_discriminator, options, message):
    with pytest.raises(ValueError, match=message):
        WGANGP(linear_generator(), linear_discriminator(), image_range=(0, 1), **options)


def test_a_subclass_of_the_base_class_takes_no_schedule(linear_generator, linear_discriminator):
    class WithoutConstraint(WassersteinGAN):
        pass

    networks = linear_generator(), linear_discriminator()
    config = WithoutConstraint(*networks, image_range=(0, 1)).get_config()
    assert config["n_critic"] == 5 and "schedule" not in config
    with pytest.raises(TypeError, match="schedule"):
        WithoutConstraint(*networks, image_range=(0, 1), schedule=HandicapSchedule())


def test_of_a_map_of_scores_the_mean_is_penalized(linear_generator):
    images = keras.Input((2, 2, 1))
    scores = layers.Conv2D(1, 1)(images)
    mean = layers.GlobalAveragePooling2D()(scores)
    penalties = []
    for outputs in (scores, mean):
        critic = keras.Model(images, outputs)
        gan = WGANGP(linear_generator(generator_weights()), critic, image_range=(0, 1), seed=5)
        penalties.append(gan.gradient_penalty(REAL, FAKE))
    (kernel, _) = critic.get_weights()
    # Each of four pixels has a quarter of the kernel as its slope.
    expected = (np.sqrt(4 * (kernel.item() / 4) ** 2) - 1) ** 2
    np.testing.assert_allclose(penalties, [expected, expected], rtol=1e-5)
