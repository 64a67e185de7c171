import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import CAN, HandicapSchedule
from kerasgan.models.base.batches import LabelledImages
from tests.models.equations import (
    class_logits,
    discriminated,
    discriminator_weights,
    draw,
    exact,
    generator_weights,
    log_sigmoid,
    log_softmax,
    pixels,
    score,
)

ONE, TWO = {"style": 3}, {"genre": 3, "style": 2}
BOTH = pytest.mark.parametrize("ambiguity", ["sigmoid", "softmax"])


def cross_entropy(logits, targets, ambiguity):
    """The mean over images of the cross entropy of D_c to target probabilities."""
    each = targets * (log_softmax if ambiguity == "softmax" else log_sigmoid)(logits)
    if ambiguity == "sigmoid":
        each = each + (1 - targets) * log_sigmoid(-logits)
    return -np.mean(np.sum(each, axis=1))


def style_loss(x, labels, heads, classes, ambiguity):
    return sum(
        cross_entropy(logits, np.eye(classes[name])[labels[name].numpy()], ambiguity)
        for name, logits in class_logits(x, heads, classes).items()
    )


def ambiguity_loss(x, heads, classes, ambiguity):
    return sum(
        cross_entropy(logits, np.full(logits.shape, 1 / classes[name]), ambiguity)
        for name, logits in class_logits(x, heads, classes).items()
    )


@BOTH
@pytest.mark.parametrize(
    ("classes", "weight", "separate"),
    [(ONE, 1.0, False), (ONE, 0.0, True), (ONE, 2.0, True), (TWO, 0.5, False), (TWO, 0.5, True)],
)
def test_discriminator_descends_both_heads_terms(
    linear_game, reals, assert_descends, ambiguity, classes, weight, separate
):
    can = linear_game(
        CAN, classes=classes, ambiguity=ambiguity, style_weight=weight, separate_styles=separate
    )
    real = reals(classes)
    x = pixels(real.images)
    fake = draw(can.latents(4, "discriminator latents"), *generator_weights())
    of_realness, of_styles = (x[:2], slice(2, 4)) if separate else (x, slice(0, 4))
    labels = {name: each[of_styles] for name, each in real.labels.items()}

    def of_heads(heads):
        return style_loss(x[of_styles], labels, heads, classes, ambiguity)

    def loss(v, c, *heads):
        of_reals = -np.mean(log_sigmoid(score(of_realness, v, c))) / 2
        of_fakes = -np.mean(log_sigmoid(-score(fake, v, c))) / 2
        return of_reals + of_fakes + weight * of_heads(heads)

    assert_descends(
        lambda: can.update_discriminator(real), loss, can.discriminator, still=[can.generator]
    )
    logs, (v, c, *heads) = can.results(), discriminator_weights(classes)
    np.testing.assert_allclose(logs["discriminator_loss"], loss(v, c, *heads), 1e-5)
    np.testing.assert_allclose(logs["style_loss"], of_heads(heads), 1e-5)
    hits = [
        np.argmax(logits, 1) == labels[name]
        for name, logits in class_logits(x[of_styles], heads, classes).items()
    ]
    np.testing.assert_allclose(logs["style_accuracy"], np.mean(hits))


@BOTH
@pytest.mark.parametrize(("classes", "weight"), [(ONE, 1.0), (ONE, 0.0), (TWO, 0.5)], ids=str)
def test_generator_descends_realness_and_ambiguity(
    linear_game, reals, assert_descends, ambiguity, classes, weight
):
    can = linear_game(CAN, classes=classes, ambiguity=ambiguity, ambiguity_weight=weight)
    z = can.latents(4, "generator latents 0")
    v, c, *heads = discriminator_weights(classes)

    def of_ambiguity(w, b):
        return ambiguity_loss(draw(z, w, b), heads, classes, ambiguity)

    def loss(w, b):
        return -np.mean(log_sigmoid(score(draw(z, w, b), v, c))) + weight * of_ambiguity(w, b)

    assert_descends(
        lambda: can.update_generator(reals(classes)),
        loss,
        can.generator,
        still=[can.discriminator],
    )
    logs, weights = can.results(), generator_weights()
    np.testing.assert_allclose(logs["generator_loss"], loss(*weights), 1e-5)
    np.testing.assert_allclose(logs["ambiguity_loss"], of_ambiguity(*weights), 1e-5)


@pytest.mark.parametrize("styles", [2, 3, 7])
@BOTH
def test_ambiguity_loss_is_least_at_the_uniform_posterior(linear_game, ambiguity, styles):
    can = linear_game(CAN, classes={"style": styles}, ambiguity=ambiguity)
    share = 1 / styles
    # sigmoid(logit) = 1/K; of a softmax, all equal logits give 1/K.
    uniform = np.full((1, styles), np.log(share / (1 - share)), np.float32)
    least = {
        # The entropies of K coins that fall on heads once in K times.
        "sigmoid": -styles * (share * np.log(share) + (1 - share) * np.log(1 - share)),
        "softmax": np.log(styles),
    }[ambiguity]

    logits = tf.constant(uniform)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = can.ambiguity_loss(discriminated([0.0], {}, {"style": logits}))
    np.testing.assert_allclose(loss, least, 1e-6)
    np.testing.assert_allclose(tape.gradient(loss, logits), np.zeros((1, styles)), atol=1e-6)
    for seed in range(10):
        moved = uniform + np.float32(exact((1, styles), seed, 0.3))
        assert can.ambiguity_loss(discriminated([0.0], {}, {"style": moved})) > least + 1e-4


@BOTH
@pytest.mark.parametrize("batch", [4, 5])
def test_separate_styles_teach_each_head_from_its_own_half(linear_game, ambiguity, batch):
    rng = np.random.default_rng(0)
    images = rng.random((batch, 2, 2, 1), np.float32)
    labels = rng.integers(0, 3, batch, np.int32)
    half = (batch + 1) // 2

    def heads_after(changed):
        can = linear_game(CAN, classes=ONE, ambiguity=ambiguity, separate_styles=True)
        # Other images and other styles.
        real = LabelledImages(
            tf.constant(np.where(changed[:, None, None, None], 1 - images, images)),
            {"style": tf.constant(np.where(changed, (labels + 1) % 3, labels))},
        )
        can.update_discriminator(real)
        v, c, *heads = can.discriminator.get_weights()
        return np.concatenate([v.ravel(), c]), np.concatenate([head.ravel() for head in heads])

    scores, styles = heads_after(np.zeros(batch, bool))
    first, second = np.arange(batch) < half, np.arange(batch) >= half
    np.testing.assert_array_equal(heads_after(first)[1], styles)
    assert np.any(heads_after(first)[0] != scores)
    np.testing.assert_array_equal(heads_after(second)[0], scores)
    assert np.any(heads_after(second)[1] != styles)


@BOTH
def test_losses_stay_finite_and_right_for_extreme_logits(linear_game, ambiguity):
    can = linear_game(CAN, classes=ONE, ambiguity=ambiguity)
    images = discriminated([0.0], {"style": [1]}, {"style": [[200.0, -100.0, 0.0]]})
    style = {"sigmoid": 200 + 100 + np.log(2), "softmax": 300}[ambiguity]
    # Cross entropies to 1/3: of 200 it is 200 * 2/3, of -100 it is 100/3.
    vague = {"sigmoid": (400 + 100) / 3 + np.log(2), "softmax": (300 + 200) / 3}[ambiguity]
    np.testing.assert_allclose(can.style_loss(images), style, 1e-6)
    np.testing.assert_allclose(can.ambiguity_loss(images), vague, 1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ambiguity": "none"}, r"'sigmoid', 'softmax'.*Received: ambiguity='none'"),
        ({"style_weight": -1.0}, "^style_weight .*Received: style_weight=-1.0$"),
        ({"ambiguity_weight": -0.5}, "^ambiguity_weight .*Received: ambiguity_weight=-0.5$"),
        # Three coins that fall on heads once in three times: 3 H(1/3) = 1.9095.
        (
            {"schedule": HandicapSchedule(generator_loss_below=1.9)},
            r"^generator_loss_below must be above 1\.91, .*Received: generator_loss_below=1\.9$",
        ),
        (
            {"schedule": HandicapSchedule.named("ha_text"), "ambiguity": "softmax"},
            r"above 1\.099",
        ),
    ],
)
def test_bad_options_are_named(linear_generator, linear_discriminator, options, message):
    with pytest.raises(ValueError, match=message):
        CAN(linear_generator(), linear_discriminator(classes=ONE), image_range=(0, 1), **options)


def test_separate_styles_learn_from_a_batch_of_one(linear_game, reals):
    can = linear_game(CAN, classes=ONE, separate_styles=True)
    batch = reals(ONE)
    one = LabelledImages(
        batch.images[:1], {name: labels[:1] for name, labels in batch.labels.items()}
    )
    can.update_discriminator(one)
    logs = can.results()
    assert np.isfinite(
        [float(logs[name]) for name in ("loss", "style_loss", "style_accuracy")]
    ).all()
