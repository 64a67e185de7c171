import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers import CoordinateDense
from kerasgan.precision import dtype_policy

RNG = np.random.default_rng(0)
LATENTS = RNG.normal(size=(3, 5)).astype("float32")


def build(height=6, width=6, **options):
    layer = CoordinateDense(
        4, height, width, bias_initializer=keras.initializers.RandomNormal(stddev=0.5), **options
    )
    layer.build((None, 5))
    return layer


def inputs_of_each_pixel(latents, x, y):
    """z, x, y and r of every pixel in one row each, rows of the image first."""
    rows = []
    for latent in latents:
        for row in y:
            for column in x:
                rows.append([*latent, column, row, np.hypot(column, row)])
    return np.array(rows, "float32")


def unfactored(layer, rows):
    kernel = tf.concat([layer.latent_kernel.value, layer.coordinate_kernel.value], axis=0)
    return tf.matmul(rows, kernel) + layer.bias.value


def test_it_is_a_dense_layer_over_latent_and_coordinates_of_each_pixel():
    layer = build(6, 6, coordinate_scale=8.0, latent_scale=2.0)
    grid = np.linspace(-8, 8, 6)
    expected = unfactored(layer, inputs_of_each_pixel(2.0 * LATENTS, grid, grid))
    np.testing.assert_allclose(
        layer(LATENTS), tf.reshape(expected, (3, 6, 6, 4)), rtol=1e-5, atol=1e-5
    )


def test_its_gradients_are_those_of_the_unfactored_layer():
    layer = build(4, 4)
    grid = np.linspace(-8, 8, 4)
    rows = inputs_of_each_pixel(LATENTS, grid, grid)
    direction = RNG.normal(size=(3 * 4 * 4, 4)).astype("float32")
    weights = [weight.value for weight in layer.trainable_weights]
    with tf.GradientTape(persistent=True) as tape:
        ours = tf.reduce_sum(tf.reshape(layer(LATENTS), (-1, 4)) * direction)
        theirs = tf.reduce_sum(unfactored(layer, rows) * direction)
    for gradient, expected in zip(
        tape.gradient(ours, weights), tape.gradient(theirs, weights), strict=True
    ):
        np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-4)


def test_at_evaluates_it_at_any_coordinates():
    layer = build()
    x, y = RNG.normal(size=7).astype("float32"), RNG.normal(size=2).astype("float32")
    expected = unfactored(layer, inputs_of_each_pixel(LATENTS, x, y))
    np.testing.assert_allclose(
        layer.at(LATENTS, x, y), tf.reshape(expected, (3, 2, 7, 4)), rtol=1e-5, atol=1e-5
    )


@pytest.mark.parametrize("count", [2, 26, 27, 1000])
def test_coordinates_run_from_minus_to_plus_the_scale(count):
    x, y = build(coordinate_scale=3.0).coordinates(count, count)
    np.testing.assert_allclose(x, np.linspace(-3, 3, count), atol=1e-6)
    np.testing.assert_array_equal(x, y)


def test_the_shorter_side_spans_the_scale_and_steps_are_equal():
    x, y = build(coordinate_scale=3.0).coordinates(4, 7)
    np.testing.assert_allclose(y, np.linspace(-3, 3, 4))
    np.testing.assert_allclose(x, np.linspace(-6, 6, 7))
    y, x = build(coordinate_scale=3.0).coordinates(7, 4)
    np.testing.assert_allclose(y, np.linspace(-3, 3, 4))
    np.testing.assert_allclose(x, np.linspace(-6, 6, 7))


def test_zoom_and_centre_move_the_interval():
    x, y = build(coordinate_scale=8.0).coordinates(9, 9, zoom=4.0, centre=(0.5, -1.0))
    np.testing.assert_allclose(x, np.linspace(4 - 2, 4 + 2, 9), atol=1e-6)
    np.testing.assert_allclose(y, np.linspace(-8 - 2, -8 + 2, 9), atol=1e-6)


def test_single_pixel_is_the_centre():
    x, y = build(coordinate_scale=8.0).coordinates(1, 1, centre=(0.25, 0.5))
    np.testing.assert_array_equal([x[0], y[0]], [2.0, 4.0])


def test_image_of_other_sides_has_its_shape():
    layer = build(2, 5)
    assert layer(LATENTS).shape == layer.compute_output_shape((3, 5)) == (3, 2, 5, 4)


def test_it_computes_in_float32_under_every_policy():
    with dtype_policy("mixed_bfloat16"):
        layer = build()
    assert layer(LATENTS).dtype == "float32"


def test_model_with_it_survives_saving(tmp_path):
    latent = keras.Input((5,))
    model = keras.Model(
        latent,
        CoordinateDense(
            4,
            3,
            2,
            coordinate_scale=2.5,
            latent_scale=8.0,
            coordinate_initializer=keras.initializers.RandomNormal(stddev=0.1),
        )(latent),
    )
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert again.layers[1].get_config() == model.layers[1].get_config()
    np.testing.assert_array_equal(again(LATENTS), model(LATENTS))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"units": 0}, "units must be an integer of at least 1. Received: units=0"),
        ({"units": 2.5}, "units must be an integer of at least 1. Received: units=2.5"),
        ({"height": 0}, "height must be an integer of at least 1. Received: height=0"),
        ({"width": -3}, "width must be an integer of at least 1. Received: width=-3"),
        ({"width": 16.0}, "width must be an integer of at least 1. Received: width=16.0"),
        ({"octaves": 1.5}, "octaves must be an integer of at least 0. Received: octaves=1.5"),
        ({"directions": 0}, "directions must be an integer of at least 1. Received: directions=0"),
        ({"coordinate_scale": 0.0}, "must be positive. Received: coordinate_scale=0.0"),
    ],
)
def test_bad_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        CoordinateDense(**{"units": 4, "height": 3, "width": 3, **options})


def test_other_ranks_are_refused():
    with pytest.raises(ValueError, match=r"takes latents \(batch, latent_dim\)"):
        CoordinateDense(4, 3, 3)(np.zeros((2, 3, 5), "float32"))
