import re
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.data import ImageSet
from kerasgan.layers import MinibatchStandardDeviation
from kerasgan.models import (
    ACGAN,
    CAN,
    GAN,
    LSGAN,
    R3GAN,
    VAEGAN,
    WGAN,
    WGANGP,
    AdversarialModel,
    HingeGAN,
    ProjectedGAN,
    WassersteinACGAN,
)
from kerasgan.precision import dtype_policy
from tests.models.games import FLOATS, IMAGES, OBJECTIVES, PLAIN, batches, data, is_same, state


def over(objectives):
    return pytest.mark.parametrize("objective", objectives, ids=lambda each: each.__name__)


@pytest.fixture
def gan(linear_generator, linear_discriminator):
    return GAN(linear_generator(), linear_discriminator(), image_range=(0, 1))


@pytest.fixture
def vaegan(linear_generator, linear_discriminator, linear_encoder):
    return VAEGAN(
        linear_generator(activation="sigmoid"),
        linear_discriminator(),
        linear_encoder(),
        image_range=(0, 1),
    )


@pytest.mark.parametrize(
    "identifier",
    [
        "rmsprop",
        keras.optimizers.RMSprop(0.001),
        keras.optimizers.serialize(keras.optimizers.RMSprop(0.001)),
    ],
    ids=["name", "optimizer", "configuration"],
)
def test_each_way_to_name_an_optimizer_gives_it_built(gan, identifier):
    gan.compile(generator_optimizer=identifier, discriminator_optimizer="sgd")
    optimizer = gan.generator_optimizer
    assert isinstance(optimizer, keras.optimizers.RMSprop)
    assert optimizer.built
    np.testing.assert_allclose(optimizer.learning_rate, 0.001)
    shapes = [variable.shape for variable in optimizer.variables]
    assert all(weight.shape in shapes for weight in gan.generator.trainable_variables)


def test_an_optimizer_of_an_unknown_name_is_refused(gan):
    with pytest.raises(ValueError, match="adamm"):
        gan.compile(generator_optimizer="adamm")


@pytest.mark.parametrize("low", ["generator", "discriminator"])
@pytest.mark.parametrize(
    ("policy", "scales"),
    [("float32", False), ("mixed_bfloat16", False), ("mixed_float16", True)],
)
def test_losses_are_scaled_only_for_the_player_in_float16(
    linear_generator, linear_discriminator, policy, scales, low
):
    def build(name, network):
        with dtype_policy(policy if name == low else "float32"):
            return network()

    model = GAN(
        build("generator", linear_generator),
        build("discriminator", linear_discriminator),
        image_range=(0, 1),
    )
    model.compile(generator_optimizer="sgd", discriminator_optimizer="sgd")
    for name in ("generator", "discriminator"):
        optimizer = getattr(model, f"{name}_optimizer")
        is_scaled = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        assert is_scaled == (scales and name == low)
    # What is scaled already is not scaled twice.
    scaled = getattr(model, f"{low}_optimizer")
    model.compile(**{f"{low}_optimizer": keras.optimizers.serialize(scaled)})
    again = getattr(model, f"{low}_optimizer")
    assert type(again) is type(scaled)
    assert not (scales and isinstance(again.inner_optimizer, keras.optimizers.LossScaleOptimizer))


def test_an_optimizer_of_several_networks_has_slots_for_all_of_them(vaegan):
    momentum = keras.optimizers.SGD(0.1, momentum=0.5)
    vaegan.compile(
        generator_optimizer=momentum,
        discriminator_optimizer="sgd",
        autoencoder_optimizer=keras.optimizers.SGD(0.1, momentum=0.5),
    )
    for optimizer in (momentum, vaegan.autoencoder_optimizer):
        slots = [slot for slot in optimizer.variables if "momentum" in slot.path]
        assert len(slots) == len(vaegan.encoder.weights) + len(vaegan.generator.weights) == 6


@pytest.mark.parametrize("low", ["encoder", "generator"])
def test_one_float16_network_among_several_is_enough_to_scale_losses(
    linear_generator, linear_discriminator, linear_encoder, low
):
    def build(name, network):
        with dtype_policy("mixed_float16" if name == low else "float32"):
            inner = network()
            # Of a network that ends in float32 one layer is enough.
            given = inner.inputs[0]
            outputs = [keras.layers.Activation("linear", dtype="float32")(x) for x in inner.outputs]
            return keras.Model(given, outputs if len(outputs) > 1 else outputs[0])

    model = VAEGAN(
        build("generator", linear_generator),
        linear_discriminator(),
        build("encoder", linear_encoder),
        image_range=(0, 1),
    )
    model.compile(
        generator_optimizer="sgd", discriminator_optimizer="sgd", autoencoder_optimizer="sgd"
    )
    for optimizer in (model.generator_optimizer, model.autoencoder_optimizer):
        assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    assert not isinstance(model.discriminator_optimizer, keras.optimizers.LossScaleOptimizer)


# As printed in each objective's paper: learning rate, and beta_1 and beta_2 of Adam.
PUBLISHED = {
    GAN: (2e-4, 0.5, 0.999),
    LSGAN: (1e-3, 0.5, 0.999),
    HingeGAN: (2e-4, 0.0, 0.9),
    ProjectedGAN: (2e-4, 0.0, 0.99),
    R3GAN: (2e-4, 0.0, 0.99),
    WGANGP: (1e-4, 0.0, 0.9),
    ACGAN: (2e-4, 0.5, 0.999),
    CAN: (2e-4, 0.5, 0.999),
    WassersteinACGAN: (1e-4, 0.5, 0.9),
}


@over(PUBLISHED)
def test_compile_without_arguments_takes_the_papers_optimizers(build, objective):
    model = build(objective)
    model.compile()
    players = model.generator_optimizer, model.discriminator_optimizer
    assert players[0] is not players[1]
    for optimizer in players:
        assert type(optimizer) is keras.optimizers.Adam
        settings = float(optimizer.learning_rate), optimizer.beta_1, optimizer.beta_2
        np.testing.assert_allclose(settings, PUBLISHED[objective], rtol=1e-6)


def test_default_optimizers_of_wgan_are_rmsprop(build):
    model = build(WGAN)
    model.compile()
    for optimizer in (model.generator_optimizer, model.discriminator_optimizer):
        assert type(optimizer) is keras.optimizers.RMSprop
        np.testing.assert_allclose(optimizer.learning_rate, 5e-5)


def test_default_optimizers_of_vaegan_are_those_of_the_authors_code(vaegan):
    vaegan.compile()
    rates = {"generator": 5e-3, "discriminator": 1e-3, "autoencoder": 1e-3}
    for name, rate in rates.items():
        optimizer = getattr(vaegan, f"{name}_optimizer")
        assert type(optimizer) is keras.optimizers.Adam
        np.testing.assert_allclose(optimizer.learning_rate, rate)
        assert optimizer.beta_1 == 0.65
        assert optimizer.beta_2 == 0.999


def test_an_optimizer_that_is_given_leaves_the_other_player_its_default(gan):
    gan.compile(discriminator_optimizer=keras.optimizers.SGD(0.5))
    assert type(gan.discriminator_optimizer) is keras.optimizers.SGD
    np.testing.assert_allclose(gan.generator_optimizer.learning_rate, 2e-4)


def test_a_model_of_default_optimizers_trains(build):
    model = build(WGAN)
    model.compile(run_eagerly=True)
    before = state(model)
    model.fit(*data(model, 0, 2), **PLAIN)
    assert not is_same(state(model), before)


def test_one_optimizer_for_both_players_is_refused(gan):
    optimizer = keras.optimizers.Adam()
    with pytest.raises(ValueError, match=r"generator_optimizer.*discriminator_optimizer.*Adam"):
        gan.compile(generator_optimizer=optimizer, discriminator_optimizer=optimizer)


@pytest.mark.parametrize("argument", ["optimizer", "loss", "metrics", "weighted_metrics"])
def test_compile_names_the_optimizers_that_it_takes_and_what_it_was_given(gan, vaegan, argument):
    names = "generator_optimizer and discriminator_optimizer"
    with pytest.raises(ValueError, match=rf"GAN .*{names}.*Received: {argument}='x'$"):
        gan.compile(**{argument: "x"})
    names += " and autoencoder_optimizer"
    with pytest.raises(ValueError, match=rf"VAEGAN .*{names}.*Received: {argument}='x'$"):
        vaegan.compile(**{argument: "x"})
    assert not gan.compiled


def test_arguments_of_keras_pass_at_their_defaults(gan):
    gan.compile(loss=None, metrics=None, weighted_metrics=None)
    assert gan.compiled


def test_an_optimizer_of_another_objective_is_refused(gan):
    with pytest.raises(ValueError, match="Received: autoencoder_optimizer='adam'"):
        gan.compile(autoencoder_optimizer="adam")


@pytest.mark.parametrize(
    ("images", "batch_size", "message"),
    [
        (IMAGES[:5], 2, "multiple of batch_size on 2 replicas"),
        (IMAGES[:6], 3, "divisible by the number of replicas, 2"),
        (batches(IMAGES[:4]), None, "drop_remainder=True"),
    ],
)
def test_batches_that_cannot_be_divided_among_replicas_are_refused(
    build, monkeypatch, images, batch_size, message
):
    replicas = SimpleNamespace(num_replicas_in_sync=2)
    monkeypatch.setattr(WGAN, "distribute_strategy", replicas)
    with pytest.raises(ValueError, match=message):
        build(WGAN).fit(images, batch_size=batch_size)


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (keras.layers.BatchNormalization(), r"would normalize .*: make it with synchronized=True"),
        (MinibatchStandardDeviation(), r"needs penalized_fraction=1 .* penalized_fraction=0\.5"),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")  # A critic that normalizes batches.
def test_layers_that_cannot_see_the_whole_batch_of_all_replicas_are_refused(
    tiny_generator, monkeypatch, layer, message
):
    critic = keras.Sequential(
        [keras.Input((8, 8, 1)), layer, keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    gan = WGANGP(tiny_generator(), critic, penalized_fraction=0.5)
    gan.compile()
    monkeypatch.setattr(WGANGP, "distribute_strategy", SimpleNamespace(num_replicas_in_sync=2))
    with pytest.raises(ValueError, match=message):
        gan.train_on_batch(FLOATS[:4])


def test_fit_before_compile_is_refused(tiny_generator, tiny_discriminator):
    with pytest.raises(ValueError, match="compile"):
        GAN(tiny_generator(), tiny_discriminator()).fit(FLOATS, verbose=0)


def test_saved_model_keeps_how_it_was_compiled(tiny_generator, tiny_discriminator, tmp_path):
    gan = GAN(tiny_generator(), tiny_discriminator())
    gan.compile(
        generator_optimizer="adam",
        discriminator_optimizer=keras.optimizers.SGD(0.5),
        run_eagerly=True,
        steps_per_execution=3,
    )
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
            generator_optimizer=keras.optimizers.SGD(1.0),
            discriminator_optimizer=keras.optimizers.SGD(1.0),
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


def test_a_schedule_of_the_learning_rate_is_followed_by_each_players_own_updates(gan):
    def schedule():
        return keras.optimizers.schedules.PiecewiseConstantDecay([1, 3], [1.0, 0.5, 0.25])

    gan.n_critic = 2
    optimizers = [keras.optimizers.SGD(schedule()) for _ in range(2)]
    gan.compile(
        generator_optimizer=optimizers[0],
        discriminator_optimizer=optimizers[1],
        run_eagerly=True,
    )
    gan.fit(IMAGES[:16, :2, :2], **PLAIN)
    rates = (
        float(gan.generator_optimizer.learning_rate),
        float(gan.discriminator_optimizer.learning_rate),
    )
    assert rates == (0.5, 0.25)  # After two updates and after four.


@over(OBJECTIVES)
def test_weights_of_samples_are_refused_and_leave_every_bit(build, objective):
    model = build(objective)
    before = state(model)
    images, *labels = data(model, 0, 1)
    labels = labels[0] if labels else np.zeros(4, np.int32)
    dataset = tf.data.Dataset.from_tensors((images, labels, np.ones(4, np.float32)))
    message = rf"^{objective.__name__} .*sample_weight.*class_weight"
    for call in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match=message):
            call(dataset, verbose=0)
    for call in (model.train_on_batch, model.test_on_batch):
        with pytest.raises(ValueError, match=message):
            call(images, labels, np.ones(4, np.float32))
    assert is_same(state(model), before)


def test_weights_of_classes_are_refused(build):
    with pytest.raises(ValueError, match="class_weight"):
        build(GAN).fit(IMAGES, np.zeros(len(IMAGES)), class_weight={0: 2.0}, **PLAIN)


@pytest.mark.parametrize("method", ["evaluate", "train_on_batch", "test_on_batch"])
def test_images_out_of_range_are_one_clear_error_wherever_they_are_given(build, method):
    model = build(WGAN)
    before = state(model)
    given = batches(FLOATS * 255) if method == "evaluate" else FLOATS[:4] * 255
    options = {"verbose": 0} if method == "evaluate" else {}
    with pytest.raises(ValueError) as error:
        getattr(model, method)(given, **options)
    assert re.search(r"Received: values from 0\S* to 255\S*$", str(error.value))
    assert "\n" not in str(error.value)
    assert is_same(state(model), before)


def test_steps_per_execution_are_refused_where_replicas_meet(build):
    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        gan = build(WGAN, steps_per_execution=2)
    with pytest.raises(ValueError, match=r"MirroredStrategy.*steps_per_execution=2"):
        gan.fit(np.zeros((4, *gan.image_shape), np.uint8), verbose=0)


def test_a_regularizer_of_weights_adds_its_slope_to_the_update(linear_generator):
    images = keras.Input((2, 2, 1))
    scores = keras.layers.Dense(1, kernel_regularizer=keras.regularizers.L2(0.25))
    plain = keras.layers.Dense(1)
    kernels = []
    for layer in (scores, plain):
        discriminator = keras.Model(images, layer(keras.layers.Flatten()(images)))
        weights = [np.linspace(-1, 1, 4, dtype="float32")[:, None], np.zeros(1, np.float32)]
        discriminator.set_weights(weights)
        gan = GAN(linear_generator(), discriminator, image_range=(0, 1), seed=3)
        gan.generator.set_weights([0.1 * np.ones_like(w) for w in gan.generator.get_weights()])
        gan.compile(
            generator_optimizer="sgd",
            discriminator_optimizer=keras.optimizers.SGD(1.0),
            run_eagerly=True,
        )
        gan.fit(FLOATS[:4, :2, :2], **PLAIN)
        kernels.append(discriminator.get_weights()[0])
    # d/dw 0.25 w^2 = 0.5 w, with a rate of 1.
    np.testing.assert_allclose(kernels[1] - kernels[0], 0.5 * weights[0], rtol=1e-5, atol=1e-6)


def test_a_loss_for_each_image_is_refused(linear_generator, linear_discriminator):
    class Unreduced(GAN):
        def discriminator_loss(self, real, fake):
            return fake.scores - real.scores

    gan = Unreduced(linear_generator(), linear_discriminator(), image_range=(0, 1))
    gan.compile()
    with pytest.raises(ValueError, match=r"scalar tensor.*shape \(4, 1\) in Unreduced"):
        gan.fit(FLOATS[:4, :2, :2], **PLAIN)


@pytest.mark.parametrize("player", ["generator", "discriminator"])
@pytest.mark.parametrize(
    ("loss", "received"),
    [
        (lambda scores: None, "None"),
        (lambda scores: 1.0, "1.0"),
        (lambda scores: np.float32(1.0), r"np\.float32\(1\.0\)"),
        (lambda scores: (tf.reduce_mean(scores),), r"\(<tf\.Tensor.*"),
        (lambda scores: tf.reduce_sum(tf.cast(scores, tf.int32)), "a loss of int32"),
    ],
    ids=["nothing", "number", "numpy", "tuple", "integer"],
)
def test_a_loss_that_is_no_scalar_tensor_is_named(
    linear_generator, linear_discriminator, player, loss, received
):
    class Odd(GAN):
        pass

    setattr(Odd, f"{player}_loss", lambda self, real, fake: loss(fake.scores))
    gan = Odd(linear_generator(), linear_discriminator(), image_range=(0, 1))
    gan.compile()
    with pytest.raises(ValueError, match=f"^A loss must be .*Received: {received} in Odd"):
        gan.fit(FLOATS[:4, :2, :2], **PLAIN)


def test_a_loss_may_be_float64(linear_generator, linear_discriminator):
    weights = []
    for dtype in ("float32", "float64"):

        class Exact(GAN):
            def generator_loss(self, real, fake):
                return -tf.reduce_mean(tf.cast(fake.scores, dtype))  # noqa: B023

        generator, discriminator = linear_generator(), linear_discriminator()
        for network in (generator, discriminator):
            network.set_weights([np.full(w.shape, 0.1) for w in network.get_weights()])
        gan = Exact(generator, discriminator, image_range=(0, 1))
        gan.compile(generator_optimizer="sgd", discriminator_optimizer="sgd")
        gan.fit(FLOATS[:4, :2, :2], **PLAIN)
        weights.append(np.concatenate([w.ravel() for w in generator.get_weights()]))
    assert np.any(weights[0] != np.float32(0.1))
    np.testing.assert_allclose(weights[0], weights[1], rtol=1e-5)


def test_a_loss_that_does_not_reach_its_player_is_refused(linear_generator, linear_discriminator):
    class Deaf(GAN):
        def generator_loss(self, real, fake):
            return tf.reduce_mean(tf.stop_gradient(fake.scores))

    gan = Deaf(linear_generator(), linear_discriminator(), image_range=(0, 1))
    gan.compile()
    message = f"A loss of Deaf does not depend on the weights of {gan.generator.name}"
    with pytest.raises(ValueError, match=message):
        gan.fit(FLOATS[:4, :2, :2], **PLAIN)


def test_a_loss_that_is_not_defined_is_named(linear_generator, linear_discriminator):
    class Half(AdversarialModel):
        def discriminator_loss(self, real, fake):
            return tf.reduce_mean(fake.scores - real.scores)

    gan = Half(linear_generator(), linear_discriminator(), image_range=(0, 1))
    gan.compile()
    with pytest.raises(NotImplementedError, match="Half must define generator_loss"):
        gan.fit(FLOATS[:4, :2, :2], **PLAIN)


@pytest.mark.parametrize("name", ["generator", "discriminator"])
def test_a_frozen_network_is_named(gan, name):
    gan.compile()
    getattr(gan, name).trainable = False
    for step in (gan.compile, lambda: gan.fit(FLOATS[:4, :2, :2], **PLAIN)):
        with pytest.raises(ValueError, match=f"'linear_{name}' with none"):
            step()


def test_an_optimizer_that_averages_is_refused(gan):
    with pytest.raises(ValueError, match=r"ema_decay.*Adam\(use_ema=True\)"):
        gan.compile(generator_optimizer=keras.optimizers.Adam(use_ema=True))


def test_a_set_of_images_is_answered_with_how_to_make_batches(gan):
    images = ImageSet(np.zeros((9, 4, 4, 3), np.uint8))
    gan.compile()
    for call in (
        lambda: gan.fit(images),
        lambda: gan.evaluate(images),
        lambda: gan.fit(IMAGES, validation_data=images),
    ):
        with pytest.raises(ValueError, match=r"data\.training_dataset.*ImageSet of 9 images"):
            call()


def test_a_dictionary_of_images_is_answered_with_how_to_map_it(gan):
    gan.compile()
    with pytest.raises(ValueError, match=r"map a dictionary .*with the keys 'image'$"):
        gan.fit({"image": FLOATS[:4, :2, :2]}, **PLAIN)


def test_names_of_classes_are_no_labels(gan):
    gan.compile()
    for names in (np.array(["cat"] * 4), ["cat"] * 4):
        with pytest.raises(ValueError, match=r"class numbers.*Received: .*'cat'"):
            gan.fit(FLOATS[:4, :2, :2], names, **PLAIN)


@pytest.mark.parametrize("given", [{"sample_weight": np.ones(4)}, {"class_weight": {0: 1.0}}])
def test_weights_of_samples_and_classes_are_refused_without_labels_too(gan, given):
    gan.compile()
    with pytest.raises(ValueError, match="GAN takes no sample_weight or class_weight"):
        gan.fit(FLOATS[:4, :2, :2], **given, **PLAIN)
    if "sample_weight" in given:
        with pytest.raises(ValueError, match="GAN takes no sample_weight"):
            gan.evaluate(FLOATS[:4, :2, :2], **given, verbose=0)


def test_an_optimizer_that_averages_is_refused_in_a_wrapper_too(gan):
    wrapped = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(use_ema=True))
    with pytest.raises(ValueError, match=r"ema_decay.*Adam\(use_ema=True\)"):
        gan.compile(generator_optimizer=wrapped, discriminator_optimizer="adam")


def test_one_optimizer_for_both_players_is_refused_in_a_wrapper_too(gan):
    adam = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="must each be an optimizer of its own"):
        gan.compile(
            generator_optimizer=keras.optimizers.LossScaleOptimizer(adam),
            discriminator_optimizer=adam,
        )


def test_a_regularizer_without_weights_adds_nothing(linear_generator):
    images = keras.Input((2, 2, 1))
    scores = keras.layers.Dense(1, kernel_regularizer=keras.regularizers.L1L2())
    discriminator = keras.Model(images, scores(keras.layers.Flatten()(images)))
    gan = GAN(linear_generator(), discriminator, image_range=(0, 1))
    gan.compile(run_eagerly=True)
    before = discriminator.get_weights()
    gan.fit(FLOATS[:4, :2, :2], **PLAIN)
    assert not is_same(discriminator.get_weights(), before)


def test_an_embedding_moves_as_its_one_hot_kernel_does():
    """Adam must square the sum of a class's slopes, not sum their squares."""
    latent, label = keras.Input((2,)), keras.Input((), dtype="int32", name="genre")
    images = keras.Input((2, 2, 1))
    flat = keras.layers.Flatten()(images)
    one_hot = keras.layers.CategoryEncoding(2, output_mode="one_hot")(label)
    ways = {
        "embedding": (keras.layers.Embedding(2, 4, name="table"), label),
        "kernel": (keras.layers.Dense(4, use_bias=False, name="table"), one_hot),
    }
    table = np.linspace(-1, 1, 8, dtype="float32").reshape(2, 4)
    moved = []
    for layer, given in ways.values():
        rows = keras.layers.Add()([layer(given), keras.layers.Dense(4, name="dense")(latent)])
        drawn = keras.layers.Activation("sigmoid")(keras.layers.Reshape((2, 2, 1))(rows))
        generator = keras.Model([latent, label], drawn)
        layer.set_weights([table])
        kernel = np.linspace(1, -1, 8, dtype="float32").reshape(2, 4)
        generator.get_layer("dense").set_weights([kernel, np.zeros(4, np.float32)])
        heads = [keras.layers.Dense(1)(flat), keras.layers.Dense(2, name="genre")(flat)]
        discriminator = keras.Model(images, heads)
        discriminator.set_weights([np.ones_like(each) for each in discriminator.get_weights()])
        game = ACGAN(generator, discriminator, seed=3)
        game.compile(generator_optimizer=keras.optimizers.Adam(0.01), discriminator_optimizer="sgd")
        game.fit(FLOATS[:8, :2, :2], {"genre": np.array([0, 1] * 4)}, **{**PLAIN, "batch_size": 8})
        moved.append(layer.get_weights()[0])
    np.testing.assert_allclose(moved[0], moved[1], rtol=1e-5, atol=1e-6)
    assert np.abs(moved[0] - table).max() < 0.0101  # Adam's first step is its rate.


def test_one_hot_labels_train_with_xla_as_their_numbers_do(linear_game):
    # XLA draws other fakes; this loss is of the reals alone.
    losses = []
    numbers = np.array([0, 2, 1, 1])
    for labels, options in (
        (numbers, {"run_eagerly": True}),
        (np.eye(3)[numbers], {"jit_compile": True}),
    ):
        game = linear_game(CAN, classes={"style": 3})
        game.compile(generator_optimizer="sgd", discriminator_optimizer="sgd", **options)
        losses.append(game.fit(FLOATS[:4, :2, :2], labels, **PLAIN).history["style_loss"])
    np.testing.assert_allclose(*losses, rtol=1e-5)


def test_weights_of_held_out_samples_are_refused_before_training(gan):
    gan.compile()
    before, images = state(gan), FLOATS[:4, :2, :2]
    with pytest.raises(ValueError, match="GAN takes no sample_weight"):
        gan.fit(images, validation_data=(images, None, np.ones(4)), **PLAIN)
    assert is_same(state(gan), before)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"validation_data": (IMAGES[:3],)}, "Received: 3 images, batch_size=2"),
        ({"validation_split": 0.25}, "Received: 6 images and 2 held out, batch_size=2"),
        ({"validation_data": (IMAGES[:3],), "validation_batch_size": 3}, "number of replicas, 2"),
    ],
)
def test_held_out_images_are_divided_among_replicas_too(build, monkeypatch, options, message):
    monkeypatch.setattr(WGAN, "distribute_strategy", SimpleNamespace(num_replicas_in_sync=2))
    wgan = build(WGAN)
    if "validation_split" in options:
        options = {**options, "validation_batch_size": 4}
    with pytest.raises(ValueError, match=message):
        wgan.fit(IMAGES[:8], batch_size=2, **options)


def test_what_cannot_be_counted_is_refused_on_replicas(build, monkeypatch):
    monkeypatch.setattr(WGAN, "distribute_strategy", SimpleNamespace(num_replicas_in_sync=2))
    with pytest.raises(ValueError, match=r"tf\.data\.Dataset or an array. Received: generator"):
        build(WGAN).fit(IMAGES[:4] for _ in range(2))


@pytest.mark.parametrize("base", [GAN, WGAN, ProjectedGAN], ids=lambda each: each.__name__)
def test_all_networks_of_a_player_move(tiny_generator, tiny_discriminator, base):
    class WithAnother(base):
        @property
        def discriminator_networks(self):
            return (self.discriminator, other)

        def discriminator_loss(self, real, fake):
            return super().discriminator_loss(real, fake) + tf.reduce_mean(other(real.images))

    other = tiny_discriminator()
    before = other.get_weights()
    game = WithAnother(tiny_generator(), tiny_discriminator())
    game.compile(generator_optimizer="sgd", discriminator_optimizer="sgd", run_eagerly=True)
    game.fit(FLOATS[:4], **PLAIN)
    assert not is_same(other.get_weights(), before)
