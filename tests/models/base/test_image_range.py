import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from kerasgan.models.base.batch_checks import readable_errors
from kerasgan.models.base.image_range import ImageRange

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (2, 4, 4, 3), np.uint8)
IMAGES[0, 0, 0, :2] = 0, 255
WRONG = "Images must be float from 0 to 1, or uint8 from 0 to 255. Received: values from {} to {}"


def network(*last):
    return keras.Sequential([keras.Input((4,)), layers.Dense(4), *last], name="painter")


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (layers.Dense(4, activation="sigmoid"), (0.0, 1.0)),
        (layers.Dense(4, activation="tanh"), (-1.0, 1.0)),
        (layers.Activation("sigmoid"), (0.0, 1.0)),
        (layers.Activation(tf.nn.tanh), (-1.0, 1.0)),
        (keras.Sequential([layers.ReLU(), layers.Dense(4, "tanh"), layers.Flatten()]), (-1.0, 1.0)),
    ],
)
@pytest.mark.parametrize("after", [[], [layers.Reshape((2, 2, 1)), layers.Activation("linear")]])
def test_range_is_that_of_the_last_activation(last, expected, after):
    image_range = ImageRange.of(network(last, *after))
    assert (image_range.low, image_range.high) == expected


@pytest.mark.parametrize(
    ("last", "name"),
    [
        (layers.Dense(4, activation="relu"), "relu"),
        (layers.Dense(4), "linear"),
        (layers.ReLU(), "relu"),
        (layers.Reshape((2, 2, 1)), "linear"),
        (layers.Rescaling(2.0, name="doubled"), "doubled"),
    ],
)
def test_other_last_activations_are_refused_and_shown(last, name):
    with pytest.raises(ValueError, match=f"sigmoid .* tanh .*image_range=.*'painter'.*'{name}'"):
        ImageRange.of(network(last))


@pytest.mark.parametrize("bounds", [(1, 0), (0, 0), (0, float("inf")), (float("nan"), 1)])
def test_empty_and_infinite_ranges_are_refused(bounds):
    with pytest.raises(ValueError, match="Received: image_range="):
        ImageRange(*bounds)


@pytest.mark.parametrize("bounds", [(0, 1), (-1, 1), (-3, 5)])
def test_uint8_and_float_images_map_linearly_and_back(bounds):
    image_range = ImageRange(*bounds)
    low, high = bounds
    expected = low + (high - low) * IMAGES.astype("float64") / 255
    for images in (tf.constant(IMAGES), tf.constant(IMAGES) / 255, tf.constant(IMAGES / 255)):
        mapped = image_range.from_user(images)
        assert mapped.dtype == tf.float32
        np.testing.assert_allclose(mapped, expected, atol=1e-6)
        np.testing.assert_allclose(image_range.to_user(mapped), IMAGES / 255, atol=1e-6)


def test_drawn_images_are_float32_within_0_and_1():
    drawn = ImageRange(-1, 1).to_user(tf.constant([-1.01, 0, 1.01], tf.bfloat16))
    assert drawn.dtype == tf.float32
    np.testing.assert_array_equal(drawn, [0, 0.5, 1])


@pytest.mark.parametrize("graph", [False, True])
@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0.5, -0.1], ("-0.1", "0.5")),
        ([1.1, 0.5], ("0.5", "1.1")),
        ([255.0, 0.0], ("0.0|0", "255.0|255")),
        ([0.5, float("nan")], ("nan", "nan")),
        ([float("inf"), 0.0], ("0.0|0", "inf")),
    ],
)
def test_values_outside_are_one_readable_error(graph, values, shown):
    check = ImageRange(0, 1).from_user
    check = tf.function(check, autograph=False) if graph else check
    with pytest.raises(ValueError) as error, readable_errors():
        check(tf.constant(values))
    text = str(error.value).replace("00000024", "").replace("00000001", "")
    assert text in {
        WRONG.format(low, high) for low in shown[0].split("|") for high in shown[1].split("|")
    }


@pytest.mark.parametrize("dtype", ["int32", "int64", "int8"])
def test_of_integers_outside_the_dtype_is_named(dtype):
    with pytest.raises(ValueError, match=rf"uint8.*Received: {dtype} values"), readable_errors():
        ImageRange(0, 1).from_user(tf.constant([0, 100], dtype))


def test_the_range_of_a_network_within_another_is_found():
    inner = network(layers.Dense(4, activation="tanh"))
    outer = keras.Sequential([keras.Input(inner.inputs[0].shape[1:]), inner])
    assert ImageRange.of(outer) == ImageRange(-1.0, 1.0)
    drawn = keras.ops.sigmoid(inner.layers[0].output)
    assert ImageRange.of(keras.Model(inner.inputs[0], drawn)) == ImageRange(0.0, 1.0)


def test_a_range_that_the_last_activation_contradicts_is_refused():
    generator = network(layers.Dense(4, activation="tanh"))
    assert ImageRange.given_or_of((-1, 1), generator) == ImageRange(-1.0, 1.0)
    message = r"ends in tanh.*\[-1.0, 1.0\].*Received: image_range=\(0, 1\)"
    with pytest.raises(ValueError, match=message):
        ImageRange.given_or_of((0, 1), generator)


@pytest.mark.parametrize("wrong", ["tanh", 1.0, (0, 1, 2), (0,), ("a", "b")])
def test_what_is_no_pair_of_numbers_is_no_range(wrong):
    generator = network(layers.Dense(4))
    with pytest.raises(ValueError, match="two numbers"):
        ImageRange.given_or_of(wrong, generator)
