import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers import FusedBatchNormalization
from kerasgan.models import WGAN
from kerasgan.models.base.batches import LabelledImages

RNG = np.random.default_rng(0)
RATES = {"generator": 0.5, "discriminator": 0.25}
CLIP = 0.125


def start():
    """Weights in float64 that float32 holds exactly: W, b of the generator, v, c of the critic."""
    rng = np.random.default_rng(1)
    generator = [np.float64(np.float32(rng.normal(size=s))) for s in ((3, 4), (4,))]
    critic = [np.float64(np.float32(rng.uniform(-CLIP, CLIP, s))) for s in ((4, 1), (1,))]
    return generator, critic


class Iterations(keras.callbacks.Callback):
    """Notes both players' update counts after each batch."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_train_batch_end(self, batch, logs=None):
        players = self.model.generator_optimizer, self.model.discriminator_optimizer
        self.seen.append(tuple(int(player.iterations) for player in players))


def test_a_game_follows_algorithm_1_also_across_calls_of_fit(
    linear_generator, linear_discriminator, numeric_gradients
):
    n_critic, sizes = 3, (2, 5)
    batches = sum(sizes)
    generator, critic = start()
    wgan = WGAN(
        linear_generator(generator),
        linear_discriminator(critic),
        n_critic=n_critic,
        clip_value=CLIP,
        image_range=(0, 1),
        seed=3,
    )
    wgan.compile(
        generator_optimizer=keras.optimizers.SGD(RATES["generator"]),
        discriminator_optimizer=keras.optimizers.SGD(RATES["discriminator"]),
    )
    images = RNG.random((4 * batches, 2, 2, 1), np.float32)

    def latents(number, purpose):
        wgan.batches_seen.assign(number)
        return wgan.latents(4, purpose).numpy().astype("float64")

    critic_losses, generator_losses, clipped = [], [], 0
    for number in range(batches):
        x = images[4 * number :][:4].reshape(4, 4).astype("float64")
        w, b = generator
        fake = latents(number, "critic latents") @ w + b

        def critic_loss(v, c, x=x, fake=fake):
            return np.mean(fake @ v + c) - np.mean(x @ v + c)

        critic_losses.append(critic_loss(*critic))
        gradients = numeric_gradients(critic_loss, critic)
        for weight, gradient in zip(critic, gradients, strict=True):
            weight -= RATES["discriminator"] * gradient
            clipped += np.sum(np.abs(weight) > CLIP)
            np.clip(weight, -CLIP, CLIP, out=weight)
        if (number + 1) % n_critic == 0:
            z = latents(number + 1, "generator latents 0")

            def generator_loss(w, b, z=z):
                v, c = critic
                return -np.mean((z @ w + b) @ v + c)

            generator_losses.append(generator_loss(*generator))
            gradients = numeric_gradients(generator_loss, generator)
            for weight, gradient in zip(generator, gradients, strict=True):
                weight -= RATES["generator"] * gradient
    assert clipped > 0
    wgan.batches_seen.assign(0)

    iterations = Iterations()
    options = {"batch_size": 4, "shuffle": False, "verbose": 0, "callbacks": [iterations]}
    first = wgan.fit(images[: 4 * sizes[0]], **options).history
    second = wgan.fit(images[4 * sizes[0] :], **options).history

    assert iterations.seen == [(0, 1), (0, 2), (1, 3), (1, 4), (1, 5), (2, 6), (2, 7)]
    for network, expected in ((wgan.generator, generator), (wgan.critic, critic)):
        for weight, value in zip(network.get_weights(), expected, strict=True):
            np.testing.assert_allclose(weight, value, rtol=1e-4, atol=1e-5)
    for logs, losses in ((first, critic_losses[:2]), (second, critic_losses[2:])):
        np.testing.assert_allclose(logs["critic_loss"], np.mean(losses), 1e-4)
        np.testing.assert_allclose(logs["wasserstein_distance"], -np.mean(losses), 1e-4)
    np.testing.assert_allclose(second["generator_loss"], np.mean(generator_losses), 1e-4)


@pytest.mark.parametrize("clipped_weights", ["trainable", "kernels"])
def test_clipping_after_an_update_touches_what_it_says_and_never_moving_statistics(
    tiny_generator, tiny_discriminator, clipped_weights
):
    def after_one_batch(clip_value):
        critic = tiny_discriminator()
        for layer in critic.layers:
            if isinstance(layer, FusedBatchNormalization):
                layer.moving_mean.assign([3.0, -3.0])
                layer.beta.assign([2.0, -2.0])
        wgan = WGAN(
            tiny_generator(),
            critic,
            n_critic=2,
            clip_value=clip_value,
            clipped_weights=clipped_weights,
        )
        wgan.compile(generator_optimizer="sgd", discriminator_optimizer="rmsprop", run_eagerly=True)
        images = np.random.default_rng(2).random((4, 8, 8, 1), np.float32)
        wgan.train_on_batch(images)
        return wgan.critic

    clip = 0.01
    names = []
    for free, clipped in zip(
        after_one_batch(1e9).weights, after_one_batch(clip).weights, strict=True
    ):
        is_clipped = {
            "trainable": clipped.name in ("kernel", "bias", "gamma", "beta"),
            "kernels": clipped.name == "kernel",
        }[clipped_weights]
        expected = np.clip(free, -clip, clip) if is_clipped else free.numpy()
        np.testing.assert_array_equal(clipped.numpy(), expected)
        names.append(clipped.name)
    assert sorted(set(names)) == [
        "beta",
        "bias",
        "gamma",
        "kernel",
        "moving_mean",
        "moving_variance",
    ]


def test_kernels_of_separable_convolutions_are_clipped_too(linear_generator):
    critic = keras.Sequential(
        [
            keras.Input((2, 2, 1)),
            keras.layers.SeparableConv2D(2, 2, bias_initializer="ones"),
            keras.layers.DepthwiseConv2D(1, bias_initializer="ones"),
            keras.layers.Flatten(),
            keras.layers.Dense(1, bias_initializer="ones"),
        ]
    )
    before = critic.get_weights()
    wgan = WGAN(linear_generator(), critic, image_range=(0, 1), clipped_weights="kernels")
    wgan.clip_weights()
    kernels = 0
    for weight, old in zip(critic.weights, before, strict=True):
        if weight.shape.rank == 1:
            np.testing.assert_array_equal(weight, old)
        else:
            assert np.abs(old).max() > 0.01
            np.testing.assert_array_equal(weight, np.clip(old, -0.01, 0.01))
            kernels += 1
    assert kernels == 4  # Two of the separable convolution.


@pytest.mark.parametrize("joint_batches", [False, True])
def test_joint_batches_are_the_critic_on_the_concatenation(
    tiny_generator, tiny_discriminator, joint_batches
):
    wgan = WGAN(tiny_generator(), tiny_discriminator(), joint_batches=joint_batches)
    real = tf.constant(RNG.random((5, 8, 8, 1), np.float32))
    fake = tf.constant(RNG.random((3, 8, 8, 1), np.float32) / 2)

    def critic(images):
        return tiny_discriminator()(images, training=True)

    if joint_batches:
        both = critic(tf.concat([real, fake], 0)).numpy()
        expected = both[:5], both[5:]
    else:
        expected = critic(real).numpy(), critic(fake).numpy()
    outputs = wgan.discriminate_both(LabelledImages(real, {}), LabelledImages(fake, {}), "critic")
    for each, value in zip(outputs, expected, strict=True):
        np.testing.assert_array_equal(each.scores, value)


def test_generator_learns_through_the_joint_batch(tiny_generator, tiny_discriminator):
    wgan = WGAN(tiny_generator(), tiny_discriminator(), joint_batches=True)
    wgan.compile(generator_optimizer=keras.optimizers.SGD(1.0), discriminator_optimizer="sgd")
    real = tf.constant(RNG.random((4, 8, 8, 1), np.float32))
    latents = wgan.latents(4, "generator latents 0")
    generator, critic = tiny_generator(), tiny_discriminator()
    with tf.GradientTape() as tape:
        both = tf.concat([real, generator(latents, training=True)], 0)
        loss = -tf.reduce_mean(critic(both, training=True)[4:])
    gradients = tape.gradient(loss, generator.trainable_variables)

    wgan.update_generator(LabelledImages(real, {}))

    for weight, before, gradient in zip(
        wgan.generator.trainable_variables, generator.trainable_variables, gradients, strict=True
    ):
        np.testing.assert_allclose(weight, before.numpy() - gradient, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_critic": 0}, "^n_critic .*Received: n_critic=0$"),
        ({"n_critic": 1.5}, "^n_critic .*Received: n_critic=1.5$"),
        ({"clip_value": 0.0}, "^clip_value .*Received: clip_value=0.0$"),
        ({"clip_value": float("nan")}, "Received: clip_value=nan"),
        ({"clipped_weights": "all"}, "kernels.*Received: clipped_weights='all'"),
    ],
)
def test_bad_options_are_named(linear_generator, linear_discriminator, options, message):
    with pytest.raises(ValueError, match=message):
        WGAN(linear_generator(), linear_discriminator(), image_range=(0, 1), **options)


def test_config_rebuilds_the_same_game(tiny_generator, tiny_discriminator):
    options = {"n_critic": 2, "clip_value": 0.5, "clipped_weights": "kernels", "seed": -4}
    wgan = WGAN(tiny_generator(activation="tanh"), tiny_discriminator(), **options)
    again = WGAN.from_config(wgan.get_config())
    assert {name: getattr(again, name) for name in options} == options
    assert again.image_range == wgan.image_range
    assert again.critic is again.discriminator
