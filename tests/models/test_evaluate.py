"""What `evaluate` and `validation_data` give, beside losses worked out in numpy."""

import keras
import numpy as np
import pytest

from kerasgan.models import (
    ACGAN,
    CAN,
    GAN,
    LSGAN,
    R3GAN,
    VAEGAN,
    WGAN,
    WGANGP,
    HandicapSchedule,
    HingeGAN,
    ProjectedGAN,
    WassersteinACGAN,
)
from kerasgan.models.base.noise import Noise
from kerasgan.randomness import stateless
from tests.models.equations import (
    class_logits,
    class_loss,
    discriminator_weights,
    draw,
    generator_weights,
    log_sigmoid,
    score,
    weights,
)
from tests.models.games import FLOATS, IMAGES, PLAIN, batches, data, is_same, state

TWO = {"genre": 3, "style": 2}
HELD_OUT = np.random.default_rng(5).random((8, 2, 2, 1), np.float32)
NUMBERS = {
    name: np.random.default_rng(count).integers(0, count, 8, np.int32)
    for name, count in TWO.items()
}


def over(*objectives):
    return pytest.mark.parametrize("objective", objectives, ids=lambda each: each.__name__)


def held_out_latents(number, seed=5, count=4):
    return stateless.normal((count, 3), seed=seed, step=number, purpose="test latents").numpy()


def gan_losses(s, t):
    """L_D and L_G of the scores of reals and fakes."""
    return -np.mean(log_sigmoid(s)) / 2 - np.mean(log_sigmoid(-t)) / 2, -np.mean(log_sigmoid(t))


def accuracy(x, labels, heads):
    hits = [
        np.argmax(logits, 1) == labels[name] for name, logits in class_logits(x, heads, TWO).items()
    ]
    return np.mean(hits)


def coins(logits, targets):
    """Cross entropy of independent sigmoids."""
    each = targets * log_sigmoid(logits) + (1 - targets) * log_sigmoid(-logits)
    return -np.mean(np.sum(each, axis=1))


def by_hand(objective, x, fake, labels):
    """The metrics of one batch, from the objective's equations."""
    v, c, *heads = discriminator_weights(TWO if objective.takes_classes else None)
    s, t, length = score(x, v, c), score(fake, v, c), np.sqrt(np.sum(v**2))
    distance = np.mean(s) - np.mean(t)
    gan = dict(zip(("discriminator_loss", "generator_loss"), gan_losses(s, t), strict=True))
    critic = {
        "critic_loss": -distance,
        "wasserstein_distance": distance,
        "generator_loss": -np.mean(t),
    }
    penalized = critic | {
        "critic_loss": -distance + 10 * (length - 1) ** 2,
        "gradient_penalty": (length - 1) ** 2,
    }
    if objective is GAN:
        return gan
    if objective is LSGAN:
        return {
            "discriminator_loss": np.mean((s - 1) ** 2) / 2 + np.mean(t**2) / 2,
            "generator_loss": np.mean((t - 1) ** 2) / 2,
        }
    if objective in (HingeGAN, ProjectedGAN):
        return {
            "discriminator_loss": np.mean(np.maximum(0, 1 - s)) + np.mean(np.maximum(0, 1 + t)),
            "generator_loss": -np.mean(t),
        }
    if objective is R3GAN:
        return {
            "discriminator_loss": np.mean(np.log(1 + np.exp(t - s))) + length**2,
            "generator_loss": np.mean(np.log(1 + np.exp(s - t))),
            "r1_penalty": length**2,
            "r2_penalty": length**2,
        }
    if objective is WGAN:
        return critic
    if objective is WGANGP:
        return penalized
    of_reals, of_fakes = (class_loss(images, labels, heads, TWO) for images in (x, fake))
    if objective is ACGAN:
        return {
            "discriminator_loss": gan["discriminator_loss"] + of_reals + of_fakes,
            "generator_loss": gan["generator_loss"] + of_fakes,
            "class_loss": of_reals + of_fakes,
            "class_accuracy": accuracy(x, labels, heads),
            "generator_class_loss": of_fakes,
        }
    if objective is WassersteinACGAN:
        return penalized | {
            "critic_loss": penalized["critic_loss"] + of_reals,
            "generator_loss": penalized["generator_loss"] + of_fakes,
            "class_loss": of_reals,
            "class_accuracy": accuracy(x, labels, heads),
            "generator_class_loss": of_fakes,
        }
    assert objective is CAN
    style = sum(
        coins(logits, np.eye(TWO[name])[labels[name]])
        for name, logits in class_logits(x, heads, TWO).items()
    )
    vague = sum(
        coins(logits, np.full(logits.shape, 1 / TWO[name]))
        for name, logits in class_logits(fake, heads, TWO).items()
    )
    return {
        "discriminator_loss": gan["discriminator_loss"] + style,
        "generator_loss": gan["generator_loss"] + vague,
        "style_loss": style,
        "style_accuracy": accuracy(x, labels, heads),
        "ambiguity_loss": vague,
    }


def expected(objective, generator, first=4):
    """The means over two batches, fakes drawn with the labels of the reals."""
    logs = []
    for number, part in enumerate((slice(0, first), slice(first, 8))):
        count = part.stop - part.start
        x, labels = HELD_OUT[part].reshape(count, 4).astype("float64"), {}
        if objective.takes_classes:
            labels = {name: each[part] for name, each in NUMBERS.items()}
        classes = TWO if objective.draws_classes else None
        fake = draw(held_out_latents(number, count=count), *generator, labels, classes)
        logs.append(by_hand(objective, x, fake, labels))
    sizes = (first, 8 - first)
    means = {name: np.average([each[name] for each in logs], weights=sizes) for name in logs[0]}
    return means | {"loss": means[f"{objective.player}_loss"]}


def held_out(objective):
    return (HELD_OUT, NUMBERS) if objective.takes_classes else (HELD_OUT,)


def linear(linear_game, objective, **options):
    if objective.takes_classes:
        options["classes"] = TWO
    return linear_game(
        objective, generator_classes=TWO if objective.draws_classes else None, **options
    )


@over(GAN, LSGAN, HingeGAN, ProjectedGAN, R3GAN, WGAN, WGANGP, ACGAN, CAN, WassersteinACGAN)
@pytest.mark.parametrize("eager", [False, True], ids=["graph", "eager"])
def test_evaluate_gives_the_losses_of_the_equations_on_held_out_images(
    linear_game, objective, eager
):
    model = linear(linear_game, objective)
    model.run_eagerly = eager
    found = model.evaluate(*held_out(objective), batch_size=4, return_dict=True, verbose=0)
    wanted = expected(objective, generator_weights(TWO if objective.draws_classes else None))
    assert set(found) == set(wanted) == {"loss", *objective.metric_names}
    for name, value in wanted.items():
        np.testing.assert_allclose(found[name], value, rtol=2e-5, err_msg=name)


@pytest.mark.parametrize(("activation", "low"), [("sigmoid", 0.0), ("tanh", -1.0)])
def test_a_vaegan_is_evaluated_on_reconstructions_from_the_means_of_codes(
    linear_generator, linear_discriminator, linear_encoder, activation, low
):
    of_encoder = weights((4, 3), (3,), (4, 3), (3,), seed=6, scale=0.5)
    model = VAEGAN(
        linear_generator(generator_weights(), activation=activation),
        linear_discriminator(discriminator_weights()),
        linear_encoder(of_encoder),
        image_range=(low, 1),
        seed=5,
        ema_decay=0.9,
    )
    model.compile()
    averaged = [2 * weight for weight in generator_weights()]
    model.ema_generator.set_weights(averaged)
    found = model.evaluate(HELD_OUT, batch_size=4, return_dict=True, verbose=0)

    x = HELD_OUT.reshape(8, 4).astype("float64")
    seen = low + (1 - low) * x
    mean = seen @ of_encoder[0] + of_encoder[1]
    log_variance = seen @ of_encoder[2] + of_encoder[3]
    w, b = averaged  # They draw, so they are what is measured.
    drawn = mean @ w + b
    drawn = np.tanh(drawn) if activation == "tanh" else 1 / (1 + np.exp(-drawn))
    g = (drawn - low) / (1 - low)
    wanted = {
        "reconstruction_loss": -np.mean(x * np.log(g) + (1 - x) * np.log(1 - g)),
        "kl_loss": np.sum(np.exp(log_variance) + mean**2 - 1 - log_variance) / 2 / 8 / 4,
    }
    wanted["autoencoder_loss"] = sum(wanted.values())
    scores = [score(images, *discriminator_weights()) for images in (seen, drawn)]
    wanted["discriminator_loss"], wanted["generator_loss"] = gan_losses(*scores)
    wanted["loss"] = wanted["discriminator_loss"]
    assert set(found) == set(wanted)
    for name, value in wanted.items():
        np.testing.assert_allclose(found[name], value, rtol=2e-5, err_msg=name)


def test_fakes_are_drawn_by_the_average_of_the_weights(linear_game):
    model = linear_game(WGAN, ema_decay=0.9)
    average = [2 * weight for weight in generator_weights()]
    model.ema_generator.set_weights(average)
    found = model.evaluate(HELD_OUT, batch_size=4, return_dict=True, verbose=0)
    for name, value in expected(WGAN, average).items():
        np.testing.assert_allclose(found[name], value, rtol=2e-5, err_msg=name)


def test_the_generators_loss_has_its_distance_of_features(linear_game):
    model = linear_game(GAN, feature_matching_weight=0.5)
    found = model.evaluate(HELD_OUT[:4], batch_size=4, return_dict=True, verbose=0)
    fake = draw(held_out_latents(0), *generator_weights())
    # The features of the linear discriminator are the pixels.
    distance = np.sum((HELD_OUT[:4].reshape(4, 4).mean(0) - fake.mean(0)) ** 2)
    adversarial = -np.mean(log_sigmoid(score(fake, *discriminator_weights())))
    np.testing.assert_allclose(found["generator_loss"], adversarial + 0.5 * distance, rtol=2e-5)


def test_nothing_is_augmented(linear_game):
    found = linear_game(WGAN, diff_augment=["color", "cutout"]).evaluate(
        HELD_OUT, batch_size=4, return_dict=True, verbose=0
    )
    np.testing.assert_allclose(
        found["critic_loss"], expected(WGAN, generator_weights())["critic_loss"], rtol=2e-5
    )


class Moving(keras.layers.Layer):
    """Counts its calls in training, as spectral normalization does."""

    def build(self, shape):
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, inputs, training=False):
        if training:
            self.calls.assign_add(1.0)
        return inputs


@over(WGANGP, R3GAN)
def test_a_gradient_penalty_is_measured_out_of_training(linear_generator, objective):
    critic = keras.Sequential(
        [keras.Input((2, 2, 1)), Moving(), keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    model = objective(linear_generator(), critic, image_range=(0, 1))
    model.compile(run_eagerly=True)
    model.evaluate(HELD_OUT, batch_size=4, verbose=0)
    assert float(critic.layers[0].calls) == 0
    model.fit(HELD_OUT, batch_size=4, verbose=0)
    assert float(critic.layers[0].calls) > 0


@over(GAN, WassersteinACGAN)
def test_validation_leaves_the_training_as_it_is_and_is_evaluates(build, objective):
    def train(**options):
        model = build(objective, run_eagerly=True)
        return model, model.fit(*data(model, 0, 3), epochs=2, **options, **PLAIN).history

    alone, history = train()
    validated, both = train(validation_data=data(alone, 3, 5), validation_batch_size=4)
    assert is_same(state(validated), state(alone))
    for name, values in history.items():
        np.testing.assert_array_equal(values, both[name])
    metrics = {"loss", *objective.metric_names}
    assert set(both) == set(history) | {f"val_{name}" for name in metrics}
    again = validated.evaluate(*data(alone, 3, 5), batch_size=4, return_dict=True, verbose=0)
    for name in metrics:
        np.testing.assert_allclose(again[name], both[f"val_{name}"][-1], rtol=1e-6)


def test_validation_split_holds_the_last_images_out(build):
    split, given = (build(WGAN, run_eagerly=True) for _ in range(2))
    options = {"batch_size": 4, "shuffle": False, "verbose": 0}
    one = split.fit(FLOATS[:16], validation_split=0.25, **options).history
    other = given.fit(FLOATS[:12], validation_data=(FLOATS[12:16],), **options).history
    assert one == other
    assert "val_loss" in one


def test_the_gate_is_not_evaluated(linear_game):
    model = linear_game(GAN, schedule=HandicapSchedule())
    found = model.evaluate(HELD_OUT, batch_size=4, return_dict=True, verbose=0)
    assert set(found) == {"loss", *GAN.metric_names}


def test_labels_are_needed_to_evaluate_classes(build):
    with pytest.raises(ValueError, match="Received: images"):
        build(ACGAN).evaluate(batches(IMAGES), verbose=0)


@over(ACGAN, CAN)
def test_of_a_last_batch_with_fewer_images_every_image_counts_as_much(linear_game, objective):
    # Held-out images all count in both terms, whatever each learns from in training.
    options = {"separate_styles": True} if objective is CAN else {}
    model = linear(linear_game, objective, **options)
    found = model.evaluate(*held_out(objective), batch_size=6, return_dict=True, verbose=0)
    generator = generator_weights(TWO if objective.draws_classes else None)
    for name, value in expected(objective, generator, first=6).items():
        np.testing.assert_allclose(found[name], value, rtol=2e-5, err_msg=name)


def test_each_batch_of_an_evaluation_has_random_numbers_of_its_own(build, monkeypatch):
    drawn = []
    uniform = Noise.uniform

    def noted(self, shape, purpose, **options):
        drawn.append((purpose, uniform(self, shape, purpose, **options).numpy().ravel().tolist()))
        return uniform(self, shape, purpose, **options)

    monkeypatch.setattr(Noise, "uniform", noted)
    model = build(WGANGP, run_eagerly=True)
    model.fit(IMAGES[:4], **PLAIN)
    (trained,) = [numbers for purpose, numbers in drawn if purpose == "interpolation"]
    drawn.clear()
    for _ in range(2):
        model.evaluate(IMAGES[:12], batch_size=4, verbose=0)
    first, again = drawn[:3], drawn[3:]
    assert first == again
    assert len({tuple(numbers) for numbers in [trained, *(each for _, each in first)]}) == 4
