import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import FastGAN, VisionAidedFastGAN
from kerasgan.models.base.batches import DiscriminatorOutput, LabelledImages
from kerasgan.networks import fastgan_decoder, fastgan_discriminator, fastgan_generator
from tests.models.games import is_same, moves, state
from tests.random_seed import seed_keras

pytestmark = pytest.mark.early

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 64, 64, 3), np.uint8)
TINY = {"image_size": 64, "base_width": 2}
WEIGHT, RATE = 0.5, 0.1


def scorer(channels=1, side=64):
    """A projected discriminator that is linear: its scores are of the means of four quarters."""
    images = keras.Input((side, side, 3))
    means = keras.layers.AveragePooling2D(side // 2)(images)
    scores = keras.layers.Conv2D(channels, 1, kernel_initializer="ones", name="scorer")(means)
    return keras.Model(images, keras.layers.Reshape((4, channels))(scores))


def networks():
    seed_keras(0)
    return fastgan_generator(**TINY), fastgan_discriminator(**TINY), fastgan_decoder(base_width=2)


def build(**options):
    options = {"projected_weight": WEIGHT, "seed": 3, **options}
    gan = VisionAidedFastGAN(*networks(), scorer(), **options)
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(RATE),
        discriminator_optimizer=keras.optimizers.SGD(RATE),
        run_eagerly=True,
    )
    return gan


def without_second(**options):
    gan = FastGAN(*networks(), seed=3, **options)
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(RATE),
        discriminator_optimizer=keras.optimizers.SGD(RATE),
        run_eagerly=True,
    )
    return gan


def scores_of(images, weights):
    """The scores of `scorer`, and the means that they are linear in."""
    kernel, bias = weights
    quarters = np.asarray(images, np.float64).reshape(-1, 2, 32, 2, 32, 3).mean((2, 4))
    means = quarters.reshape(-1, 3)
    return means @ kernel.reshape(3) + bias, means


@pytest.fixture
def steps():
    """Both models before a step on the same batch, and that batch."""
    options = {"diff_augment": [], "ema_decay": None}
    gan, plain = build(**options), without_second(**options)
    return gan, plain, gan.real_batch(tf.constant(IMAGES[:4]))


def test_the_projected_discriminator_descends_the_hinge_and_the_own_one_its_own_losses(steps):
    gan, plain, reals = steps
    # Scores on both sides of either hinge.
    gan.projected_discriminator.set_weights([np.full((1, 1, 3, 1), 9.0), np.array([0.9])])
    kernel, bias = gan.projected_discriminator.get_weights()
    fakes = gan.draw_fakes(reals, "latents")
    of_reals, real_means = scores_of(reals.images, (kernel, bias))
    of_fakes, fake_means = scores_of(fakes.images, (kernel, bias))
    real_side, fake_side = of_reals < 1, of_fakes > -1
    assert 0 < real_side.mean() < 1
    hinge = np.maximum(0, 1 - of_reals).mean() + np.maximum(0, 1 + of_fakes).mean()
    slope = (fake_side[:, None] * fake_means).mean(0) - (real_side[:, None] * real_means).mean(0)

    gan.update_discriminator_on(reals, fakes)
    plain.update_discriminator_on(reals, plain.draw_fakes(reals, "latents"))
    moved, moved_bias = gan.projected_discriminator.get_weights()
    np.testing.assert_allclose(moved.reshape(3), kernel.reshape(3) - RATE * slope, rtol=1e-5)
    np.testing.assert_allclose(
        moved_bias, bias - RATE * (fake_side.mean() - real_side.mean()), rtol=1e-5
    )
    np.testing.assert_allclose(gan.results()["projected_loss"], hinge, rtol=1e-5)
    for name in ("discriminator_loss", "reconstruction_loss"):
        np.testing.assert_allclose(gan.results()[name], plain.results()[name], rtol=1e-6)
    for player in ("discriminator", "decoder"):
        ours, theirs = (getattr(each, player).get_weights() for each in (gan, plain))
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_the_generator_descends_its_score_by_both_discriminators_that_have_moved(steps):
    gan, plain, reals = steps
    gan.train_step(tf.constant(IMAGES[:4]))
    with tf.GradientTape() as tape:
        fakes = plain.draw_fakes(reals, "latents")
        with tape.stop_recording():
            plain.update_discriminator_on(reals, fakes)
        kernel, bias = gan.projected_discriminator.get_weights()
        means = tf.nn.avg_pool2d(fakes.images, 32, 32, "VALID")
        loss = -tf.reduce_mean(plain.discriminator(fakes.images, training=True))
        loss -= WEIGHT * tf.reduce_mean(means @ kernel.reshape(3, 1) + bias)
    weights = [weight.value for weight in plain.generator.trainable_weights]
    gradients = tape.gradient(loss, weights)
    np.testing.assert_allclose(gan.results()["generator_loss"], loss, rtol=1e-5)
    for found, old, gradient in zip(
        gan.generator.trainable_weights, weights, gradients, strict=True
    ):
        np.testing.assert_allclose(found, old - RATE * gradient, rtol=1e-4, atol=1e-6)


def test_both_discriminators_see_the_same_augmented_images(monkeypatch):
    gan, seen = build(diff_augment=["color"], ema_decay=None), {"own": [], "projected": []}

    def recorded(name, call):
        def record(batch, *, training):
            seen[name].append(batch.images)
            return call(batch, training=training)

        return record

    monkeypatch.setattr(gan, "_call_projected", recorded("projected", gan._call_projected))
    monkeypatch.setattr(gan, "_call_discriminator", recorded("own", gan._call_discriminator))
    gan.train_step(tf.constant(IMAGES[:4]))
    # The own discriminator sees the reals in the network that gives its maps too.
    of_reals, *of_fakes = seen["projected"]
    plain = gan.image_range.from_user(tf.constant(IMAGES[:4]))
    assert np.abs(of_reals - plain).max() > 0.01
    assert len(of_fakes) == len(seen["own"]) == 2
    for one, other in zip(of_fakes, seen["own"], strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("weight", [1.0, 0.25])
def test_losses_are_those_worked_by_hand(weight):
    gan = build(projected_weight=weight)
    gan.projected_discriminator.set_weights([np.ones((1, 1, 3, 1)), np.zeros(1)])
    # Grey images score the sum of their three channels.
    grey = tf.reshape([0.1, -0.2], (2, 1, 1, 1)) * tf.ones((2, 64, 64, 3))
    white = DiscriminatorOutput(tf.ones((1, 64, 64, 3)), {}, tf.zeros((1, 5, 5, 1)), {}, None)
    fake = DiscriminatorOutput(grey, {}, 2.0 * tf.ones((2, 5, 5, 1)), {}, None)
    loss = gan.generator_loss(None, fake)
    np.testing.assert_allclose(loss, -2.0 - weight * (0.3 - 0.6) / 2, rtol=1e-5)
    # White scores 3, above its margin; the grey ones are 1.3 and 0.4 above theirs.
    loss = gan.added_discriminator_loss(white, fake)
    np.testing.assert_allclose(loss, (1.3 + 0.4) / 2, rtol=1e-5)


def test_a_step_moves_all_discriminators_and_then_the_generator():
    gan, reals = build(), LabelledImages(tf.constant(IMAGES[:4]), {})
    before = gan.projected_discriminator.get_weights()
    assert moves(gan, reals, 1) == [["ddp", "g"]]
    assert not is_same(gan.projected_discriminator.get_weights(), before)


def test_evaluation_measures_every_loss_and_moves_no_bit():
    gan = build()
    before = state(gan)
    options = {"batch_size": 4, "return_dict": True, "verbose": 0}
    losses = gan.evaluate(IMAGES[:4], **options)
    assert losses == gan.evaluate(IMAGES[:4], **options)
    assert is_same(state(gan), before)
    assert set(losses) == {"loss", *VisionAidedFastGAN.metric_names}
    reals = gan.real_batch(tf.constant(IMAGES[:4]))
    gan._test_batches.assign(0)
    fakes = gan.draw_test_fakes(reals)
    weights = gan.projected_discriminator.get_weights()
    (of_reals, _), (of_fakes, _) = (scores_of(each.images, weights) for each in (reals, fakes))
    hinge = np.maximum(0, 1 - of_reals).mean() + np.maximum(0, 1 + of_fakes).mean()
    np.testing.assert_allclose(losses["projected_loss"], hinge, rtol=1e-5)
    own = np.asarray(gan.discriminator(fakes.images)).mean()
    wanted = -own - WEIGHT * of_fakes.mean()
    np.testing.assert_allclose(losses["generator_loss"], wanted, rtol=1e-4, atol=1e-6)


def test_a_saved_model_is_restored_whole_and_trains_on(tmp_path):
    gan = build()
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert type(again) is VisionAidedFastGAN
    assert again.projected_weight == WEIGHT
    assert is_same(state(again), state(gan))
    for each in (gan, again):
        each.train_on_batch(IMAGES[:4])
    assert is_same(state(again), state(gan))


@pytest.mark.parametrize("ema_decay", [None, 0.9])
def test_without_training_aids_it_is_the_fastgan_of_the_same_networks(ema_decay):
    gan = build(ema_decay=ema_decay)
    gan.batches_seen.assign(2)
    if ema_decay is not None:
        gan.averaged_updates.assign(1)
        gan.ema_generator.set_weights([0.9 * each for each in gan.generator.get_weights()])
    plain = gan.without_training_aids()
    assert type(plain) is FastGAN
    assert plain.iterations_seen == 2
    if ema_decay is not None:
        assert int(plain.averaged_updates) == 1
    for name, network in plain.networks.items():
        assert is_same(network.get_weights(), gan.networks[name].get_weights()), name
    assert set(gan.networks) - set(plain.networks) == {"projected_discriminator"}
    theirs = {"projected_weight", "projected_discriminator"}
    config, other = gan.get_config(), plain.get_config()
    assert set(config) - set(other) == theirs
    for name in ("reconstruction_weight", "diff_augment", "ema_decay", "image_range", "seed"):
        assert config[name] == other[name]
    np.testing.assert_array_equal(plain.generate(2, seed=0), gan.generate(2, seed=0))


def test_an_objective_without_aids_is_itself():
    plain = without_second()
    assert plain.without_training_aids() is plain


def test_a_projected_discriminator_that_does_not_fit_is_refused():
    players = networks()
    with pytest.raises(ValueError, match="projected_weight=0"):
        VisionAidedFastGAN(*players, scorer(), projected_weight=0)
    with pytest.raises(ValueError, match="32, 32, 3"):
        VisionAidedFastGAN(*players, scorer(side=32))
    heads = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(3, name="style")])
    second = scorer()
    classes = heads(second.inputs[0])
    with pytest.raises(ValueError, match="class heads"):
        VisionAidedFastGAN(*players, keras.Model(second.inputs, [second.outputs[0], classes]))
