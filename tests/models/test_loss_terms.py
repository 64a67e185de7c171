import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import ACGAN, CAN, GAN, WassersteinACGAN
from kerasgan.models.base.batches import LabelledImages
from kerasgan.models.loss_terms import class_accuracy, class_loss
from tests.models.equations import discriminated, exact, log_softmax

TWO = {"genre": 2, "style": 4}
ACGANS = pytest.mark.parametrize("objective", [ACGAN, WassersteinACGAN])


@pytest.fixture(scope="module")
def gan(linear_game):
    return linear_game(ACGAN, generator_classes=TWO, classes=TWO)


@pytest.fixture(scope="module")
def discriminated_images():
    """Logits of five images of two label sets, and their classes."""
    rng = np.random.default_rng(0)
    labels = {name: rng.integers(0, count, 5, np.int32) for name, count in TWO.items()}
    logits = {name: np.float32(exact((5, count), count, 3)) for name, count in TWO.items()}
    # Three of the first set are right, one of the second.
    labels["genre"][:3] = np.argmax(logits["genre"][:3], 1)
    labels["genre"][3:] = np.argmin(logits["genre"][3:], 1)
    labels["style"][:1] = np.argmax(logits["style"][:1], 1)
    labels["style"][1:] = np.argmin(logits["style"][1:], 1)
    return discriminated(np.zeros(5), labels, logits), labels, logits


def test_class_loss_is_the_negative_log_likelihood_summed_over_label_sets(discriminated_images):
    images, labels, logits = discriminated_images
    expected = sum(
        -np.mean([row[label] for row, label in zip(log_softmax(rows), labels[name], strict=True)])
        for name, rows in logits.items()
    )
    np.testing.assert_allclose(class_loss(images), expected, 1e-6)


def test_smoothed_class_loss_is_the_cross_entropy_to_smoothed_targets(discriminated_images):
    images, labels, logits = discriminated_images
    expected = 0.0
    for name, rows in logits.items():
        targets = np.full(rows.shape, 0.3 / TWO[name])
        targets[np.arange(5), labels[name]] += 0.7
        expected -= np.mean(np.sum(targets * log_softmax(rows), axis=1))
    np.testing.assert_allclose(class_loss(images, 0.3), expected, 1e-6)


def test_class_accuracy_is_the_fraction_of_right_classes_over_label_sets(discriminated_images):
    np.testing.assert_allclose(class_accuracy(discriminated_images[0]), (3 / 5 + 1 / 5) / 2)


def test_asked_labels_are_uniform_over_the_classes_of_each_set(gan):
    count = 12_000
    labels = gan.random_labels(count, "x")
    for name, classes in TWO.items():
        assert labels[name].dtype == tf.int32
        seen = np.bincount(labels[name], minlength=classes)
        assert len(seen) == classes
        expected = count / classes
        # A chi-squared of at most 3 degrees of freedom is above 16.3 once in a thousand.
        assert np.sum((seen - expected) ** 2 / expected) < 16.3
    # Neither set tells anything of the other.
    assert abs(np.corrcoef(labels["genre"], labels["style"])[0, 1]) < 0.03


def test_asked_labels_depend_on_seed_batch_and_purpose_alone(linear_game, gan):
    def labels(seed=5, batch=0, purpose="x"):
        model = linear_game(ACGAN, generator_classes=TWO, classes=TWO, seed=seed)
        model.batches_seen.assign(batch)
        return model.random_labels(100, purpose)["style"].numpy()

    np.testing.assert_array_equal(labels(), gan.random_labels(100, "x")["style"])
    for other in (labels(seed=6), labels(batch=1), labels(purpose="y")):
        assert 0 < np.mean(labels() == other) < 0.6


def test_fakes_bear_the_labels_that_the_generator_was_given(linear_game):
    gan = linear_game(ACGAN, generator_classes=TWO, classes=TWO)
    # Each pixel of an image is the number of its style.
    weights = np.zeros((3 + 2 + 4, 4))
    weights[5:] = np.arange(4)[:, None]
    gan.generator.set_weights([weights, np.zeros(4)])
    fakes = gan.draw_fakes(LabelledImages(tf.zeros((20, 2, 2, 1)), {}), "x")
    for pixel in np.reshape(fakes.images, (20, 4)).T:
        np.testing.assert_array_equal(pixel, fakes.labels["style"])
    assert len(np.unique(fakes.labels["style"])) == 4


@ACGANS
@pytest.mark.parametrize("name", ["class_weight", "generator_class_weight"])
def test_bad_weights_are_named(linear_generator, linear_discriminator, objective, name):
    with pytest.raises(ValueError, match=f"^{name} .*Received: {name}=-1.0$"):
        objective(
            linear_generator(classes=TWO),
            linear_discriminator(classes=TWO),
            image_range=(0, 1),
            **{name: -1.0},
        )


@ACGANS
@pytest.mark.parametrize("classes", [None, {"genre": 3}, {"style": 4, "genre": 3}], ids=str)
def test_generators_that_take_other_labels_are_refused(
    linear_generator, linear_discriminator, objective, classes
):
    message = r"{}.* \['genre', 'style'\]$"
    taken = str(list(classes or {})).replace("[", r"\[").replace("]", r"\]")
    with pytest.raises(ValueError, match=message.format(taken)):
        objective(
            linear_generator(classes=classes), linear_discriminator(classes=TWO), image_range=(0, 1)
        )


@pytest.mark.parametrize("objective", [ACGAN, WassersteinACGAN, CAN])
def test_discriminators_without_class_heads_are_refused(
    linear_generator, linear_discriminator, objective
):
    message = f"^{objective.__name__} .* without class heads$"
    with pytest.raises(ValueError, match=message):
        objective(linear_generator(), linear_discriminator(), image_range=(0, 1))


def test_class_heads_are_refused_where_the_objective_has_no_use_for_them(
    linear_generator, linear_discriminator
):
    message = "^GAN .*'genre', 'style'$"
    with pytest.raises(ValueError, match=message):
        GAN(linear_generator(), linear_discriminator(classes=TWO), image_range=(0, 1))
