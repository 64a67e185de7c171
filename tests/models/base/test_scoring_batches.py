import keras
import numpy as np
import pytest
from keras import layers

from kerasgan.layers import MinibatchDiscrimination, MinibatchStandardDeviation
from kerasgan.models import GAN

IMAGES = np.random.default_rng(1).random((13, 8, 8, 1), np.float32)


@pytest.fixture(scope="module")
def by_deviation(tiny_generator):
    """Scores an image by its mean and 10 times the deviation of its group of four."""
    images = keras.Input((8, 8, 1))
    x = layers.GlobalAveragePooling2D()(MinibatchStandardDeviation(group_size=4)(images))
    scores = layers.Dense(1)
    gan = GAN(tiny_generator(), keras.Model(images, scores(x)))
    scores.set_weights([np.array([[1.0], [10.0]]), np.zeros(1)])
    return gan


@pytest.fixture(scope="module")
def by_likeness(tiny_generator):
    """Scores an image by how many images of the batch are like it."""
    images = keras.Input((8, 8, 1))
    measure = MinibatchDiscrimination(kernels=1, kernel_dim=1)
    x, scores = measure(layers.GlobalAveragePooling2D()(images)), layers.Dense(1)
    gan = GAN(tiny_generator(), keras.Model(images, scores(x)))
    measure.set_weights([np.full((1, 1), 20.0)])
    scores.set_weights([np.array([[0.0], [1.0]]), np.zeros(1)])
    return gan


def score_by_deviation(images, group):
    spread = np.sqrt(np.var(np.float64(group), axis=0) + 1e-8).mean()
    return images.mean(axis=(1, 2, 3)) + 10 * spread


def score_by_likeness(images, batch):
    means = [np.float64(each).mean(axis=(1, 2, 3)) for each in (images, batch)]
    return np.exp(-20 * np.abs(means[0][:, None] - means[1])).sum(axis=1)


@pytest.mark.parametrize("batch_size", [1, 3, 4, 5, 7, 8, 64])
@pytest.mark.parametrize("count", [4, 8, 13])
def test_an_image_is_scored_in_its_whole_group_whatever_the_batch(by_deviation, count, batch_size):
    scores = by_deviation.discriminate(IMAGES[:count], batch_size=batch_size).scores[:, 0]
    for first in range(0, count, 4):
        lacking = IMAGES[: max(0, first + 4 - count)]
        images = IMAGES[first : min(first + 4, count)]
        wanted = score_by_deviation(images, [*images, *lacking])
        np.testing.assert_allclose(scores[first : first + 4], wanted, rtol=1e-4)


def test_fewer_images_than_a_group_are_compared_with_one_another(by_deviation):
    scores = by_deviation.discriminate(IMAGES[:2]).scores[:, 0]
    np.testing.assert_allclose(scores, score_by_deviation(IMAGES[:2], IMAGES[:2]), rtol=1e-4)
    alone = by_deviation.discriminate(IMAGES[:1]).scores[:, 0]
    np.testing.assert_allclose(alone, score_by_deviation(IMAGES[:1], IMAGES[:1]), rtol=1e-4)


def test_an_image_is_compared_with_a_whole_batch(by_likeness):
    scores = by_likeness.discriminate(IMAGES, batch_size=5).scores[:, 0]
    for first in (0, 5, 10):
        images = IMAGES[first : first + 5]
        batch = [*images, *IMAGES[: 5 - len(images)]]
        wanted = score_by_likeness(images, np.array(batch))
        np.testing.assert_allclose(scores[first : first + 5], wanted, rtol=1e-4)


def test_fewer_images_than_a_batch_are_compared_each_once(by_likeness):
    scores = by_likeness.discriminate(IMAGES[:3], batch_size=5).scores[:, 0]
    np.testing.assert_allclose(scores, score_by_likeness(IMAGES[:3], IMAGES[:3]), rtol=1e-4)


def test_images_that_are_not_compared_are_seen_once(tiny_generator, tiny_discriminator):
    gan, seen = GAN(tiny_generator(), tiny_discriminator()), []
    call = gan.discriminator_output
    gan.discriminator_output = lambda images: seen.append(len(images)) or call(images)
    output = gan.discriminate(IMAGES, batch_size=5)
    assert seen == [5, 5, 3]
    np.testing.assert_allclose(output.images, IMAGES, atol=1e-6)
