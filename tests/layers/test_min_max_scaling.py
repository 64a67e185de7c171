import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers import MinMaxScaling

RNG = np.random.default_rng(0)
SCALES = np.array([1e-3, 1.0, 1e4], "float32").reshape(3, 1, 1, 1)


def test_each_image_is_mapped_linearly_onto_the_interval():
    images = (RNG.normal(2, 1, (3, 4, 5, 2)) * SCALES).astype("float32")
    scaled = MinMaxScaling(-4.0, 4.0)(images).numpy()
    for image, result in zip(images, scaled, strict=True):
        expected = np.interp(image, [image.min(), image.max()], [-4, 4])
        np.testing.assert_allclose(result, expected, atol=1e-4)
    np.testing.assert_allclose(scaled.min((1, 2, 3)), -4, atol=1e-5)
    np.testing.assert_allclose(scaled.max((1, 2, 3)), 4, atol=1e-5)


def test_an_image_does_not_depend_on_its_neighbours():
    images = RNG.normal(size=(3, 4, 4, 1)).astype("float32") * SCALES
    layer = MinMaxScaling(0.0, 1.0)
    np.testing.assert_array_equal(layer(images)[1:2], layer(images[1:2]))


def test_an_image_of_one_value_becomes_the_middle_and_its_gradient_stays_finite():
    images = tf.fill([2, 4, 4, 3], 7.0)
    with tf.GradientTape() as tape:
        tape.watch(images)
        scaled = MinMaxScaling(-4.0, 6.0)(images)
    np.testing.assert_allclose(scaled, np.ones((2, 4, 4, 3)))
    assert np.isfinite(tape.gradient(scaled, images)).all()


def test_gradient_runs_through_the_minimum_and_the_maximum(numeric_gradients):
    images = RNG.normal(size=(1, 2, 3, 1))
    direction = RNG.normal(size=images.shape)
    value = tf.constant(images, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(value)
        loss = tf.reduce_sum(MinMaxScaling(-1.0, 2.0)(value) * direction)

    def formula(x):
        return np.sum((3 * (x - x.min()) / (x.max() - x.min()) - 1) * direction)

    (expected,) = numeric_gradients(formula, [images])
    np.testing.assert_allclose(tape.gradient(loss, value), expected, rtol=1e-4, atol=1e-5)


def test_model_with_it_survives_saving(tmp_path):
    model = keras.Sequential([keras.Input((4, 4, 3)), MinMaxScaling(-3.0, 5.0)])
    assert model.weights == []
    images = RNG.normal(size=(2, 4, 4, 3)).astype("float32")
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert (again.layers[0].low, again.layers[0].high) == (-3.0, 5.0)
    np.testing.assert_array_equal(again(images), model(images))


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (2.0, -2.0), (float("nan"), 1.0)])
def test_empty_intervals_are_refused(low, high):
    with pytest.raises(ValueError, match=f"low must be below high. Received: low={low}"):
        MinMaxScaling(low, high)


def test_other_ranks_are_refused():
    with pytest.raises(ValueError, match=r"takes \(batch, height, width, channels\)"):
        MinMaxScaling(0.0, 1.0)(np.zeros((2, 3), "float32"))
