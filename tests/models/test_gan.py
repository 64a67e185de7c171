import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import GAN, HandicapSchedule
from tests.models.equations import discriminated

RNG = np.random.default_rng(0)
# Learning rates are powers of two: exact in float32.
RATES = {"generator": 0.5, "discriminator": 2.0}


def start():
    """Weights in float64 that float32 holds exactly: W, b of the generator, v, c of the other."""
    rng = np.random.default_rng(1)
    shapes = ((3, 4), (4,)), ((4, 1), (1,))
    return [[np.float64(np.float32(rng.normal(size=s))) for s in player] for player in shapes]


def draw(z, w, b):
    return z @ w + b


def logit(x, v, c):
    return x @ v + c


def log_sigmoid(s):
    return -np.log1p(np.exp(-s))


def loss_of_generator(fake_logits):
    """L_G = -E log D(G(z))."""
    return -np.mean(log_sigmoid(fake_logits))


def loss_of_discriminator(real_logits, fake_logits, smoothing):
    """L_D = -1/2 E[(1 - s) log D(x) + s log(1 - D(x))] - 1/2 E log(1 - D(G(z)))."""
    real = (1 - smoothing) * log_sigmoid(real_logits) + smoothing * log_sigmoid(-real_logits)
    return -np.mean(real) / 2 - np.mean(log_sigmoid(-fake_logits)) / 2


class Reference:
    """The paper's game in numpy, gradients by finite differences, on the model's own latents."""

    def __init__(
        self, latents, numeric_gradients, *, smoothing, handicap=1, below=None, above=None
    ):
        self.latents, self.gradients = latents, numeric_gradients
        self.handicap, self.smoothing, self.below, self.above = handicap, smoothing, below, above
        self.generator, self.discriminator = start()
        self.generator_losses, self.discriminator_losses, self.open = [], [], []

    def move(self, player, loss):
        weights = getattr(self, player)
        for weight, gradient in zip(weights, self.gradients(loss, weights), strict=True):
            weight -= RATES[player] * gradient

    def move_generator(self, z):
        def loss(w, b):
            return loss_of_generator(logit(draw(z, w, b), *self.discriminator))

        self.generator_losses.append(loss(*self.generator))
        self.move("generator", loss)

    def move_discriminator(self, x, z):
        fake = draw(z, *self.generator)

        def loss(v, c):
            return loss_of_discriminator(logit(x, v, c), logit(fake, v, c), self.smoothing)

        l_d = loss(*self.discriminator)
        self.discriminator_losses.append(l_d)
        is_open = (self.below is None or self.generator_losses[-1] < self.below) and (
            self.above is None or l_d > self.above
        )
        self.open.append(is_open)
        if is_open:
            self.move("discriminator", loss)

    def batch_with_handicap(self, x, number):
        for turn in range(self.handicap):
            self.move_generator(self.latents(number, f"generator latents {turn}"))
        self.move_discriminator(x, self.latents(number, "discriminator latents"))

    def batch_of_algorithm_1(self, x, number, k):
        self.move_discriminator(x, self.latents(number, "discriminator latents"))
        if (number + 1) % k == 0:
            self.move_generator(self.latents(number + 1, "generator latents 0"))


def build(linear_generator, linear_discriminator, weights=None, **options):
    generator, discriminator = start() if weights is None else weights
    gan = GAN(
        linear_generator(generator),
        linear_discriminator(discriminator),
        image_range=(0, 1),
        seed=5,
        **options,
    )
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(RATES["generator"]),
        discriminator_optimizer=keras.optimizers.SGD(RATES["discriminator"]),
        run_eagerly=True,
    )
    return gan


@pytest.mark.parametrize(
    ("handicap", "smoothing", "below", "above"),
    [(1, 0.0, None, None), (3, 0.25, None, None), (2, 0.0, 0.75, 0.55)],
)
def test_a_game_with_handicap_and_gate_follows_the_papers_equations(
    linear_generator, linear_discriminator, numeric_gradients, handicap, smoothing, below, above
):
    batches = 5
    gan = build(
        linear_generator,
        linear_discriminator,
        schedule=HandicapSchedule(
            handicap=handicap, generator_loss_below=below, discriminator_loss_above=above
        ),
        label_smoothing=smoothing,
    )

    def latents(number, purpose):
        gan.batches_seen.assign(number)
        return gan.latents(4, purpose).numpy().astype("float64")

    images = RNG.random((4 * batches, 2, 2, 1), np.float32)
    reference = Reference(
        latents, numeric_gradients, handicap=handicap, smoothing=smoothing, below=below, above=above
    )
    for number in range(batches):
        x = images[4 * number :][:4].reshape(4, 4).astype("float64")
        reference.batch_with_handicap(x, number)
    gan.batches_seen.assign(0)
    if below is None:
        gan.run_eagerly = handicap < 3  # A graph of one of them will do.
    else:
        assert 0 < np.mean(reference.open) < 1

    logs = gan.fit(images, batch_size=4, shuffle=False, verbose=0).history

    for player in RATES:
        for weight, expected in zip(
            getattr(gan, player).get_weights(), getattr(reference, player), strict=True
        ):
            np.testing.assert_allclose(weight, expected, rtol=2e-4, atol=2e-5)
    np.testing.assert_allclose(logs["generator_loss"], np.mean(reference.generator_losses), 1e-4)
    np.testing.assert_allclose(
        logs["discriminator_loss"], np.mean(reference.discriminator_losses), 1e-4
    )
    np.testing.assert_allclose(logs["gate_open"], np.mean(reference.open))
    assert int(gan.generator_optimizer.iterations) == handicap * batches
    assert int(gan.discriminator_optimizer.iterations) == sum(reference.open)
    assert int(gan.batches_seen) == batches


@pytest.mark.parametrize(("k", "smoothing"), [(1, 0.0), (1, 0.25), (3, 0.0)])
def test_a_game_follows_algorithm_1_by_default(
    linear_generator, linear_discriminator, numeric_gradients, k, smoothing
):
    batches = 5
    options = {} if k == 1 else {"n_critic": k}
    gan = build(linear_generator, linear_discriminator, label_smoothing=smoothing, **options)

    def latents(number, purpose):
        gan.batches_seen.assign(number)
        return gan.latents(4, purpose).numpy().astype("float64")

    images = RNG.random((4 * batches, 2, 2, 1), np.float32)
    reference = Reference(latents, numeric_gradients, smoothing=smoothing)
    for number in range(batches):
        x = images[4 * number :][:4].reshape(4, 4).astype("float64")
        reference.batch_of_algorithm_1(x, number, k)
    gan.batches_seen.assign(0)
    gan.run_eagerly = k < 3  # A graph of one of them will do.

    logs = gan.fit(images, batch_size=4, shuffle=False, verbose=0).history

    for player in RATES:
        for weight, expected in zip(
            getattr(gan, player).get_weights(), getattr(reference, player), strict=True
        ):
            np.testing.assert_allclose(weight, expected, rtol=2e-4, atol=2e-5)
    for player in RATES:
        expected = np.mean(getattr(reference, f"{player}_losses"))
        np.testing.assert_allclose(logs[f"{player}_loss"], expected, 1e-4)
    np.testing.assert_array_equal(logs["loss"], logs["discriminator_loss"])
    assert "gate_open" not in logs
    assert int(gan.generator_optimizer.iterations) == batches // k
    assert int(gan.discriminator_optimizer.iterations) == batches


# A discriminator of zeros cannot tell: D = 1/2 everywhere, so L_G = L_D = log 2 = 0.693.
@pytest.mark.parametrize(
    ("below", "above", "is_open", "graph"),
    [
        (None, None, True, False),
        (0.70, None, True, False),
        (0.69, None, False, False),
        (None, 0.69, True, False),
        (None, 0.70, False, False),
        (0.70, 0.69, True, True),
        (0.70, 0.70, False, True),
        (0.69, 0.69, False, False),
    ],
)
def test_gate_opens_below_and_above_its_thresholds_and_shut_leaves_every_bit(
    linear_generator, linear_discriminator, below, above, is_open, graph
):
    zeros = [np.zeros((4, 1)), np.zeros(1)]
    gan = build(
        linear_generator,
        linear_discriminator,
        weights=(start()[0], zeros),
        schedule=HandicapSchedule(generator_loss_below=below, discriminator_loss_above=above),
    )
    gan.discriminator.set_weights(zeros)
    images = tf.constant(RNG.random((4, 2, 2, 1), np.float32))

    step = tf.function(gan.train_step, autograph=False) if graph else gan.train_step
    logs = step(images)

    np.testing.assert_allclose(logs["generator_loss"], np.log(2), 1e-6)
    np.testing.assert_allclose(logs["discriminator_loss"], np.log(2), 1e-6)
    assert float(logs["gate_open"]) == is_open
    assert int(gan.discriminator_optimizer.iterations) == is_open
    moved = any(np.any(weight != 0) for weight in gan.discriminator.get_weights())
    assert moved == is_open


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_losses_stay_finite_and_right_for_extreme_logits(
    linear_generator, linear_discriminator, smoothing
):
    gan = build(linear_generator, linear_discriminator, label_smoothing=smoothing)
    real, fake = discriminated([200.0, -200.0]), discriminated([-300.0, 100.0])
    # -log sigmoid(s) -> max(-s, 0) for large |s|.
    expected = (200 * (1 - smoothing) + 200 * smoothing) / 2 / 2 + 100 / 2 / 2
    np.testing.assert_allclose(gan.discriminator_loss(real, fake), expected, 1e-6)
    np.testing.assert_allclose(gan.generator_loss(None, fake), 300 / 2, 1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"label_smoothing": 0.5}, "^label_smoothing .*Received: label_smoothing=0.5"),
        ({"label_smoothing": -0.1}, "Received: label_smoothing=-0.1"),
    ],
)
def test_bad_options_are_named(linear_generator, linear_discriminator, options, message):
    with pytest.raises(ValueError, match=message):
        GAN(linear_generator(), linear_discriminator(), image_range=(0, 1), **options)


def test_config_rebuilds_the_same_game(tiny_generator, tiny_discriminator):
    options = {
        "schedule": HandicapSchedule(
            handicap=3, generator_loss_below=0.8, discriminator_loss_above=0.45
        ),
        "label_smoothing": 0.1,
        "joint_batches": True,
        "ema_decay": 0.9,
        "seed": 7,
    }
    gan = GAN(tiny_generator(), tiny_discriminator(), **options)
    again = GAN.from_config(gan.get_config())
    assert {name: getattr(again, name) for name in options} == options
    assert again.image_range == gan.image_range
    assert again.generator.to_json() == gan.generator.to_json()
    assert again.discriminator.to_json() == gan.discriminator.to_json()
