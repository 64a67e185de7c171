import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import (
    ACGAN,
    CAN,
    GAN,
    LSGAN,
    R3GAN,
    WGAN,
    WGANGP,
    HingeGAN,
    WassersteinACGAN,
)
from tests.models.games import BATCHES, FLOATS, IMAGES, PLAIN, batches, is_same, moves, state


def test_images_of_another_shape_are_one_clear_error_and_leave_every_bit(
    linear_generator, linear_discriminator
):
    gan = GAN(linear_generator(), linear_discriminator(), image_range=(0, 1))
    gan.compile(generator_optimizer="sgd", discriminator_optimizer="sgd")
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


def test_logs_are_the_objectives_metrics_and_begin_anew_each_epoch(build):
    class Means(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(dict(logs))

    seen, model = [], build(run_eagerly=True)
    history = model.fit(IMAGES[:8], epochs=2, callbacks=[Means()], **PLAIN).history
    assert set(history) == {"loss", *WGAN.metric_names}
    for name, values in history.items():
        np.testing.assert_array_equal(values, [seen[1][name], seen[3][name]])
    # The first batch of the second epoch is not averaged with the first epoch's.
    assert seen[2]["critic_loss"] == -seen[2]["wasserstein_distance"]
    assert all(logs["loss"] == logs["critic_loss"] for logs in seen)


@pytest.mark.parametrize("eager", [False, True], ids=["graph", "eager"])
def test_a_loss_is_nan_until_its_first_update_since_the_metrics_were_reset(linear_game, eager):
    class Losses(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(logs["generator_loss"])

    seen, model = [], linear_game(WGAN, n_critic=3)
    model.run_eagerly = eager
    model.fit(IMAGES[:16, :2, :2], epochs=2, callbacks=[Losses()], **PLAIN)
    # The generator moves after the batches 2 and 5; the second epoch begins with batch 4.
    assert list(np.isnan(seen)) == [True, True, False, False, True, False, False, False]
    assert seen[2] == seen[3]

    again, losses = linear_game(WGAN, n_critic=3), []
    original = again.generator_loss
    again.generator_loss = lambda real, fake: losses.append(original(real, fake)) or losses[-1]
    again.fit(IMAGES[:16, :2, :2], epochs=2, **PLAIN)
    np.testing.assert_allclose([seen[2], seen[5]], losses, rtol=1e-5)


ONE = {"style": 3}
BY_BATCHES = pytest.mark.parametrize(
    "objective",
    [GAN, LSGAN, HingeGAN, R3GAN, WGAN, WGANGP, ACGAN, CAN, WassersteinACGAN],
    ids=lambda each: each.__name__,
)


@BY_BATCHES
@pytest.mark.parametrize(
    ("n_critic", "expected"),
    [(1, ["dg", "dg", "dg"]), (3, ["d", "d", "dg", "d", "d", "dg", "d"])],
)
def test_generator_moves_after_every_n_critic_updates_of_the_discriminator(
    linear_game, reals, objective, n_critic, expected
):
    options = {"n_critic": n_critic}
    if objective.takes_classes:
        options |= {"classes": ONE, "generator_classes": ONE if objective.draws_classes else None}
    if objective is WGAN:
        options["clip_value"] = 1e9
    model = linear_game(objective, **options)
    for optimizer in (model.generator_optimizer, model.discriminator_optimizer):
        optimizer.learning_rate = 2.0**-12  # Every update changes some bit.
    batch = reals(ONE if objective.takes_classes else None)
    assert moves(model, batch, len(expected)) == [list(updates) for updates in expected]
    assert int(model.batches_seen) == len(expected)


@BY_BATCHES
def test_default_is_the_papers_number_of_updates(linear_game, objective):
    options = {}
    if objective.takes_classes:
        options = {"classes": ONE, "generator_classes": ONE if objective.draws_classes else None}
    assert linear_game(objective, **options).n_critic == (5 if hasattr(objective, "critic") else 1)


def test_each_update_has_fakes_of_its_own(linear_game, reals):
    model, drawn = linear_game(GAN, n_critic=2), []
    latents = model.latents
    model.latents = lambda count, purpose: drawn.append(latents(count, purpose)) or drawn[-1]
    for _ in range(4):
        model.train_step(reals().images)
    assert len(drawn) == 4 + 2
    assert len(np.unique(drawn)) == np.size(drawn)


@pytest.mark.parametrize("n_critic", [0, -1, 1.5, 2.0, "2", None])
def test_a_bad_n_critic_is_named(linear_generator, linear_discriminator, n_critic):
    with pytest.raises(ValueError, match=f"^n_critic .* Received: n_critic={n_critic!r}$"):
        GAN(linear_generator(), linear_discriminator(), image_range=(0, 1), n_critic=n_critic)


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
    wgan.compile(
        generator_optimizer=keras.optimizers.SGD(0.5),
        discriminator_optimizer=keras.optimizers.SGD(0.5),
        run_eagerly=True,
    )

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
    with pytest.raises(ValueError, match=r"\(8, 8, 1\).*\(8, 8, 3\)"):
        GAN(tiny_generator(), tiny_discriminator(channels=3))


def test_networks_of_unknown_shape_are_refused(tiny_generator, tiny_discriminator):
    class Subclassed(keras.Model):
        pass

    unbuilt = keras.Sequential([keras.layers.Dense(1)])
    for network in (Subclassed(), unbuilt):
        with pytest.raises(ValueError, match=r"generator .*keras\.Input"):
            GAN(network, tiny_discriminator())
        with pytest.raises(ValueError, match=r"discriminator .*keras\.Input"):
            GAN(tiny_generator(), network)


@pytest.mark.parametrize("in_a_layer_of_its_own", [False, True])
def test_discriminator_that_ends_in_an_activation_is_refused(tiny_generator, in_a_layer_of_its_own):
    last = [keras.layers.Dense(1, activation="sigmoid", name="last")]
    if in_a_layer_of_its_own:
        last = [keras.layers.Dense(1), keras.layers.Activation("sigmoid", name="last")]
    ends = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), *last])
    with pytest.raises(ValueError, match=r"'last'.*'sigmoid'"):
        GAN(tiny_generator(), ends)


def test_discriminator_that_returns_a_dict_is_refused_with_its_keys(tiny_generator):
    images = keras.Input((8, 8, 1))
    x = keras.layers.Flatten()(images)
    scores = {"score": keras.layers.Dense(1)(x), "style": keras.layers.Dense(3)(x)}
    named = keras.Model(images, scores, name="named")
    with pytest.raises(ValueError, match=r"'named' .*\['score', 'style'\]$"):
        CAN(tiny_generator(), named)


def in_a_model(network):
    images = keras.Input((8, 8, 1))
    return keras.Model(images, network(images))


def in_a_sequence(network):
    return keras.Sequential([keras.Input((8, 8, 1)), network])


def in_a_class(network):
    class Wrapper(keras.Model):
        def __init__(self):
            images = keras.Input((8, 8, 1))
            super().__init__(images, network(keras.layers.GaussianNoise(0.0)(images)))

    return Wrapper()


@pytest.mark.parametrize("wrap", [in_a_model, in_a_sequence, in_a_class])
def test_class_heads_keep_their_names_within_another_model(
    tiny_generator, tiny_discriminator, wrap
):
    classes = {"genre": 2, "style": 3}
    inner = tiny_discriminator(classes=classes)
    gan = ACGAN(tiny_generator(classes=classes), wrap(wrap(inner)))
    assert gan.classes == classes
    found, (scores, genre, style) = gan.discriminate(FLOATS), inner(FLOATS)
    np.testing.assert_allclose(found.scores, scores, atol=1e-6)
    np.testing.assert_allclose(found.class_logits["genre"], genre, atol=1e-6)
    np.testing.assert_allclose(found.class_logits["style"], style, atol=1e-6)
    gan.compile(run_eagerly=True)
    labels = {name: np.arange(4) % count for name, count in classes.items()}
    gan.fit(FLOATS[:4], labels, **PLAIN)


def test_class_heads_of_the_same_name_are_refused(tiny_generator, tiny_discriminator):
    images = keras.Input((8, 8, 1))
    other = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(3, name="style")])
    inner = tiny_discriminator(classes={"style": 3})
    twice = keras.Model(images, [*inner(images), other(images)], name="twice")
    with pytest.raises(ValueError, match=r"layer named after.*'twice' with heads 'style', 'style'"):
        ACGAN(tiny_generator(classes={"style": 3}), twice)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_discriminate_gives_the_outputs_for_a_users_images_out_of_training(
    tiny_generator, tiny_discriminator, activation
):
    gan = CAN(tiny_generator(activation=activation), tiny_discriminator(classes=ONE))
    before = state(gan)
    low = {"sigmoid": 0, "tanh": -1}[activation]
    scores, styles = gan.discriminator(low + (1 - low) * FLOATS, training=False)
    for images in (IMAGES, FLOATS, np.float64(FLOATS)):
        output = gan.discriminate(images, batch_size=5)
        np.testing.assert_allclose(output.scores, scores, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(output.class_logits["style"], styles, rtol=1e-5, atol=1e-6)
        assert type(output.scores) is type(output.class_logits["style"]) is np.ndarray
        assert output.images is images  # No copy in float32, which would be four times as large.
        assert not output.training
    assert is_same(state(gan), before)
    with pytest.raises(ValueError, match=r"values from 0.* to 255"):
        gan.discriminate(FLOATS * 255)
    with pytest.raises(ValueError, match=r"Received: images of shape \(batch, 8, 7, 1\)$"):
        gan.discriminate(FLOATS[:, :, :7])


@pytest.mark.parametrize(
    ("images", "received"),
    [
        (None, "images=None"),
        (3, "images=3"),
        ("pictures", "images='pictures'"),
        ([np.zeros((8, 8, 1)), np.zeros((8, 7, 1))], r"images=\[array.*"),
        (FLOATS[:0], r"images of shape \(0, 8, 8, 1\)"),
    ],
    ids=["none", "number", "string", "of several shapes", "empty"],
)
def test_what_is_no_array_of_images_is_not_discriminated(
    tiny_generator, tiny_discriminator, images, received
):
    gan = GAN(tiny_generator(), tiny_discriminator())
    with pytest.raises(ValueError, match=rf"^images must .*Received: {received}"):
        gan.discriminate(images)


@pytest.mark.parametrize("batch_size", [0, 2.5, None])
def test_images_are_discriminated_in_a_whole_number_at_once(
    tiny_generator, tiny_discriminator, batch_size
):
    gan = GAN(tiny_generator(), tiny_discriminator())
    with pytest.raises(ValueError, match=f"^batch_size .*Received: batch_size={batch_size}$"):
        gan.discriminate(FLOATS, batch_size=batch_size)


@pytest.mark.parametrize("objective", [GAN, WGAN])
def test_generator_that_takes_labels_is_refused_by_objectives_that_draw_none(
    objective, tiny_generator, tiny_discriminator
):
    with pytest.raises(ValueError, match=r"Received: .* \['style'\]"):
        objective(tiny_generator(classes={"style": 3}), tiny_discriminator())


@keras.saving.register_keras_serializable("tests")
class WithMargin(GAN):
    """An objective as users write it, which passes on what it does not know."""

    def __init__(self, generator, discriminator, *, margin=1.0, **options):
        super().__init__(generator, discriminator, **options)
        self.margin = margin

    def get_config(self):
        return {**super().get_config(), "margin": self.margin}


def test_a_subclass_that_passes_arguments_on_is_saved_with_all_of_them(
    tiny_generator, tiny_discriminator, tmp_path
):
    options = {"margin": 0.5, "seed": 7, "n_critic": 3, "ema_decay": 0.9, "label_smoothing": 0.1}
    gan = WithMargin(tiny_generator(), tiny_discriminator(), **options)
    gan.compile()
    gan.save(tmp_path / "mine.keras")
    again = keras.saving.load_model(tmp_path / "mine.keras")
    assert type(again) is WithMargin
    assert {name: getattr(again, name) for name in options} == options


def test_a_subclass_that_would_lose_an_argument_is_not_saved(tiny_generator, tiny_discriminator):
    class Forgetful(WithMargin):
        def __init__(self, generator, discriminator, *, slope=0.1, **options):
            super().__init__(generator, discriminator, **options)
            self.slope = slope

    gan = Forgetful(tiny_generator(), tiny_discriminator(), slope=0.5)
    with pytest.raises(
        NotImplementedError,
        match=r"Forgetful would lose its slope: define .*constructor calls them generator and",
    ):
        gan.get_config()


@keras.saving.register_keras_serializable("tests")
class WithTeacher(GAN):
    """An objective with a further network, which it tells by its `network_names`."""

    network_names = (*GAN.network_names, "teacher")

    def __init__(self, generator, discriminator, teacher, **options):
        super().__init__(generator, discriminator, **options)
        self.teacher = teacher


def test_a_subclass_with_a_further_network_is_saved_with_it(
    tiny_generator, tiny_discriminator, tmp_path
):
    teacher = tiny_discriminator(weights_seed=7)
    gan = WithTeacher(tiny_generator(), tiny_discriminator(), teacher, seed=3)
    gan.compile()
    gan.save(tmp_path / "mine.keras")
    again = keras.saving.load_model(tmp_path / "mine.keras")
    assert again.seed == 3
    assert is_same(again.teacher.get_weights(), teacher.get_weights())


def test_a_model_that_was_trained_before_continues_after_its_batches(build):
    # Its first two batches are the critic's alone.
    model = build(WassersteinACGAN, run_eagerly=True)
    model.continue_after(2 * BATCHES)
    before = model.generator.get_weights()
    labels = {name: np.zeros(8, np.int32) for name in model.classes}
    model.fit(IMAGES[:8], labels, **PLAIN)
    assert int(model.batches_seen) == 2 * BATCHES + 2
    assert model.iterations_seen == BATCHES + 1  # of two batches each
    assert not is_same(model.generator.get_weights(), before)


def test_a_loss_that_takes_reals_without_saying_so_is_told_how(tiny_generator, tiny_discriminator):
    class Forgetful(WithMargin):
        def generator_loss(self, real, fake):
            return tf.reduce_mean(fake.scores - real.scores)

    gan = Forgetful(tiny_generator(), tiny_discriminator())
    gan.compile(run_eagerly=True)
    with pytest.raises(ValueError, match=r"generator_sees_reals = True.*takes 'scores'"):
        gan.train_on_batch(np.zeros((4, 8, 8, 1), np.float32))


def test_an_average_of_layers_that_cannot_be_made_again_is_told_why(tiny_discriminator):
    class Own(keras.layers.Layer):
        def __init__(self, size):
            super().__init__()

        def call(self, inputs):
            return inputs

    generator = keras.Sequential(
        [
            keras.Input((4,)),
            Own(3),
            keras.layers.Dense(64, "tanh"),
            keras.layers.Reshape((8, 8, 1)),
        ]
    )
    assert WGAN(generator, tiny_discriminator()).image_shape == (8, 8, 1)
    with pytest.raises(ValueError, match=r"ema_decay is a copy .*get_config"):
        WGAN(generator, tiny_discriminator(), ema_decay=0.9)
