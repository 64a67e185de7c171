import csv
import functools
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import GAN, WGAN
from kerasgan.precision import dtype_policy

BATCHES, HALF = 6, 3
IMAGES = np.random.default_rng(0).integers(0, 256, (4 * BATCHES, 8, 8, 1), np.uint8)
FLOATS = (IMAGES / 255).astype("float32")
PLAIN = {"batch_size": 4, "shuffle": False, "verbose": 0}


@pytest.fixture(scope="module")
def build(tiny_generator, tiny_discriminator):
    """Builds and compiles a game that uses all that has state."""

    def build(objective=WGAN, weights_seed=0, seed=0, **compile_options):
        generator = tiny_generator(weights_seed=weights_seed)
        critic = tiny_discriminator(weights_seed=weights_seed + 1)
        options = {
            WGAN: {"n_critic": 2, "joint_batches": True, "ema_decay": 0.9},
            GAN: {"handicap": 2, "discriminator_loss_above": 0.6},
        }[objective]
        model = objective(generator, critic, seed=seed, **options)
        schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 1, 0.5)
        model.compile(keras.optimizers.Adam(schedule, beta_1=0.5), "rmsprop", **compile_options)
        return model

    return build


def train(model, first, last):
    """Trains on batches `first` to `last` of the images."""
    model.fit(IMAGES[4 * first : 4 * last], **PLAIN)


def state(model):
    """Every weight, moving statistic and optimizer variable."""
    optimizers = model.generator_optimizer, model.discriminator_optimizer
    variables = [*model.variables, *optimizers[0].variables, *optimizers[1].variables]
    return [variable.numpy() for variable in variables]


def is_same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.fixture(scope="module")
def run_of(build, tmp_path_factory):
    """Gives an objective's training that was saved half-way, in both forms, and went on."""

    @functools.cache
    def run_of(objective):
        folder = tmp_path_factory.mktemp("run")
        model = build(objective)
        train(model, 0, HALF)
        model.save_weights(folder / "half.weights.h5")
        model.save(folder / "half.keras")
        half, half_images = state(model), model.generate(3, seed=0)
        train(model, HALF, BATCHES)
        return SimpleNamespace(
            objective=objective,
            model=model,
            half=half,
            half_images=half_images,
            final=state(model),
            folder=folder,
        )

    return run_of


@pytest.fixture(params=[WGAN, GAN], ids=["WGAN", "GAN"])
def run(request, run_of):
    return run_of(request.param)


def test_weights_saved_half_way_train_on_to_the_same_bits(build, run):
    resumed = build(run.objective, weights_seed=7)
    resumed.load_weights(run.folder / "half.weights.h5")
    assert is_same(state(resumed), run.half)
    train(resumed, HALF, BATCHES)
    assert is_same(state(resumed), run.final)


def test_saved_model_is_restored_whole_and_trains_on_to_the_same_bits(run):
    resumed = keras.saving.load_model(run.folder / "half.keras")
    assert type(resumed) is run.objective
    assert is_same(state(resumed), run.half)
    schedule = resumed.generator_optimizer._learning_rate
    assert isinstance(schedule, keras.optimizers.schedules.ExponentialDecay)
    assert int(resumed.generator_optimizer.iterations) > 0
    np.testing.assert_array_equal(resumed.generate(3, seed=0), run.half_images)
    train(resumed, HALF, BATCHES)
    assert is_same(state(resumed), run.final)


def test_images_out_of_range_are_one_clear_error_and_leave_every_bit(run):
    before = state(run.model)
    for wrong, low, high in (
        (FLOATS - 0.1, "-0.1", "0.9"),
        (FLOATS + 0.1, "0.1", "1.1"),
        (FLOATS * 255, "0", "255"),
        (np.where(FLOATS > 0.5, np.nan, FLOATS), "nan", "nan"),
    ):
        message = f"^Images must be float from 0 to 1, .* values from {low}.* to {high}"
        with pytest.raises(ValueError, match=message):
            run.model.fit(wrong, batch_size=24, shuffle=False, verbose=0)
        assert is_same(state(run.model), before)


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
            gan.fit(wrong, **PLAIN)
        assert is_same(state(gan), before)
    gan.fit(IMAGES[:, :2, :2], **PLAIN)
    assert not is_same(state(gan), before)


@pytest.fixture(scope="module")
def uninterrupted(build):
    model = build()
    train(model, 0, BATCHES)
    return model


def test_how_fit_is_cut_does_not_change_a_bit(run_of, uninterrupted):
    assert is_same(run_of(WGAN).final, state(uninterrupted))


def test_eager_steps_are_those_of_the_graph(build, uninterrupted):
    eager = build(run_eagerly=True)
    train(eager, 0, BATCHES)
    for one, other in zip(state(eager), state(uninterrupted), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


def test_steps_per_execution_do_not_change_the_training(build, uninterrupted):
    model = build(steps_per_execution=3)
    train(model, 0, BATCHES)
    for one, other in zip(state(model), state(uninterrupted), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_noise_depends_on_seed_batch_and_purpose_alone(build, uninterrupted):
    first, second, third = build(seed=0), build(seed=1), build(GAN, seed=0, weights_seed=3)
    assert np.array_equal(first.latents(4, "x"), third.latents(4, "x"))
    assert not np.array_equal(first.latents(4, "x"), second.latents(4, "x"))
    assert not np.array_equal(first.latents(4, "x"), first.latents(4, "y"))
    assert not np.array_equal(first.latents(4, "x"), uninterrupted.latents(4, "x"))


def test_evaluation_is_refused(build):
    with pytest.raises(NotImplementedError, match="WGAN has no loss on held-out images"):
        build().evaluate(FLOATS, verbose=0)


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


def batches(*arrays):
    return tf.data.Dataset.from_tensor_slices(arrays if len(arrays) > 1 else arrays[0]).batch(4)


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
    reals = gan.real_images((tf.constant(IMAGES), None))
    np.testing.assert_allclose(reals, low + (1 - low) * IMAGES / 255, atol=1e-6)


def test_range_is_read_off_the_generator_or_given(tiny_generator, tiny_discriminator):
    with pytest.raises(ValueError, match="activation 'relu'"):
        GAN(tiny_generator(activation="relu"), tiny_discriminator())
    gan = GAN(tiny_generator(activation="relu"), tiny_discriminator(), image_range=(0, 2))
    reals = gan.real_images(tf.constant(IMAGES))
    np.testing.assert_allclose(reals, 2 * (IMAGES / 255), atol=1e-6)
    images = gan.generate(3, seed=0)
    drawn = gan.generator(gan.draw_latents(3, seed=0))
    np.testing.assert_allclose(images, np.clip(drawn / 2, 0, 1), atol=1e-6)


def test_networks_that_do_not_fit_each_other_are_refused(tiny_generator, tiny_discriminator):
    with pytest.raises(ValueError, match=r"drawing \(8, 8, 1\), discriminator taking \(8, 8, 3\)"):
        GAN(tiny_generator(), tiny_discriminator(channels=3))


def test_one_optimizer_for_both_players_is_refused(build):
    optimizer = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="an optimizer of its own"):
        build().compile(optimizer, optimizer)


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
