import csv
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import GAN, WGAN
from kerasgan.precision import dtype_policy
from tests.models.games import BATCHES, FLOATS, IMAGES, PLAIN, batches, is_same, state


def test_images_of_another_shape_are_one_clear_error_and_leave_every_bit(
    linear_generator, linear_discriminator
):
    gan = GAN(linear_generator(), linear_discriminator(), image_range=(0, 1))
    gan.compile("sgd", "sgd")
    gan.fit(IMAGES[:, :2, :2], **PLAIN)
    before = state(gan)
    wanted = r"^Images must have the shape that the generator draws, \(batch, 2, 2, 1\)\. Received"
    # The graph relaxes the shape that it accepts at each further one.
    for wrong, shown in (
        (IMAGES[:, :2], r"\(batch, 2, 8, 1\)"),
        (IMAGES[:, :2, :2, 0], r"\(batch, 2, 2\)"),
        (np.repeat(IMAGES[:, :2, :2], 3, -1), r"\(batch, 2, 2, 3\)"),
    ):
        with pytest.raises(ValueError, match=f"{wanted}: images of shape {shown}"):
            gan.fit(batches(wrong), verbose=0)
        assert is_same(state(gan), before)
    gan.fit(IMAGES[:, :2, :2], **PLAIN)
    assert not is_same(state(gan), before)


def test_noise_depends_on_seed_batch_and_purpose_alone(linear_game):
    first, second, third = linear_game(WGAN), linear_game(WGAN, seed=6), linear_game(GAN)
    noise = first.latents(4, "x").numpy()
    assert np.array_equal(noise, third.latents(4, "x"))
    assert not np.array_equal(noise, second.latents(4, "x"))
    assert not np.array_equal(noise, first.latents(4, "y"))
    first.batches_seen.assign(1)
    assert not np.array_equal(noise, first.latents(4, "x"))


def test_evaluation_is_refused(build):
    with pytest.raises(NotImplementedError, match="WGAN has no loss on held-out images"):
        build().evaluate(batches(FLOATS), verbose=0)


def test_logs_are_the_objectives_metrics_and_begin_anew_each_epoch(build):
    class Means(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(dict(logs))

    seen, model = [], build(run_eagerly=True)
    history = model.fit(IMAGES[:8], epochs=2, callbacks=[Means()], **PLAIN).history
    assert set(history) == set(WGAN.metric_names)
    for name, values in history.items():
        np.testing.assert_array_equal(values, [seen[1][name], seen[3][name]])
    # The first batch of the second epoch is not averaged with the first epoch's.
    assert seen[2]["critic_loss"] == -seen[2]["wasserstein_distance"]
    assert seen[2]["generator_loss"] == 0


def test_keras_callbacks_work(tiny_generator, tiny_discriminator, tmp_path):
    wgan = WGAN(tiny_generator(), tiny_discriminator(), n_critic=2)
    wgan.compile("rmsprop", "rmsprop")
    stop = keras.callbacks.EarlyStopping(
        "critic_loss", mode="max", min_delta=1e9, patience=1, restore_best_weights=True
    )
    initial = wgan.get_weights()
    history = wgan.fit(
        FLOATS[:8],
        epochs=5,
        callbacks=[
            stop,
            keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras"),
            keras.callbacks.CSVLogger(tmp_path / "log.csv"),
            keras.callbacks.TerminateOnNaN(),
        ],
        **PLAIN,
    ).history
    assert stop.stopped_epoch == 1
    assert len(history["critic_loss"]) == 2
    with (tmp_path / "log.csv").open() as file:
        rows = list(csv.DictReader(file))
    for name, values in history.items():
        np.testing.assert_allclose([float(row[name]) for row in rows], values)
    best = keras.saving.load_model(tmp_path / "1.keras")
    assert is_same(wgan.get_weights(), best.get_weights())
    assert not is_same(wgan.get_weights(), initial)
    assert (tmp_path / "2.keras").exists()


SMALL = IMAGES[:, :2, :2]
SMALL_FLOATS = (SMALL / 255).astype("float32")
LABELS = np.zeros(4 * BATCHES, np.int32)


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (batches(SMALL), {"verbose": 0}),
        (batches(SMALL_FLOATS), {"verbose": 0}),
        (batches(SMALL, LABELS), {"verbose": 0}),
        (batches(SMALL_FLOATS, LABELS), {"verbose": 0}),
        (SMALL, PLAIN),
        (SMALL_FLOATS, PLAIN),
        (SMALL / 255, PLAIN),
    ],
    ids=[
        "uint8 dataset",
        "float dataset",
        "uint8 dataset with labels",
        "float dataset with labels",
        "uint8 array",
        "float array",
        "float64 array",
    ],
)
def test_every_form_of_the_same_images_gives_the_same_step(
    linear_generator, linear_discriminator, data, options
):
    generator, critic = linear_generator(), linear_discriminator()
    generator_weights, critic_weights = generator.get_weights(), critic.get_weights()
    wgan = WGAN(generator, critic, n_critic=1, clip_value=1e9, image_range=(0, 1))
    wgan.compile(keras.optimizers.SGD(0.5), keras.optimizers.SGD(0.5), run_eagerly=True)

    wgan.fit(data, steps_per_epoch=1, **options)

    # The gradient of -E f(x) + E f(G(z)) by v is -E x + E G(z).
    w, b = generator_weights
    wgan.batches_seen.assign(0)
    fakes = wgan.latents(4, "critic latents").numpy() @ w + b
    step = SMALL[:4].reshape(4, 4).mean(0) / 255 - fakes.mean(0)
    expected = critic_weights[0] + 0.5 * step[:, None]
    np.testing.assert_allclose(critic.get_weights()[0], expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("activation", "low"), [("sigmoid", 0.0), ("tanh", -1.0)])
def test_reals_are_compared_in_the_generators_range(
    tiny_generator, tiny_discriminator, activation, low
):
    gan = GAN(tiny_generator(activation=activation), tiny_discriminator())
    reals = gan.real_batch((tf.constant(IMAGES), None)).images
    np.testing.assert_allclose(reals, low + (1 - low) * IMAGES / 255, atol=1e-6)


def test_range_is_read_off_the_generator_or_given(tiny_generator, tiny_discriminator):
    with pytest.raises(ValueError, match="activation 'relu'"):
        GAN(tiny_generator(activation="relu"), tiny_discriminator())
    gan = GAN(tiny_generator(activation="relu"), tiny_discriminator(), image_range=(0, 2))
    reals = gan.real_batch(tf.constant(IMAGES)).images
    np.testing.assert_allclose(reals, 2 * (IMAGES / 255), atol=1e-6)
    images = gan.generate(3, seed=0)
    drawn = gan.generator(gan.draw_latents(3, seed=0))
    np.testing.assert_allclose(images, np.clip(drawn / 2, 0, 1), atol=1e-6)


def test_networks_that_do_not_fit_each_other_are_refused(tiny_generator, tiny_discriminator):
    with pytest.raises(ValueError, match=r"drawing \(8, 8, 1\), discriminator taking \(8, 8, 3\)"):
        GAN(tiny_generator(), tiny_discriminator(channels=3))


def test_networks_of_unknown_shape_are_refused(tiny_generator, tiny_discriminator):
    class Subclassed(keras.Model):
        pass

    unbuilt = keras.Sequential([keras.layers.Dense(1)])
    for network in (Subclassed(), unbuilt):
        with pytest.raises(ValueError, match=r"^The generator must be .* begins with keras\.Input"):
            GAN(network, tiny_discriminator())
        with pytest.raises(ValueError, match=r"^The discriminator must be a functional model"):
            GAN(tiny_generator(), network)


@pytest.mark.parametrize("in_a_layer_of_its_own", [False, True])
def test_discriminator_that_ends_in_an_activation_is_refused(tiny_generator, in_a_layer_of_its_own):
    last = [keras.layers.Dense(1, activation="sigmoid", name="last")]
    if in_a_layer_of_its_own:
        last = [keras.layers.Dense(1), keras.layers.Activation("sigmoid", name="last")]
    judge = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), *last])
    with pytest.raises(ValueError, match=r"must be linear: .* 'last' and activation 'sigmoid'"):
        GAN(tiny_generator(), judge)


def test_one_optimizer_for_both_players_is_refused(build):
    optimizer = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="an optimizer of its own"):
        build().compile(optimizer, optimizer)


def test_compile_takes_nothing_that_it_would_ignore(build):
    for ignored in ("optimizer", "loss", "metrics"):
        with pytest.raises(TypeError, match=f"unexpected keyword argument '{ignored}'"):
            build().compile(**{ignored: "mse"})


def test_several_replicas_are_refused(build, monkeypatch):
    replicas = SimpleNamespace(num_replicas_in_sync=2)
    monkeypatch.setattr(WGAN, "distribute_strategy", replicas)
    with pytest.raises(ValueError, match=r"^WGAN trains on one device: .* of 2 replicas$"):
        build().fit(FLOATS, **PLAIN)


def test_fit_before_compile_is_refused(tiny_generator, tiny_discriminator):
    with pytest.raises(ValueError, match="compile"):
        GAN(tiny_generator(), tiny_discriminator()).fit(FLOATS, verbose=0)


def test_saved_model_keeps_how_it_was_compiled(tiny_generator, tiny_discriminator, tmp_path):
    gan = GAN(tiny_generator(), tiny_discriminator())
    gan.compile("adam", keras.optimizers.SGD(0.5), run_eagerly=True, steps_per_execution=3)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert again.get_compile_config() == gan.get_compile_config()
    assert (again.run_eagerly, again.steps_per_execution, again.jit_compile) == (True, 3, False)
    assert isinstance(again.generator_optimizer, keras.optimizers.Adam)
    assert float(again.discriminator_optimizer.learning_rate) == 0.5


def test_model_saved_before_compile_is_loaded_uncompiled(
    tiny_generator, tiny_discriminator, tmp_path
):
    gan = GAN(tiny_generator(), tiny_discriminator())
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert not again.compiled
    assert is_same(again.get_weights(), gan.get_weights())


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_low_precision_updates_are_about_those_of_float32(
    tiny_generator, tiny_discriminator, policy
):
    def updates(policy):
        with dtype_policy(policy):
            networks = tiny_generator(), tiny_discriminator()
        wgan = WGAN(*networks, n_critic=1, clip_value=1e9)
        before = wgan.get_weights()
        wgan.compile(
            keras.optimizers.SGD(1.0),
            keras.optimizers.SGD(1.0),
            run_eagerly=policy != "mixed_float16",
        )
        logs = wgan.fit(IMAGES[:4], **PLAIN).history
        assert all(np.isfinite(values).all() for values in logs.values())
        assert {weight.dtype for weight in wgan.generator.weights} == {"float32"}
        is_scaled = isinstance(wgan.generator_optimizer, keras.optimizers.LossScaleOptimizer)
        assert is_scaled == (policy == "mixed_float16")
        after = wgan.get_weights()
        return np.concatenate([(a - b).ravel() for a, b in zip(after, before, strict=True)])

    low, full = updates(policy), updates("float32")
    assert np.linalg.norm(low - full) < 0.1 * np.linalg.norm(full)


@pytest.mark.parametrize("objective", [GAN, WGAN])
def test_generator_that_takes_labels_is_refused_by_objectives_that_draw_none(
    objective, tiny_generator, tiny_discriminator
):
    with pytest.raises(ValueError, match=r"takes latents alone\. Received: .* taking \['style'\]"):
        objective(tiny_generator(classes={"style": 3}), tiny_discriminator())
