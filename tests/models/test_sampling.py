import numpy as np
import pytest

from kerasgan.models import GAN, WGAN


@pytest.fixture(scope="module", params=["sigmoid", "tanh"])
def gan(request, tiny_generator, tiny_discriminator):
    return GAN(tiny_generator(activation=request.param), tiny_discriminator())


def test_images_are_the_generators_mapped_to_0_and_1(gan):
    latents = 3 * np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    images = gan.generate(latents)
    assert isinstance(images, np.ndarray)
    assert (images.shape, images.dtype) == ((5, 8, 8, 1), "float32")
    assert images.min() >= 0
    assert images.max() <= 1
    low = {"sigmoid": 0, "tanh": -1}[gan.generator.layers[-1].activation.__name__]
    np.testing.assert_allclose(low + (1 - low) * images, gan.generator(latents), atol=1e-6)


def test_a_count_draws_that_many(gan):
    assert gan.generate().shape == (1, 8, 8, 1)
    assert gan.generate(np.int64(3)).shape == (3, 8, 8, 1)


def test_a_seed_repeats_its_images_and_no_seed_does_not(gan):
    np.testing.assert_array_equal(gan.generate(2, seed=1), gan.generate(2, seed=1))
    assert np.any(gan.generate(2, seed=1) != gan.generate(2, seed=2))
    assert np.any(gan.generate(2) != gan.generate(2))


def test_few_images_are_the_first_of_many(gan):
    np.testing.assert_array_equal(gan.draw_latents(2, seed=1), gan.draw_latents(4, seed=1)[:2])
    np.testing.assert_allclose(gan.generate(2, seed=1), gan.generate(4, seed=1)[:2], atol=1e-6)


@pytest.mark.parametrize("batch_size", [1, 2, 5, 100])
def test_batch_size_does_not_change_the_images(gan, batch_size):
    expected = gan.generate(5, seed=1)
    np.testing.assert_allclose(gan.generate(5, seed=1, batch_size=batch_size), expected, atol=1e-6)


def test_drawing_does_not_move_the_model(gan):
    before = gan.get_weights()
    gan.generate(3)
    for weight, value in zip(gan.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, value)


def test_drawn_latents_are_standard_normal(gan):
    latents = gan.draw_latents(20_000, seed=0)
    assert (latents.shape, latents.dtype) == ((20_000, 3), "float32")
    assert abs(latents.mean()) < 0.02
    assert abs(latents.std() - 1) < 0.02


def test_predict_draws_from_latents(gan):
    latents = gan.draw_latents(3, seed=0)
    np.testing.assert_allclose(gan.predict(latents, verbose=0), gan.generate(latents), atol=1e-6)


@pytest.mark.parametrize("count", [0, -1, 2.5, float("nan"), "3", None])
def test_counts_that_are_not_positive_whole_numbers_are_refused(gan, count):
    message = f"number of images must be a positive whole number. Received: {count!r}"
    with pytest.raises(ValueError, match=message):
        gan.generate(count)
    if count is not None:
        with pytest.raises(ValueError, match=f"batch_size must be .* Received: {count!r}"):
            gan.generate(2, batch_size=count)


@pytest.mark.parametrize("shape", [(3,), (2, 4), (0, 3), (2, 3, 1)])
def test_latents_of_another_shape_are_refused(gan, shape):
    with pytest.raises(ValueError) as error:
        gan.generate(np.zeros(shape))
    assert str(error.value) == f"Latents must have the shape (n, 3). Received: {shape}"


def test_labels_are_refused_by_name_of_the_objective(tiny_generator, tiny_discriminator):
    wgan = WGAN(tiny_generator(), tiny_discriminator())
    with pytest.raises(ValueError, match=r"WGAN has no labels. Received: labels=\[1\]"):
        wgan.generate(1, labels=[1])
