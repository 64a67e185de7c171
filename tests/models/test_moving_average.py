import keras
import numpy as np
import pytest

from kerasgan.models import WGAN
from kerasgan.models.base.generative_model import averaged_copy, update_average


class WeightsAfterEachBatch(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.seen = []

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append(self.model.generator.get_weights())


def test_copy_starts_equal_and_is_untrainable(tiny_generator):
    network = tiny_generator()
    average = averaged_copy(network)
    assert average.trainable_variables == []
    assert network.trainable_variables != []
    for mean, weight in zip(average.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_array_equal(mean, weight)


@pytest.mark.parametrize(("updates", "decay"), [(1, 2 / 11), (71, 72 / 81), (1000, 0.9)])
def test_early_decay_is_lower_and_every_weight_moves(tiny_generator, updates, decay):
    network = tiny_generator()
    average = averaged_copy(network)
    rng = np.random.default_rng(0)
    network.set_weights([rng.normal(size=w.shape) for w in network.get_weights()])
    before = average.get_weights()
    update_average(average, network, decay=0.9, updates=updates)
    for mean, old, weight in zip(average.get_weights(), before, network.get_weights(), strict=True):
        np.testing.assert_allclose(mean, decay * old + (1 - decay) * weight, 1e-5, 1e-6)


def test_bfloat16_weights_are_averaged_and_integers_copied():
    class Counting(keras.layers.Layer):
        def build(self, shape):
            self.scale = self.add_weight(shape=(1,), dtype="bfloat16", initializer="ones")
            self.count = self.add_weight(shape=(), dtype="int64", initializer="zeros")

        def call(self, inputs):
            return inputs * self.scale

    average, network = (
        keras.Sequential([keras.Input((1,)), Counting(dtype="bfloat16")]) for _ in range(2)
    )
    network.layers[0].scale.assign([3.0])
    network.layers[0].count.assign(7)
    update_average(average, network, decay=0.5, updates=1000)
    assert float(average.layers[0].scale[0]) == 2.0
    assert int(average.layers[0].count) == 7


@pytest.mark.parametrize(("accumulation", "eagerly"), [(1, False), (2, True), (2, False)])
def test_training_keeps_the_average_of_every_generator_weight_and_draws_from_it(
    tiny_generator, tiny_discriminator, accumulation, eagerly
):
    wgan = WGAN(tiny_generator(), tiny_discriminator(), n_critic=1, ema_decay=0.3)
    steps = {"gradient_accumulation_steps": accumulation} if accumulation > 1 else {}
    wgan.compile(
        generator_optimizer=keras.optimizers.RMSprop(0.1, **steps),
        discriminator_optimizer="rmsprop",
        run_eagerly=eagerly,
    )
    expected = wgan.generator.get_weights()
    images = np.random.default_rng(1).random((16, 8, 8, 1), np.float32)
    weights = WeightsAfterEachBatch()

    wgan.fit(images, batch_size=4, verbose=0, callbacks=[weights])

    # Gradients of two batches are one update, whose weights and moving statistics count.
    for update, generator in enumerate(weights.seen[accumulation - 1 :: accumulation], start=1):
        decay = min(0.3, (1 + update) / (10 + update))
        expected = [
            decay * mean + (1 - decay) * weight
            for mean, weight in zip(expected, generator, strict=True)
        ]
    for mean, value in zip(wgan.ema_generator.get_weights(), expected, strict=True):
        np.testing.assert_allclose(mean, value, rtol=1e-4, atol=1e-5)

    assert int(wgan.averaged_updates) == 4 // accumulation

    latents = wgan.draw_latents(3, seed=0)
    drawn = wgan.generate(latents)
    np.testing.assert_allclose(drawn, wgan.ema_generator(latents), atol=1e-6)
    assert np.abs(drawn - wgan.generator(latents)).max() > 1e-3


@pytest.mark.parametrize("ema_decay", [0.0, 1.0, -1, 2])
def test_bad_decay_is_named(linear_generator, linear_discriminator, ema_decay):
    with pytest.raises(ValueError, match=f"Received: ema_decay={ema_decay}"):
        WGAN(linear_generator(), linear_discriminator(), image_range=(0, 1), ema_decay=ema_decay)


def test_the_average_stays_when_compile_sets_a_lower_rate(tiny_generator, tiny_discriminator):
    wgan = WGAN(tiny_generator(), tiny_discriminator(), n_critic=1, ema_decay=0.9)
    wgan.compile(generator_optimizer="rmsprop", discriminator_optimizer="rmsprop")
    images = np.random.default_rng(1).random((400, 8, 8, 1), np.float32)
    wgan.fit(images, batch_size=4, verbose=0)
    weights, mean = wgan.generator.trainable_weights[0], wgan.ema_generator.weights[0]
    before, kept = mean.numpy(), weights.numpy()

    wgan.compile(generator_optimizer=keras.optimizers.SGD(0.0), discriminator_optimizer="sgd")
    wgan.fit(images[:8], batch_size=4, verbose=0)

    np.testing.assert_array_equal(weights.numpy(), kept)
    # The 101st and 102nd updates, whose decay is 0.9 as the warm-up is over.
    expected = 0.9**2 * before + (1 - 0.9**2) * kept
    np.testing.assert_allclose(mean.numpy(), expected, rtol=1e-5, atol=1e-6)
