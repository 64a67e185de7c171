import numpy as np
import pytest

from kerasgan.models import WGAN, WGANGP, WassersteinACGAN
from kerasgan.randomness import stateless
from tests.models.equations import (
    class_loss,
    discriminator_weights,
    draw,
    generator_weights,
    pixels,
    score,
)
from tests.models.games import moves

ONE, TWO = {"style": 3}, {"genre": 3, "style": 2}


def build(linear_game, classes=ONE, **options):
    return linear_game(WassersteinACGAN, generator_classes=classes, classes=classes, **options)


def fakes(gan, classes):
    purpose = "critic latents"
    asked = gan.random_labels(4, purpose)
    return draw(gan.latents(4, purpose), *generator_weights(classes), asked, classes)


def penalty(v):
    """Of a linear critic, whose gradient is v everywhere."""
    return (np.sqrt(np.sum(v**2)) - 1) ** 2


@pytest.mark.parametrize(
    ("classes", "weight", "pretraining_loss", "pretraining"),
    [(ONE, 1.0, "full", 0), (TWO, 0.5, "full", 1), (ONE, 0.0, "class", 0), (TWO, 2.0, "class", 1)],
)
def test_critic_descends_the_papers_terms(
    linear_game, reals, assert_descends, classes, weight, pretraining_loss, pretraining
):
    gan = build(
        linear_game,
        classes,
        class_weight=weight,
        pretraining_loss=pretraining_loss,
        pretraining=pretraining,
    )
    real = reals(classes)
    x, fake = pixels(real.images), fakes(gan, classes)

    def distance(v, c):
        return np.mean(score(x, v, c)) - np.mean(score(fake, v, c))

    def loss(v, c, *heads):
        of_classes = class_loss(x, real.labels, heads, classes)
        plays = not (pretraining and pretraining_loss == "class")
        return -plays * distance(v, c) + 10 * penalty(v) + weight * of_classes

    assert_descends(
        lambda: gan.train_step((real.images, real.labels)), loss, gan.critic, still=[gan.generator]
    )
    logs, (v, c, *heads) = gan.results(), discriminator_weights(classes)
    np.testing.assert_allclose(logs["critic_loss"], loss(v, c, *heads), 1e-5)
    np.testing.assert_allclose(logs["wasserstein_distance"], distance(v, c), 1e-5)
    np.testing.assert_allclose(logs["gradient_penalty"], penalty(v), 1e-5)
    np.testing.assert_allclose(logs["class_loss"], class_loss(x, real.labels, heads, classes), 1e-5)


@pytest.mark.parametrize(("classes", "weight"), [(ONE, 1.0), (ONE, 0.0), (TWO, 0.5)], ids=str)
def test_generator_descends_the_papers_terms(linear_game, reals, assert_descends, classes, weight):
    gan = build(linear_game, classes, generator_class_weight=weight)
    purpose = "generator latents 0"
    z, asked = gan.latents(4, purpose), gan.random_labels(4, purpose)
    v, c, *heads = discriminator_weights(classes)

    def of_classes(w, b):
        return class_loss(draw(z, w, b, asked, classes), asked, heads, classes)

    def loss(w, b):
        of_scores = -np.mean(score(draw(z, w, b, asked, classes), v, c))
        return of_scores + weight * of_classes(w, b)

    assert_descends(
        lambda: gan.update_generator(reals(classes)), loss, gan.generator, still=[gan.critic]
    )
    logs, weights = gan.results(), generator_weights(classes)
    np.testing.assert_allclose(logs["generator_loss"], loss(*weights), 1e-5)
    np.testing.assert_allclose(logs["generator_class_loss"], of_classes(*weights), 1e-5)


def test_fakes_with_the_labels_of_reals_are_drawn_and_classified_as_those(linear_game, reals):
    gan, real = build(linear_game, TWO, labels_of_reals=True), reals(TWO)
    z = gan.latents(4, "generator latents 0")
    fake = draw(z, *generator_weights(TWO), real.labels, TWO)
    np.testing.assert_allclose(
        pixels(gan.draw_fakes(real, "generator latents 0").images), fake, rtol=1e-5
    )
    gan.update_generator(real)
    _, _, *heads = discriminator_weights(TWO)
    expected = class_loss(fake, real.labels, heads, TWO)
    np.testing.assert_allclose(gan.results()["generator_class_loss"], expected, 1e-5)


def test_only_reals_teach_the_class_heads(linear_game, reals):
    def critic_after(fake_weights):
        gan = build(linear_game)
        gan.generator.set_weights(fake_weights)
        gan.train_step((reals(ONE).images, reals(ONE).labels))
        return gan.critic.get_weights()

    one = critic_after(generator_weights(ONE))
    other = critic_after([3 * weight for weight in generator_weights(ONE)])
    assert np.any(one[0] != other[0])
    for mine, yours, start in zip(one[2:], other[2:], discriminator_weights(ONE)[2:], strict=True):
        np.testing.assert_array_equal(mine, yours)
        assert np.any(mine != np.float32(start))


def test_class_pretraining_leaves_the_scores_to_the_penalty_alone(linear_game, reals):
    def moved(**options):
        gan = build(linear_game, pretraining_loss="class", pretraining=1, **options)
        before = gan.critic.get_weights()
        moved = []
        for _ in range(2):
            gan.train_step((reals(ONE).images, reals(ONE).labels))
            after = gan.critic.get_weights()
            moved.append([np.any(a != b) for a, b in zip(before, after, strict=True)])
            before = after
        return moved

    scores, heads = [True, False], [True, True]  # The bias of the scores cancels out.
    assert moved(penalty_weight=0.0) == [[False, False, *heads], [*scores, *heads]]
    assert moved(penalty_weight=1.0) == [[*scores, *heads], [*scores, *heads]]


@pytest.mark.parametrize(
    ("n_critic", "pretraining", "expected"),
    [
        (1, 2, ["d", "d", "dg", "dg"]),
        (2, 2, ["d", "d", "d", "dg", "d", "dg"]),
        (2, 3, ["d", "d", "d", "dg", "d", "dg"]),
        (3, 1, ["d", "d", "dg", "d", "d", "dg"]),
        (5, 4, ["d", "d", "d", "d", "dg", "d"]),
    ],
)
def test_generator_moves_after_every_n_critic_batches_once_pretraining_is_over(
    linear_game, reals, n_critic, pretraining, expected
):
    gan = build(linear_game, n_critic=n_critic, pretraining=pretraining)
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        optimizer.learning_rate = 2.0**-12  # Every update changes some bit.
    assert moves(gan, reals(ONE), len(expected)) == [list(updates) for updates in expected]
    assert int(gan.batches_seen) == len(expected)


@pytest.mark.parametrize("objective", [WGAN, WGANGP])
def test_pretraining_is_an_option_of_this_objective_alone(
    linear_generator, linear_discriminator, objective
):
    with pytest.raises(TypeError, match="pretraining"):
        objective(linear_generator(), linear_discriminator(), image_range=(0, 1), pretraining=1)


@pytest.mark.parametrize("pretraining", [-1, 0.5, None])
def test_a_bad_pretraining_is_named(linear_generator, linear_discriminator, pretraining):
    with pytest.raises(ValueError, match=f"^pretraining .*Received: pretraining={pretraining}$"):
        WassersteinACGAN(
            linear_generator(classes=ONE),
            linear_discriminator(classes=ONE),
            image_range=(0, 1),
            pretraining=pretraining,
        )


def test_penalty_is_taken_on_the_scores_alone(linear_game, reals):
    gan = build(linear_game)
    v, c, *heads = discriminator_weights(ONE)
    gan.critic.set_weights([v, c, *(100 * head for head in heads)])
    images = reals().images
    np.testing.assert_allclose(gan.gradient_penalty(images, images), penalty(v), 1e-5)


def test_asked_labels_are_drawn_apart_from_the_latents(linear_game):
    gan = build(linear_game, TWO)
    labels = gan.random_labels(4, "critic latents")
    assert list(labels) == ["genre", "style"]
    for name, classes in TWO.items():
        expected = stateless.integers(
            (4,), classes, seed=5, step=0, purpose=f"critic latents {name}"
        )
        np.testing.assert_array_equal(labels[name], expected)


def test_bad_pretraining_loss_is_named(linear_generator, linear_discriminator):
    message = r"'full', 'class'.*Received: pretraining_loss='none'"
    with pytest.raises(ValueError, match=message):
        WassersteinACGAN(
            linear_generator(classes=ONE),
            linear_discriminator(classes=ONE),
            image_range=(0, 1),
            pretraining_loss="none",
        )


def test_class_smoothing_is_of_the_critics_class_loss_alone(linear_game, reals):
    real = reals(ONE)
    x, (_, _, *heads) = pixels(real.images), discriminator_weights(ONE)
    gan = build(linear_game, class_smoothing=0.25)
    gan.train_step((real.images, real.labels))
    of_each = [class_loss(x, {"style": np.full(4, k)}, heads, ONE) for k in range(3)]
    expected = 0.75 * class_loss(x, real.labels, heads, ONE) + 0.25 * np.mean(of_each)
    np.testing.assert_allclose(gan.results()["class_loss"], expected, 1e-5)
    fakes = gan.draw_fakes(real, "generator 0")
    output = gan.discriminate_fakes(fakes, "generator 0")
    gan.generator_loss(None, output)
    logits = np.asarray(output.class_logits["style"])
    picked = logits[np.arange(4), fakes.labels["style"]] - np.logaddexp.reduce(logits, axis=1)
    np.testing.assert_allclose(gan.trackers["generator_class_loss"].result(), -picked.mean(), 1e-5)


@pytest.mark.parametrize("smoothing", [-0.1, 1.0])
def test_bad_class_smoothing_is_named(linear_generator, linear_discriminator, smoothing):
    with pytest.raises(ValueError, match=f"Received: class_smoothing={smoothing}$"):
        WassersteinACGAN(
            linear_generator(classes=ONE),
            linear_discriminator(classes=ONE),
            image_range=(0, 1),
            class_smoothing=smoothing,
        )
