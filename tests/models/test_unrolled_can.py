"""An unrolled CAN against Metz et al.'s equations in numpy, on linear networks."""

import numpy as np
import pytest

from kerasgan.models import CAN
from tests.models.equations import class_logits, draw, log_sigmoid, pixels, score
from tests.models.test_diff_augment import by_numpy

CLASSES = {"style": 3}
RATE = 0.25


def sigmoid(s):
    return np.exp(log_sigmoid(s))


def unrolled(x, styles, fakes, weights, steps):
    """theta_K by hand: the gradients of L_D of a linear discriminator are sums over pixels."""
    v, c, heads, biases = (each.copy() for each in weights)
    count = len(x)
    for _ in range(steps):
        of_real = (sigmoid(score(x, v, c)) - 1) / (2 * count)
        of_fake = sigmoid(score(fakes, v, c)) / (2 * count)
        of_style = (sigmoid(x @ heads + biases) - np.eye(3)[styles]) / count
        v = v - RATE * (x.T @ of_real + fakes.T @ of_fake)[:, None]
        c = c - RATE * (of_real.sum() + of_fake.sum())
        heads, biases = heads - RATE * x.T @ of_style, biases - RATE * of_style.sum(0)
    return v, c, heads, biases


def generator_loss(fakes, weights):
    v, c, *heads = weights
    logits = class_logits(fakes, heads, CLASSES)["style"]
    ambiguity = -(log_sigmoid(logits) / 3 + 2 / 3 * log_sigmoid(-logits)).sum(axis=1)
    return np.mean(-log_sigmoid(score(fakes, v, c))) + np.mean(ambiguity)


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_generator_descends_through_the_discriminators_steps(
    linear_game, reals, assert_descends, steps
):
    model = linear_game(CAN, classes=CLASSES, unrolling=steps, unrolled_rate=RATE)
    batch = reals(CLASSES)
    x, styles = pixels(batch.images), batch.labels["style"].numpy()
    z = model.latents(4, "generator latents 0").numpy()
    theta = [np.float64(each) for each in model.discriminator.get_weights()]

    def loss(w, b):
        fakes = draw(z, w, b)
        return generator_loss(fakes, unrolled(x, styles, fakes, theta, steps))

    assert_descends(
        lambda: model.update_generator(batch),
        loss,
        model.generator,
        still=(model.discriminator,),
    )
    assert np.isnan(model.results()["style_loss"])


@pytest.mark.parametrize("matching", [0.0, 0.5])
def test_the_generator_looks_ahead_through_augmented_images(
    linear_game, reals, assert_descends, matching
):
    model = linear_game(
        CAN,
        classes=CLASSES,
        unrolling=1,
        unrolled_rate=RATE,
        diff_augment=["color"],
        feature_matching_weight=matching,
    )
    batch = reals(CLASSES)
    styles, z = batch.labels["style"].numpy(), model.latents(4, "generator latents 0").numpy()
    theta = [np.float64(each) for each in model.discriminator.get_weights()]

    def seen(rows, kind):
        keys = {"seed": 5, "step": 0, "purpose": f"augment generator 0 {kind}"}
        return by_numpy(rows.reshape(4, 2, 2, 1), ["color"], 0, 1, **keys).reshape(4, 4)

    x = seen(pixels(batch.images), "reals")

    def loss(w, b):
        fakes = seen(draw(z, w, b), "fakes")
        distance = np.sum((x.mean(0) - fakes.mean(0)) ** 2)  # The features are the pixels.
        ahead = unrolled(x, styles, fakes, theta, 1)
        return generator_loss(fakes, ahead) + matching * distance

    assert_descends(
        lambda: model.update_generator(batch),
        loss,
        model.generator,
        still=(model.discriminator,),
    )


def test_discriminator_moves_as_without_unrolling(linear_game, reals):
    plain = linear_game(CAN, classes=CLASSES)
    model = linear_game(CAN, classes=CLASSES, unrolling=5)
    for each in (plain, model):
        each.update_discriminator(reals(CLASSES))
    for one, other in zip(
        plain.discriminator.get_weights(), model.discriminator.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    "options",
    [
        {"unrolling": -1},
        {"unrolled_rate": 0.0},
        {"unrolling": 1, "joint_batches": True},
        {"unrolling": 1, "r1_weight": 1.0},
    ],
)
def test_impossible_options_are_refused(linear_game, options):
    with pytest.raises(ValueError, match=next(iter(options))):
        linear_game(CAN, classes=CLASSES, **options)


def test_logs_go_on_after_an_error_in_a_step_ahead(linear_game, reals, monkeypatch):
    model = linear_game(CAN, classes=CLASSES, unrolling=1)
    with monkeypatch.context() as patch, pytest.raises(MemoryError):
        patch.setattr(CAN, "style_loss", lambda self, real: (_ for _ in ()).throw(MemoryError))
        model.update_generator(reals(CLASSES))
    model.update_discriminator(reals(CLASSES))
    assert np.isfinite(model.results()["style_loss"])
