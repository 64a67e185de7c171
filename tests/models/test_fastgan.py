import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import FastGAN
from kerasgan.models.base.batches import DiscriminatorOutput, LabelledImages
from kerasgan.models.diff_augment import diff_augment
from kerasgan.networks import fastgan_decoder, fastgan_discriminator, fastgan_generator
from kerasgan.randomness import stateless
from tests.models.games import is_same, moves, optimizers, state
from tests.random_seed import seed_keras

pytestmark = pytest.mark.early

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 64, 64, 3), np.uint8)
TINY = {"image_size": 64, "base_width": 2}
PLAIN = {"batch_size": 4, "shuffle": False, "verbose": 0}


def build(weights_seed=0, *, run_eagerly=False, **options):
    seed_keras(weights_seed)
    networks = (fastgan_generator(**TINY), fastgan_discriminator(**TINY))
    model = FastGAN(*networks, fastgan_decoder(base_width=2), seed=3, **options)
    model.compile(
        generator_optimizer=keras.optimizers.Adam(2e-4, 0.5),
        discriminator_optimizer=keras.optimizers.Adam(2e-4, 0.5),
        run_eagerly=run_eagerly,
    )
    return model


@pytest.fixture(scope="module")
def gan():
    return build()


@pytest.fixture(scope="module")
def untrained():
    """A model that is at its first batch."""
    return build()


def discriminated(scores):
    scores = tf.constant(scores, tf.float32)
    return DiscriminatorOutput(tf.zeros((len(scores), 2, 2, 1)), {}, scores, {}, None)


def margins(shape, of_what):
    draws = stateless.uniform(shape, seed=3, step=0, purpose=f"margins {of_what}")
    return 0.8 + 0.2 * draws.numpy().astype("float64")


def test_losses_are_the_hinge_with_margins_from_0_8_to_1(untrained):
    gan = untrained
    rng = np.random.default_rng(1)
    real, fake = rng.normal(size=(2, 4, 5, 5, 1))
    above = np.maximum(0, margins(real.shape, "reals") - real).mean()
    below = np.maximum(0, margins(fake.shape, "fakes") + fake).mean()
    loss = gan.discriminator_loss(discriminated(real), discriminated(fake))
    np.testing.assert_allclose(loss, above + below, rtol=1e-5)
    np.testing.assert_allclose(
        gan.generator_loss(None, discriminated(fake)), -fake.mean(), rtol=1e-5
    )
    for of_what in ("reals", "fakes"):
        drawn = margins((1000,), of_what)
        assert 0.8 <= drawn.min() < 0.81 and 0.99 < drawn.max() < 1


def test_reconstruction_is_the_squared_error_of_the_whole_and_of_a_quarter(untrained):
    gan = untrained
    images = np.random.default_rng(2).uniform(-1, 1, (3, 64, 64, 3)).astype("float32")
    _, features, crop_features = gan._scores_and_maps(images, True)
    row, column = stateless.integers((2,), 2, seed=3, step=0, purpose="reconstructed quarter")
    rows = slice(32 * int(row), 32 * int(row) + 32)
    columns = slice(32 * int(column), 32 * int(column) + 32)
    of_map = np.asarray(crop_features)[
        :, 8 * int(row) : 8 * int(row) + 8, 8 * int(column) : 8 * int(column) + 8
    ]
    weights = gan.decoder.get_weights()
    whole, part = gan.decoder([features, tf.constant(of_map)], training=True)
    gan.decoder.set_weights(weights)  # Each call in training is a step of power iteration.
    small = images.reshape(3, 32, 2, 32, 2, 3).mean((2, 4))
    expected = np.mean((whole - small) ** 2) + np.mean((part - images[:, rows, columns]) ** 2)
    loss = gan.reconstruction_loss(tf.constant(images), features, crop_features)
    np.testing.assert_allclose(loss, expected, rtol=1e-4)


def test_every_quarter_has_its_turn():
    quarters = {
        tuple(
            stateless.integers((2,), 2, seed=3, step=step, purpose="reconstructed quarter").numpy()
        )
        for step in range(40)
    }
    assert len(quarters) == 4


def test_a_batch_is_one_update_of_each_player_and_moves_every_weight(gan):
    before = [variable.numpy() for variable in gan.variables]
    gan.fit(IMAGES, **PLAIN)
    assert [int(optimizer.iterations) for optimizer in optimizers(gan)] == [3, 3]
    assert int(gan.batches_seen) == 3
    still = [
        variable.path
        for variable, old in zip(gan.variables, before, strict=True)
        if np.array_equal(variable.numpy(), old)
    ]
    assert not still
    assert all(np.isfinite(value).all() for value in state(gan))


def test_evaluation_measures_every_loss_moves_no_bit_and_repeats_itself(gan):
    before = state(gan)
    options = {"batch_size": 4, "return_dict": True, "verbose": 0}
    first, second = (gan.evaluate(IMAGES[:4], **options) for _ in range(2))
    assert first == second
    assert is_same(state(gan), before)
    assert set(first) == {"loss", *FastGAN.metric_names}

    images = 2 * (IMAGES[:4] / np.float32(255)) - 1
    latents = stateless.normal((4, gan.latent_dim), seed=3, step=0, purpose="test latents")
    fakes = gan.ema_generator(latents)
    real, fake = (np.float64(gan.discriminator(batch)) for batch in (images, fakes))

    def margins(of_what):
        draws = stateless.uniform(real.shape, seed=3, step=0, purpose=f"test margins {of_what}")
        return 0.8 + 0.2 * draws.numpy().astype("float64")

    above, below = np.maximum(0, margins("reals") - real), np.maximum(0, margins("fakes") + fake)
    np.testing.assert_allclose(first["discriminator_loss"], above.mean() + below.mean(), rtol=1e-4)
    np.testing.assert_allclose(first["generator_loss"], -fake.mean(), rtol=1e-4, atol=1e-6)
    row, column = stateless.integers(
        (2,), 2, seed=3, step=0, purpose="test reconstructed quarter"
    ).numpy()
    _, features, crop_features = gan._scores_and_maps(images, False)
    of_map = np.asarray(crop_features)[:, 8 * row : 8 * row + 8, 8 * column : 8 * column + 8]
    whole, part = gan.decoder([features, tf.constant(of_map)])
    small = images.reshape(4, 32, 2, 32, 2, 3).mean((2, 4))
    crop = images[:, 32 * row : 32 * row + 32, 32 * column : 32 * column + 32]
    expected = np.mean((whole - small) ** 2) + np.mean((part - crop) ** 2)
    np.testing.assert_allclose(first["reconstruction_loss"], expected, rtol=1e-4)


def test_a_model_taken_back_to_its_weights_trains_on_to_the_same_bits(gan, tmp_path):
    gan.save_weights(tmp_path / "half.weights.h5")
    half = state(gan)
    gan.fit(IMAGES[:8], **PLAIN)
    after = state(gan)
    gan.load_weights(tmp_path / "half.weights.h5")
    assert is_same(state(gan), half)
    gan.fit(IMAGES[:8], **PLAIN)
    assert is_same(state(gan), after)


def test_saved_model_is_restored_whole_and_trains_on_in_eager_steps_as_in_the_graph(gan, tmp_path):
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert type(again) is FastGAN
    assert is_same(state(again), state(gan))
    np.testing.assert_array_equal(again.generate(2, seed=0), gan.generate(2, seed=0))
    gan.fit(IMAGES[:4], **PLAIN)
    again.run_eagerly = True
    again.fit(IMAGES[:4], **PLAIN)
    for one, other in zip(state(again), state(gan), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


def test_a_latent_gives_the_same_picture_alone_and_in_a_batch(gan):
    latents = gan.draw_latents(3, seed=0)
    np.testing.assert_allclose(gan.generate(latents)[1:2], gan.generate(latents[1:2]), atol=1e-5)


def test_the_generator_moves_by_the_gradient_through_the_discriminator_after_its_own_move():
    gan = build(diff_augment=[], ema_decay=None)
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(0.1),
        discriminator_optimizer=keras.optimizers.SGD(0.1),
        run_eagerly=True,
    )
    again = build(diff_augment=[], ema_decay=None)
    again.compile(
        generator_optimizer=keras.optimizers.SGD(0.1),
        discriminator_optimizer=keras.optimizers.SGD(0.1),
        run_eagerly=True,
    )
    gan.train_on_batch(IMAGES[:4])

    reals = again.real_batch(tf.constant(IMAGES[:4]))
    with tf.GradientTape() as tape:
        fakes = again.draw_fakes(reals, "latents")
        again.update_discriminator_on(reals, fakes._replace(images=tf.stop_gradient(fakes.images)))
        loss = -tf.reduce_mean(again.discriminator(fakes.images, training=True))
    again.minimize(again.generator_optimizer, loss, tape, again.generator)
    for one, other in zip(gan.generator.get_weights(), again.generator.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_the_discriminator_descends_both_losses_of_augmented_images():
    gan, again = (build(diff_augment=["color"], ema_decay=None) for _ in range(2))
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(0.1),
        discriminator_optimizer=keras.optimizers.SGD(0.1),
        run_eagerly=True,
    )
    reals = again.real_batch(tf.constant(IMAGES[:4]))

    def seen(images, kind):
        keys = {"noise": again.noise, "purpose": f"augment discriminator {kind}"}
        return diff_augment(images, ["color"], low=-1, high=1, **keys)

    x = seen(reals.images, "reals")
    fakes = seen(again.draw_fakes(reals, "latents").images, "fakes")
    players = (again.discriminator, again.decoder)
    with tf.GradientTape() as tape:
        scores, *maps = again._scores_and_maps(x, True)
        of_fakes = again.discriminator(fakes, training=True)
        above, below = (
            tf.constant(margins(scores.shape, kind), tf.float32) for kind in ("reals", "fakes")
        )
        loss = tf.reduce_mean(tf.nn.relu(above - scores))
        loss += tf.reduce_mean(tf.nn.relu(below + of_fakes))
        loss += 2.0 * again.reconstruction_loss(x, *maps)  # The weight of the authors' code.
    variables = [weight.value for player in players for weight in player.trainable_weights]
    gradients = tape.gradient(loss, variables)
    wanted = [old - 0.1 * gradient for old, gradient in zip(variables, gradients, strict=True)]

    gan.update_discriminator_on(reals, gan.draw_fakes(reals, "latents"))
    found = [w for player in (gan.discriminator, gan.decoder) for w in player.trainable_weights]
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)


def test_weights_saved_half_way_train_on_to_the_same_bits_in_a_new_model(tmp_path):
    whole, resumed = build(run_eagerly=True), build(weights_seed=7, run_eagerly=True)
    whole.fit(IMAGES[:4], **PLAIN)
    whole.save_weights(tmp_path / "half.weights.h5")
    whole.fit(IMAGES[4:8], **PLAIN)
    # The seeds of the noises are arguments of the networks, and not weights.
    for one, other in zip(whole.generator.layers, resumed.generator.layers, strict=True):
        if hasattr(one, "seed"):
            other.seed = one.seed
    resumed.load_weights(tmp_path / "half.weights.h5")
    resumed.fit(IMAGES[4:8], **PLAIN)
    assert is_same(state(resumed), state(whole))


def test_a_decoder_that_does_not_fit_is_refused(untrained):
    generator, discriminator = untrained.generator, untrained.discriminator
    with pytest.raises(ValueError, match="decoder="):
        FastGAN(generator, discriminator, fastgan_decoder(base_width=4))
    plain = keras.Sequential([keras.Input((64, 64, 3)), keras.layers.Conv2D(1, 8)])
    with pytest.raises(ValueError, match="'features_8'"):
        FastGAN(generator, plain, fastgan_decoder(base_width=2))
    of_one = keras.Sequential([keras.Input((8, 8, 16)), keras.layers.Conv2D(3, 1)])
    with pytest.raises(ValueError, match=r"two maps.*1 inputs"):
        FastGAN(generator, discriminator, of_one)
    with pytest.raises(ValueError, match="reconstruction_weight=-1"):
        FastGAN(generator, discriminator, fastgan_decoder(base_width=2), reconstruction_weight=-1)


def test_discriminator_moves_with_its_decoder_and_then_the_generator(untrained):
    # The last test, for it trains the model.
    reals = LabelledImages(tf.constant(IMAGES[:4]), {})
    assert moves(untrained, reals, 2) == [["dd", "g"]] * 2


@pytest.mark.parametrize("problem", ["channels", "side", "precision"])
def test_a_decoder_whose_pictures_do_not_compare_is_refused(untrained, problem):
    decoder = fastgan_decoder(base_width=2)
    whole, part = decoder.outputs
    if problem == "channels":
        part = keras.layers.Conv2D(1, 1)(part)
    elif problem == "side":
        whole = keras.layers.Cropping2D(4)(whole)
    else:
        part = keras.layers.Activation("tanh", dtype="bfloat16")(part)
    networks = untrained.generator, untrained.discriminator
    message = "bfloat16" if problem == "precision" else "sides divide 64x64.*Received: decoder"
    with pytest.raises(ValueError, match=message):
        FastGAN(*networks, keras.Model(decoder.inputs, [whole, part]))
