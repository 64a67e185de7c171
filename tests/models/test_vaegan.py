from functools import partial

import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import VAEGAN, HandicapSchedule
from kerasgan.models.base.batches import LabelledImages
from kerasgan.randomness import stateless
from tests.models import equations
from tests.models.equations import discriminator_weights, exact, log_sigmoid, score
from tests.models.games import moves

SIGMOID, TANH = ("sigmoid", 0.0), ("tanh", -1.0)
BOTH_RANGES = pytest.mark.parametrize(("activation", "low"), [SIGMOID, TANH])


def encoder_weights():
    """M and m of the means, S and s of the log-variances."""
    return equations.weights((4, 3), (3,), (4, 3), (3,), seed=6, scale=0.5)


def generator_weights():
    return equations.generator_weights()


@pytest.fixture(scope="module")
def build(linear_generator, linear_discriminator, linear_encoder):
    def build(activation="sigmoid", low=0.0, discriminator=None, **options):
        model = VAEGAN(
            linear_generator(generator_weights(), activation=activation),
            linear_discriminator(discriminator or discriminator_weights()),
            linear_encoder(encoder_weights()),
            image_range=(low, 1),
            seed=5,
            **options,
        )
        model.compile(
            generator_optimizer=keras.optimizers.SGD(1.0),
            discriminator_optimizer=keras.optimizers.SGD(1.0),
            autoencoder_optimizer=keras.optimizers.SGD(1.0),
            run_eagerly=True,
        )
        return model

    return build


@pytest.fixture
def x():
    """Four images as rows of pixels in [0, 1]."""
    return exact((4, 4), 7).clip(-1, 1) / 2 + 0.5


def reals(model, x):
    return model.real_batch(tf.constant(x.reshape(4, 2, 2, 1), tf.float32))


def epsilon(model, purpose):
    """The noise of the codes."""
    draws = stateless.normal((4, 3), seed=5, step=model.batches_seen.value, purpose=purpose)
    return draws.numpy().astype("float64")


def codes(x, noise, low, mean_w, mean_b, variance_w, variance_b):
    """Means, log-variances and codes of images, which the encoder sees in the generator's range."""
    seen = low + (1 - low) * x
    mean, log_variance = seen @ mean_w + mean_b, seen @ variance_w + variance_b
    return mean, log_variance, mean + np.sqrt(np.exp(log_variance)) * noise


def reconstructions(z, activation, w, b):
    """In the generator's range."""
    drawn = z @ w + b
    return np.tanh(drawn) if activation == "tanh" else np.exp(log_sigmoid(drawn))


def reconstruction_loss(x, g):
    """Per pixel, of images in [0, 1]."""
    return -np.mean(x * np.log(1e-10 + g) + (1 - x) * np.log(1e-10 + (1 - g)))


def kl_loss(mean, log_variance):
    """Per pixel: the divergence of two normal distributions by its general formula."""
    total = 0.0
    for mu, log_var in zip(mean, log_variance, strict=True):
        covariance, unit = np.diag(np.exp(log_var)), np.eye(len(mu))
        total += (
            np.trace(np.linalg.inv(unit) @ covariance)
            + mu @ np.linalg.inv(unit) @ mu
            - len(mu)
            + np.log(np.linalg.det(unit) / np.linalg.det(covariance))
        ) / 2
    return total / len(mean) / 4


def autoencoder_terms(x, noise, activation, low, weights):
    """L_rec and L_KL per pixel, and the reconstructions in the generator's range."""
    mean, log_variance, z = codes(x, noise, low, *weights[:4])
    g = reconstructions(z, activation, *weights[4:])
    return reconstruction_loss(x, (g - low) / (1 - low)), kl_loss(mean, log_variance), g


@BOTH_RANGES
def test_autoencoder_descends_its_lower_bound_per_pixel(build, x, assert_descends, activation, low):
    model = build(activation, low)
    noise = epsilon(model, "autoencoder 0")

    def loss(*weights):
        return sum(autoencoder_terms(x, noise, activation, low, weights)[:2])

    assert_descends(
        lambda: model.update_autoencoder(reals(model, x).images),
        loss,
        model.encoder,
        model.generator,
        still=[model.discriminator],
    )
    logs, weights = model.results(), [*encoder_weights(), *generator_weights()]
    reconstruction, kl, _ = autoencoder_terms(x, noise, activation, low, weights)
    np.testing.assert_allclose(logs["reconstruction_loss"], reconstruction, 1e-5)
    np.testing.assert_allclose(logs["kl_loss"], kl, 1e-5)
    np.testing.assert_allclose(logs["autoencoder_loss"], reconstruction + kl, 1e-5)


@pytest.mark.parametrize(
    ("activation", "low", "weight"), [(*SIGMOID, 1.0), (*TANH, 0.25), (*SIGMOID, 0.0)]
)
def test_generators_turn_descends_both_losses_weighted(
    build, x, assert_descends, activation, low, weight
):
    model = build(activation, low, autoencoder_weight=weight)
    noise = epsilon(model, "generator latents 2")

    def adversarial(*weights):
        g = autoencoder_terms(x, noise, activation, low, weights)[2]
        return -np.mean(log_sigmoid(score(g, *discriminator_weights())))

    def loss(*weights):
        terms = autoencoder_terms(x, noise, activation, low, weights)
        return adversarial(*weights) + weight * sum(terms[:2])

    returned = []
    assert_descends(
        lambda: returned.append(model.update_generator(reals(model, x), 2)),
        loss,
        model.encoder,
        model.generator,
        still=[model.discriminator],
    )
    weights = [*encoder_weights(), *generator_weights()]
    np.testing.assert_allclose(returned[0], adversarial(*weights), 1e-5)
    np.testing.assert_allclose(model.results()["generator_loss"], adversarial(*weights), 1e-5)


@BOTH_RANGES
def test_discriminator_descends_on_reals_and_their_reconstructions(
    build, x, assert_descends, activation, low
):
    model = build(activation, low)
    noise = epsilon(model, "discriminator latents")
    weights = [*encoder_weights(), *generator_weights()]
    fake = autoencoder_terms(x, noise, activation, low, weights)[2]
    real = low + (1 - low) * x

    def loss(v, c):
        of_reals = -np.mean(log_sigmoid(score(real, v, c))) / 2
        return of_reals - np.mean(log_sigmoid(-score(fake, v, c))) / 2

    assert_descends(
        lambda: model.update_discriminator(reals(model, x)),
        loss,
        model.discriminator,
        still=[model.generator, model.encoder],
    )
    np.testing.assert_allclose(
        model.results()["discriminator_loss"], loss(*discriminator_weights()), 1e-5
    )


@pytest.mark.parametrize(("mean", "deviation"), [(0.0, 1.0), (1.5, 0.3), (-2.0, 2.0)])
def test_divergence_is_the_integral_that_defines_it(build, x, mean, deviation):
    model = build()
    # The same code for every image, in each of the three dimensions.
    nothing, log_variance = np.zeros((4, 3)), 2 * np.log(deviation)
    model.encoder.set_weights([nothing, np.full(3, mean), nothing, np.full(3, log_variance)])
    model.autoencoder_loss(reals(model, x).images, "autoencoder 0")

    z = np.linspace(mean - 12 * deviation, mean + 12 * deviation, 20_001)
    log_q = -(((z - mean) / deviation) ** 2) / 2 - np.log(deviation)
    integral = np.sum(np.exp(log_q) / np.sqrt(2 * np.pi) * (log_q + z**2 / 2)) * (z[1] - z[0])
    np.testing.assert_allclose(model.results()["kl_loss"], 3 * integral / 4, rtol=1e-5, atol=1e-7)


def test_reconstruction_of_black_and_white_is_their_negative_log_likelihood(build):
    x = np.float64(exact((4, 4), 7) > 0)
    model = build()
    model.autoencoder_loss(reals(model, x).images, "autoencoder 0")
    noise = epsilon(model, "autoencoder 0")
    _, _, z = codes(x, noise, 0.0, *encoder_weights())
    g = reconstructions(z, "sigmoid", *generator_weights())
    likelihoods = np.prod(np.where(x == 1, g, 1 - g), axis=1)
    np.testing.assert_allclose(
        model.results()["reconstruction_loss"], -np.mean(np.log(likelihoods)) / 4, 1e-5
    )


@BOTH_RANGES
@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("compiled", [False, True])
def test_saturated_pixels_cost_at_most_the_epsilons_logarithm(
    build, x, activation, low, side, compiled
):
    model = build(activation, low)
    # Every pixel is drawn as exactly 1, or as exactly 0.
    model.generator.set_weights([np.zeros((3, 4)), np.full(4, side * 200.0)])
    images = reals(model, x).images
    # TensorFlow joins constants in graphs: 1e-10 + (1 - g) may become (1e-10 + 1) - g, which is 0.
    function = partial(tf.function, autograph=False) if compiled else lambda method: method
    function(model.autoencoder_loss)(images, "autoencoder 0")
    expected = np.mean(x if side < 0 else 1 - x) * -np.log(1e-10)
    np.testing.assert_allclose(model.results()["reconstruction_loss"], expected, 1e-5)
    function(model.update_autoencoder)(images)
    for weight in (*model.encoder.get_weights(), *model.generator.get_weights()):
        assert np.isfinite(weight).all()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["eg"] * 4 + ["eg", "d"]),
        (
            {"autoencoder_updates": 1, "schedule": HandicapSchedule(handicap=3)},
            ["eg"] * (1 + 3) + ["d"],
        ),
        (
            {
                "autoencoder_updates": 0,
                "schedule": HandicapSchedule(discriminator_loss_above=100.0),
            },
            ["eg"],
        ),
    ],
    ids=str,
)
def test_a_batch_moves_the_autoencoder_then_the_generator_then_the_discriminator(
    build, x, options, expected
):
    model = build(**options)
    for name in model.optimizer_names:
        getattr(model, name).learning_rate = 2.0**-12  # Every update changes some bit.
    batch = LabelledImages(tf.constant(x.reshape(4, 2, 2, 1), tf.float32), {})
    assert moves(model, batch, 2) == [expected] * 2


ZEROS = np.zeros((4, 1)), np.zeros(1)


# A discriminator of zeros cannot tell: L_G = L_D = log 2 = 0.693 at every turn.
@pytest.mark.parametrize(
    ("options", "of_autoencoder", "of_generator", "of_discriminator"),
    [
        ({}, 4, 1, 1),
        ({"autoencoder_updates": 0, "schedule": HandicapSchedule(handicap=3)}, 0, 3, 1),
        (
            {
                "autoencoder_updates": 2,
                "schedule": HandicapSchedule(handicap=3, stop_generator_below=0.69),
            },
            2,
            3,
            1,
        ),
        (
            {
                "autoencoder_updates": 1,
                "schedule": HandicapSchedule(handicap=3, stop_generator_below=0.70),
            },
            1,
            1,
            1,
        ),
        (
            {"autoencoder_updates": 1, "schedule": HandicapSchedule(generator_loss_below=0.69)},
            1,
            1,
            0,
        ),
        (
            {"autoencoder_updates": 1, "schedule": HandicapSchedule(generator_loss_below=0.70)},
            1,
            1,
            1,
        ),
        (
            {"autoencoder_updates": 1, "schedule": HandicapSchedule(discriminator_loss_above=0.70)},
            1,
            1,
            0,
        ),
        (
            {"autoencoder_updates": 1, "schedule": HandicapSchedule(discriminator_loss_above=0.69)},
            1,
            1,
            1,
        ),
    ],
    ids=str,
)
def test_a_batch_makes_the_updates_of_its_schedule(
    build, x, options, of_autoencoder, of_generator, of_discriminator
):
    model = build(discriminator=ZEROS, **options)
    logs = model.train_step(tf.constant(x.reshape(4, 2, 2, 1), tf.float32))
    np.testing.assert_allclose(logs["generator_loss"], np.log(2), 1e-6)
    assert int(model.autoencoder_optimizer.iterations) == of_autoencoder
    assert int(model.generator_optimizer.iterations) == of_generator
    assert int(model.discriminator_optimizer.iterations) == of_discriminator
    assert float(logs["gate_open"]) == of_discriminator
    assert int(model.batches_seen) == 1


@pytest.mark.parametrize(
    ("losses", "updates", "gate_open"),
    [
        ([0.9, 0.8, 0.7, 0.65], 4, 1),
        ([0.9, 0.7, 0.5], 3, 1),
        ([0.9, 0.59], 2, 1),
        ([0.1], 1, 1),
        ([0.9, 0.8, 0.7, 0.76], 4, 0),
    ],
)
def test_generator_stops_when_its_loss_is_low_and_the_gate_sees_the_last_one(
    build, x, monkeypatch, losses, updates, gate_open
):
    model = build(
        autoencoder_updates=0,
        schedule=HandicapSchedule(handicap=4, stop_generator_below=0.6, generator_loss_below=0.75),
    )
    coming = iter(losses)
    monkeypatch.setattr(
        model, "generator_loss", lambda real, fake: 0.0 * tf.reduce_sum(fake.scores) + next(coming)
    )
    logs = model.train_step(tf.constant(x.reshape(4, 2, 2, 1), tf.float32))
    assert int(model.generator_optimizer.iterations) == updates
    assert float(logs["gate_open"]) == gate_open
    np.testing.assert_allclose(logs["generator_loss"], np.mean(losses), 1e-6)


def test_each_turn_has_noise_of_its_own(build, x):
    model = build(autoencoder_updates=2, schedule=HandicapSchedule(handicap=2))
    batch = reals(model, x)
    drawn = [
        model.draw_fakes(batch, f"{kind} {turn}").images.numpy()
        for kind in ("autoencoder", "generator latents")
        for turn in range(2)
    ]
    assert len(np.unique(drawn, axis=0)) == 4


@pytest.mark.parametrize("updates", [0, 2])
def test_autoencoder_loss_is_the_sum_of_its_logged_terms(build, x, updates):
    logs = build(autoencoder_updates=updates).train_step(
        tf.constant(x.reshape(4, 2, 2, 1), tf.float32)
    )
    np.testing.assert_allclose(
        logs["autoencoder_loss"], logs["reconstruction_loss"] + logs["kl_loss"], 1e-6
    )


@BOTH_RANGES
def test_encode_gives_the_mean_codes_of_images_in_0_and_1(build, x, activation, low):
    model = build(activation, low)
    images = np.float32(x.reshape(4, 2, 2, 1))
    mean, _, _ = codes(x, 0.0, low, *encoder_weights())
    found = model.encode(images)
    assert (type(found), found.dtype) == (np.ndarray, "float32")
    np.testing.assert_allclose(found, mean, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        model.encode(np.uint8(255 * images)), model.encode(np.uint8(255 * images) / 255), atol=1e-6
    )


def test_images_are_encoded_in_batches(build, x):
    model, batches = build(), []
    encoder = model.encoder.call

    def call(images, **options):
        batches.append(len(images))
        return encoder(images, **options)

    model.encoder.call = call
    images = np.float32(x.reshape(4, 2, 2, 1))
    many = np.tile(images, (5, 1, 1, 1))
    codes = model.encode(many, batch_size=4)
    assert max(batches) == 4 and sum(batches) == len(many)
    np.testing.assert_allclose(codes, np.tile(model.encode(images), (5, 1)), rtol=1e-5)
    with pytest.raises(ValueError, match=r"at least one image.*\(0, 2, 2, 1\)$"):
        model.encode(many[:0])


def test_images_that_cannot_be_encoded_are_one_clear_error(build, x):
    model = build()
    with pytest.raises(ValueError, match=r"Received: .* to 2"):
        model.encode(np.full((1, 2, 2, 1), 2.0))
    with pytest.raises(ValueError, match=r"\(batch, 2, 2, 1\).*\(batch, 2, 3, 1\)"):
        model.encode(np.zeros((1, 2, 3, 1)))


def test_generate_draws_latents_from_the_prior(build):
    model = build()
    latents = model.draw_latents(3, seed=0)
    drawn = reconstructions(latents.astype("float64"), "sigmoid", *generator_weights())
    np.testing.assert_allclose(model.generate(3, seed=0).reshape(3, 4), drawn, rtol=1e-5, atol=1e-6)


def test_average_follows_the_generators_turns(build, x):
    model = build(autoencoder_updates=1, ema_decay=0.5)
    start = model.ema_generator.get_weights()
    model.train_step(tf.constant(x.reshape(4, 2, 2, 1), tf.float32))
    decay = 2 / 11  # After one update.
    for mean, old, new in zip(
        model.ema_generator.get_weights(), start, model.generator.get_weights(), strict=True
    ):
        np.testing.assert_allclose(mean, decay * old + (1 - decay) * new, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"autoencoder_updates": -1}, "^autoencoder_updates .*Received: autoencoder_updates=-1$"),
        ({"autoencoder_updates": 1.5}, "Received: autoencoder_updates=1.5"),
        ({"autoencoder_weight": -1.0}, "^autoencoder_weight .*Received: autoencoder_weight=-1.0$"),
    ],
)
def test_bad_options_are_named(build, options, message):
    with pytest.raises(ValueError, match=message):
        build(**options)


def test_one_optimizer_for_two_kinds_of_update_is_refused(build):
    optimizer = keras.optimizers.Adam()
    with pytest.raises(ValueError, match=r"generator_optimizer.*autoencoder_optimizer"):
        build().compile(
            generator_optimizer=optimizer,
            discriminator_optimizer="adam",
            autoencoder_optimizer=optimizer,
        )


def test_encoders_that_do_not_fit_the_generator_are_refused(
    tiny_generator, tiny_discriminator, tiny_encoder, linear_encoder
):
    networks = tiny_generator(), tiny_discriminator()
    for encoder, received in (
        (tiny_encoder(latent_dim=4), r"\(8, 8, 1\).*\[\(4,\), \(4,\)\]"),
        (linear_encoder(), r"\(2, 2, 1\).*\[\(3,\), \(3,\)\]"),
        (tiny_discriminator(), r"\[\(1,\)\]"),
    ):
        message = r"\(8, 8, 1\).*\(3,\).*Received: .*" + received
        with pytest.raises(ValueError, match=message):
            VAEGAN(*networks, encoder)


def test_an_adversarial_weight_of_0_is_a_variational_autoencoder(build, x):
    batch = tf.constant(x.reshape(4, 2, 2, 1), tf.float32)
    pure = build(autoencoder_updates=2, adversarial_weight=0.0, ema_decay=0.9)
    before = pure.discriminator.get_weights()
    # The same two updates by the autoencoder's optimizer alone.
    alone = build(autoencoder_updates=0, ema_decay=0.9)
    mean = alone.generator.get_weights()
    for turn in range(2):
        alone.update_autoencoder(batch, turn)
        decay = (2 + turn) / (11 + turn)
        weights = alone.generator.get_weights()
        mean = [decay * old + (1 - decay) * new for old, new in zip(mean, weights, strict=True)]
    logs = pure.train_step(batch)
    for network in ("encoder", "generator"):
        pairs = zip(*(getattr(m, network).get_weights() for m in (pure, alone)), strict=True)
        assert all(np.array_equal(*pair) for pair in pairs)
    for averaged, expected in zip(pure.ema_generator.get_weights(), mean, strict=True):
        np.testing.assert_allclose(averaged, expected, rtol=1e-5, atol=1e-7)
    for old, new in zip(before, pure.discriminator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert int(pure.generator_optimizer.iterations) == 0
    assert np.isnan(logs["generator_loss"])
    assert np.isnan(logs["gate_open"])
    assert logs["loss"] == logs["autoencoder_loss"]
    assert alone.train_step(batch)["loss"] == alone.results()["discriminator_loss"]


def test_the_weights_of_both_losses_scale_the_generators_step(build, x):
    def step(**weights):
        model = build(autoencoder_updates=0, **weights)
        before = model.generator.get_weights()
        model.update_generator(reals(model, x))
        after = model.generator.get_weights()
        return np.concatenate([np.ravel(b - a) for a, b in zip(after, before, strict=True)])

    adversarial, autoencoder = step(autoencoder_weight=0.0), step(adversarial_weight=1e-9)
    mixed = step(adversarial_weight=0.5, autoencoder_weight=3.0)
    np.testing.assert_allclose(mixed, 0.5 * adversarial + 3.0 * autoencoder, rtol=1e-4, atol=1e-6)


def test_a_model_without_any_update_is_refused(build):
    with pytest.raises(ValueError, match="autoencoder_updates must be at least 1"):
        build(autoencoder_updates=0, adversarial_weight=0.0)


def test_an_encoder_in_half_precision_is_refused(tiny_generator, tiny_discriminator, tiny_encoder):
    encoder = tiny_encoder()
    codes = [keras.layers.Activation("linear", dtype="float16")(each) for each in encoder.outputs]
    with pytest.raises(ValueError, match=r"encoder's last layer.*float16"):
        VAEGAN(tiny_generator(), tiny_discriminator(), keras.Model(encoder.inputs[0], codes))
