"""R1, the penalty that any objective without one of its own may have."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import (
    ACGAN,
    CAN,
    GAN,
    LSGAN,
    VAEGAN,
    WGAN,
    HandicapSchedule,
    HingeGAN,
    loss_terms,
)
from tests.models import games
from tests.models.equations import (
    discriminator_weights,
    draw,
    generator_weights,
    log_sigmoid,
    pixels,
    quadratic_discriminator,
    score,
    squared_slope,
)

GAMMA = 1.5


def vanilla(real, fake):
    return -np.mean(log_sigmoid(real)) / 2 - np.mean(log_sigmoid(-fake)) / 2


def least_squares(real, fake):
    return np.mean((real - 1) ** 2) / 2 + np.mean(fake**2) / 2


def hinge(real, fake):
    return np.mean(np.maximum(0, 1 - real)) + np.mean(np.maximum(0, 1 + fake))


@pytest.fixture
def game(linear_generator):
    def game(objective, **options):
        networks = linear_generator(generator_weights()), quadratic_discriminator()
        gan = objective(*networks, r1_weight=GAMMA, image_range=(0, 1), seed=5, **options)
        gan.compile(
            generator_optimizer=keras.optimizers.SGD(1.0),
            discriminator_optimizer=keras.optimizers.SGD(1.0),
            run_eagerly=True,
        )
        return gan

    return game


@pytest.mark.parametrize(
    ("objective", "unpenalized"), [(GAN, vanilla), (LSGAN, least_squares), (HingeGAN, hinge)]
)
def test_discriminator_descends_its_loss_and_half_gamma_times_the_slope_at_reals(
    game, reals, assert_descends, objective, unpenalized
):
    gan, real = game(objective), reals()
    x = pixels(real.images)
    fake = draw(gan.latents(4, "discriminator latents"), *generator_weights())

    def loss(v, c):
        return unpenalized(score(x**2, v, c), score(fake**2, v, c)) + GAMMA / 2 * squared_slope(
            x, v, 2
        )

    assert_descends(
        lambda: gan.update_discriminator(real), loss, gan.discriminator, still=[gan.generator]
    )
    logs, (v, c) = gan.results(), discriminator_weights()
    np.testing.assert_allclose(logs["r1_penalty"], squared_slope(x, v, 2), 1e-5)
    expected = unpenalized(score(x**2, v, c), score(fake**2, v, c))
    np.testing.assert_allclose(logs["discriminator_loss"], expected, 1e-5)


@pytest.mark.parametrize("nudge", [-1e-3, 1e-3])
def test_a_gate_sees_the_loss_without_the_penalty(game, reals, nudge):
    x = pixels(reals().images)
    probe = game(GAN)
    fake = draw(probe.latents(4, "discriminator latents"), *generator_weights())
    v, c = discriminator_weights()
    threshold = vanilla(score(x**2, v, c), score(fake**2, v, c)) + nudge
    gan = game(GAN, schedule=HandicapSchedule(discriminator_loss_above=threshold))
    gan.update_discriminator(reals(), 0.0)
    assert gan.results()["gate_open"] == float(nudge < 0)


def test_evaluate_has_no_penalty(game):
    gan = game(GAN)
    images = np.random.default_rng(0).random((4, 2, 2, 1), np.float32)
    assert "r1_penalty" in gan.fit(images, verbose=0).history
    assert "r1_penalty" not in gan.evaluate(images, return_dict=True, verbose=0)


@pytest.mark.parametrize("objective", [CAN, ACGAN])
def test_slope_is_that_of_the_score_where_there_are_class_heads(linear_game, reals, objective):
    classes = {"style": 3}
    generator_classes = classes if objective is ACGAN else None
    gan = linear_game(
        objective, classes=classes, generator_classes=generator_classes, r1_weight=GAMMA
    )
    gan.update_discriminator(reals(classes))
    # Of v x + c the gradient is v, at every x.
    v = discriminator_weights(classes)[0]
    np.testing.assert_allclose(gan.results()["r1_penalty"], np.sum(v**2), 1e-5)


def test_a_vaegan_has_it_too(tiny_generator, tiny_discriminator, tiny_encoder):
    gan = VAEGAN(
        tiny_generator(), tiny_discriminator(normalize=False), tiny_encoder(), r1_weight=GAMMA
    )
    gan.compile(run_eagerly=True)
    history = gan.fit(games.IMAGES[:4], verbose=0).history
    assert np.isfinite(history["r1_penalty"]).all()


@pytest.mark.parametrize("objective", [GAN, LSGAN])
def test_a_discriminator_that_normalizes_batches_is_warned_of(
    tiny_generator, tiny_discriminator, objective
):
    with pytest.warns(UserWarning, match="'tiny_discriminator'") as warned:
        objective(tiny_generator(), tiny_discriminator(normalize=True), r1_weight=GAMMA)
    assert [each.filename for each in warned] == [__file__]


def test_a_wrong_weight_is_refused(tiny_generator, tiny_discriminator):
    with pytest.raises(ValueError, match=r"^r1_weight must be at least 0.*r1_weight=-1"):
        GAN(tiny_generator(), tiny_discriminator(), r1_weight=-1)
    with pytest.raises(TypeError, match="r1_weight"):
        WGAN(tiny_generator(), tiny_discriminator(), r1_weight=1.0)


@pytest.mark.parametrize("training", [False, True])
def test_of_a_map_of_scores_the_mean_is_penalized(training):
    images = keras.Input((6, 6, 1))
    scores = keras.layers.Conv2D(1, 3)(images)
    mean = keras.layers.GlobalAveragePooling2D()(scores)
    as_map, as_one = keras.Model(images, scores), keras.Model(images, mean)
    x = tf.constant(np.random.default_rng(0).random((4, 6, 6, 1), np.float32))
    slopes = [loss_terms.squared_slope(each, x, training=training) for each in (as_map, as_one)]
    np.testing.assert_allclose(*slopes, rtol=1e-5)
