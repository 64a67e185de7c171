import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.distribution.replicas import batch_sections
from kerasgan.layers import MinibatchStandardDeviation

RNG = np.random.default_rng(0)


def images(batch):
    scales = RNG.uniform(0.1, 10, (batch, 1, 1, 1))
    return (RNG.normal(size=(batch, 2, 3, 5)) * scales).astype("float32")


@pytest.mark.parametrize(
    ("batch", "group_size", "group"), [(8, 4, 4), (4, 4, 4), (6, 4, 3), (2, 4, 2), (9, 2, 1)]
)
def test_map_is_the_mean_standard_deviation_of_the_images_of_a_group(batch, group_size, group):
    x = images(batch)
    outputs = MinibatchStandardDeviation(group_size)(x).numpy()
    np.testing.assert_array_equal(outputs[..., :-1], x)
    for start in range(0, batch, group):
        expected = x[start : start + group].std(axis=0).mean()
        np.testing.assert_allclose(
            outputs[start : start + group, ..., -1], expected, rtol=1e-4, atol=2e-4
        )


def test_no_group_has_images_of_two_joined_batches():
    # Groups of four of the twelve would be across the border.
    x = images(12)
    with batch_sections(2):
        outputs = MinibatchStandardDeviation(4)(x).numpy()
    np.testing.assert_array_equal(outputs[:6], MinibatchStandardDeviation(4)(x[:6]))
    np.testing.assert_array_equal(outputs[6:], MinibatchStandardDeviation(4)(x[6:]))


def test_equal_images_have_no_deviation_and_finite_gradients_of_gradients():
    x = tf.repeat(tf.constant(images(1)), 4, axis=0)
    layer = MinibatchStandardDeviation()
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            deviation = tf.reduce_sum(layer(x)[..., -1])
        gradient = inner.gradient(deviation, x)
        penalty = tf.reduce_sum(tf.square(gradient - 1.0))
    assert deviation < 0.01
    assert np.isfinite(gradient).all()
    assert np.isfinite(outer.gradient(penalty, x)).all()


def test_statistics_of_low_precision_are_computed_in_float32():
    # Far from zero bfloat16 has steps of 0.5, and squares of such numbers steps of 64.
    x = tf.cast(100 + np.arange(4).reshape(4, 1, 1, 1) * np.ones((4, 2, 2, 1)), tf.bfloat16)
    outputs = MinibatchStandardDeviation(dtype="mixed_bfloat16")(x)
    assert outputs.dtype == "bfloat16"
    np.testing.assert_allclose(tf.cast(outputs[..., -1], "float32"), np.std(range(4)), rtol=0.01)


def test_model_with_it_survives_saving(tmp_path):
    model = keras.Sequential([keras.Input((2, 3, 5)), MinibatchStandardDeviation(group_size=2)])
    assert model.output_shape == (None, 2, 3, 6)
    x = images(4)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert again.layers[0].group_size == 2
    np.testing.assert_array_equal(again(x), model(x))


@pytest.mark.parametrize("group_size", [0, 2.5, 4.0])
def test_groups_that_are_not_a_whole_number_of_images_are_refused(group_size):
    with pytest.raises(ValueError, match=rf"at least 1\. Received: group_size={group_size}$"):
        MinibatchStandardDeviation(group_size)


def test_other_ranks_are_refused():
    with pytest.raises(ValueError, match=r"takes \(batch, height, width, channels\)"):
        MinibatchStandardDeviation()(np.zeros((2, 3), "float32"))
