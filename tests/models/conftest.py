import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import CAN, VAEGAN, WGAN
from kerasgan.models.base.batches import LabelledImages
from tests.models import equations
from tests.models.games import CLASSES, OPTIONS, PENALIZED


@pytest.fixture(scope="session")
def build(tiny_generator, tiny_discriminator, tiny_encoder):
    """Builds and compiles a game that uses all that has state."""

    def build(objective=WGAN, weights_seed=0, seed=0, **compile_options):
        classes = CLASSES if objective.takes_classes else None
        networks = [
            tiny_generator(
                weights_seed=weights_seed, classes=None if issubclass(objective, CAN) else classes
            ),
            tiny_discriminator(
                weights_seed=weights_seed + 1,
                classes=classes,
                normalize=not issubclass(objective, PENALIZED),
            ),
        ]
        schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 1, 0.5)
        if objective is VAEGAN:
            networks.append(tiny_encoder(weights_seed=weights_seed + 2))
            compile_options["autoencoder_optimizer"] = keras.optimizers.Adam(0.01, 0.5)
        model = objective(*networks, seed=seed, **OPTIONS[objective])
        model.compile(
            generator_optimizer=keras.optimizers.Adam(schedule, beta_1=0.5),
            discriminator_optimizer="rmsprop",
            **compile_options,
        )
        return model

    return build


@pytest.fixture(scope="session")
def linear_game(linear_generator, linear_discriminator):
    """Builds an objective on linear networks whose updates are minus the losses' gradients."""

    def linear_game(objective, *networks, generator_classes=None, classes=None, **options):
        model = objective(
            linear_generator(
                equations.generator_weights(generator_classes), classes=generator_classes
            ),
            linear_discriminator(equations.discriminator_weights(classes), classes=classes),
            *networks,
            **{"image_range": (0, 1), "seed": 5, **options},
        )
        model.compile(
            generator_optimizer=keras.optimizers.SGD(1.0),
            discriminator_optimizer=keras.optimizers.SGD(1.0),
            run_eagerly=True,
        )
        return model

    return linear_game


@pytest.fixture(scope="session")
def reals():
    """Gives four images 2x2x1, with labels of some label sets."""

    def reals(classes=None):
        rng = np.random.default_rng(3)
        images = tf.constant(rng.random((4, 2, 2, 1), np.float32))
        labels = {
            name: tf.constant(rng.integers(0, count, 4, np.int32))
            for name, count in (classes or {}).items()
        }
        return LabelledImages(images, labels)

    return reals


@pytest.fixture(scope="session")
def assert_descends(numeric_gradients):
    """Asserts that an update moves networks down a loss's gradient, by SGD of rate 1."""

    def assert_descends(update, loss, *networks, still=()):
        before = [np.float64(w) for network in networks for w in network.get_weights()]
        kept = [w for network in still for w in network.get_weights()]
        gradients = numeric_gradients(loss, [w.copy() for w in before])

        update()

        after = [w for network in networks for w in network.get_weights()]
        for old, new, gradient in zip(before, after, gradients, strict=True):
            np.testing.assert_allclose(old - new, gradient, rtol=2e-4, atol=5e-6)
        assert any(np.abs(gradient).max() > 1e-3 for gradient in gradients)
        for old, new in zip(
            kept, [w for network in still for w in network.get_weights()], strict=True
        ):
            np.testing.assert_array_equal(new, old)

    return assert_descends
