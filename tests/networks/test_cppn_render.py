import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.layers import CoordinateDense
from kerasgan.networks import cppn_generator, pokemon_generator
from kerasgan.networks.cppn_render import cppn_render, is_cppn

SIZE = 6


@pytest.fixture(scope="module")
def generator():
    keras.utils.set_random_seed(0)
    return cppn_generator(image_size=SIZE, latent_dim=3, width=8, channels=2, coordinate_scale=4.0)


@pytest.fixture(scope="module")
def latents():
    return np.random.default_rng(0).normal(size=(2, 3)).astype("float32")


@pytest.fixture(scope="module")
def traced(generator):
    """One graph for all sizes and parts."""

    @tf.function(
        input_signature=[
            tf.TensorSpec((None, 3), tf.float32),
            *[tf.TensorSpec((), tf.int32)] * 2,
            tf.TensorSpec((), tf.float32),
            tf.TensorSpec((2,), tf.float32),
            *[tf.TensorSpec((2,), tf.int32)] * 2,
        ]
    )
    def render(latents, height, width, zoom, centre, rows, columns):
        return cppn_render(
            generator,
            latents,
            height=height,
            width=width,
            zoom=zoom,
            centre=centre,
            rows=rows,
            columns=columns,
        )

    return render


def at(generator, latents, x, y):
    """The network in numpy, at the given coordinates."""
    latent_kernel, coordinate_kernel, bias, *rest = (w.squeeze() for w in generator.get_weights())
    x, y = np.meshgrid(x, y)
    places = np.stack([x, y, np.hypot(x, y)], -1) @ coordinate_kernel
    h = np.tanh((latents @ latent_kernel + bias)[:, None, None] + places)
    for kernel, bias in zip(rest[:-2:2], rest[1:-2:2], strict=True):
        h = np.tanh(h @ kernel + bias)
    return 1 / (1 + np.exp(-(h @ rest[-2] + rest[-1])))


def test_own_size_gives_the_generators_own_images(generator, latents):
    images = cppn_render(generator, latents, height=SIZE, width=SIZE)
    np.testing.assert_array_equal(images, generator(latents))
    assert images.dtype == tf.float32


@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 3), (5, 9), (16, 4)])
def test_any_size_is_drawn_with_the_shorter_side_whole(generator, latents, height, width):
    step = 8.0 / max(min(height, width) - 1, 1)
    x = step * (np.arange(width) - (width - 1) / 2)
    y = step * (np.arange(height) - (height - 1) / 2)
    images = cppn_render(generator, latents, height=height, width=width)
    assert images.shape == (2, height, width, 2)
    np.testing.assert_allclose(images, at(generator, latents, x, y), atol=1e-5)


def test_twice_the_steps_pass_through_the_same_pixels(generator, latents):
    images = cppn_render(generator, latents, height=2 * SIZE - 1, width=2 * SIZE - 1)
    np.testing.assert_allclose(images[:, ::2, ::2], generator(latents), atol=1e-6)


def test_zoom_and_centre_choose_the_interval(generator, latents):
    images = cppn_render(generator, latents, height=7, width=7, zoom=4.0, centre=(0.5, -1.0))
    x, y = np.linspace(2 - 1, 2 + 1, 7), np.linspace(-4 - 1, -4 + 1, 7)
    np.testing.assert_allclose(images, at(generator, latents, x, y), atol=1e-5)


def test_tiles_make_up_the_whole(generator, latents, traced):
    size, view = (11, 8), {"zoom": 1.5, "centre": (0.25, -0.5)}
    whole = cppn_render(generator, latents, height=11, width=8, **view)
    tiles = np.concatenate(
        [
            np.concatenate(
                [
                    traced(latents, *size, *view.values(), rows, columns)
                    for columns in ((0, 3), (3, 8))
                ],
                axis=2,
            )
            for rows in ((0, 4), (4, 5), (5, 11))
        ],
        axis=1,
    )
    np.testing.assert_allclose(tiles, whole, atol=1e-6)


def test_one_graph_serves_every_size(generator, latents, traced):
    for height, width in ((SIZE, SIZE), (3, 10), (12, 5)):
        images = traced(latents, height, width, 1.0, (0.0, 0.0), (0, height), (0, width))
        expected = cppn_render(generator, latents, height=height, width=width)
        np.testing.assert_allclose(images, expected, atol=1e-6)


def test_it_serves_from_a_saved_model(generator, latents, tmp_path):
    root = tf.Module()
    root.weights = [weight.value for weight in generator.weights]

    @tf.function(
        input_signature=[
            tf.TensorSpec((None, 3), tf.float32),
            *[tf.TensorSpec((), tf.int32)] * 2,
            tf.TensorSpec((), tf.float32),
            tf.TensorSpec((2,), tf.float32),
        ]
    )
    def render(latents, height, width, zoom, centre):
        return cppn_render(generator, latents, height=height, width=width, zoom=zoom, centre=centre)

    root.render = render
    tf.saved_model.save(root, str(tmp_path / "model"))
    again = tf.saved_model.load(str(tmp_path / "model"))
    images = again.render(latents, 5, 9, 2.0, (0.5, 0.0))
    expected = cppn_render(generator, latents, height=5, width=9, zoom=2.0, centre=(0.5, 0.0))
    np.testing.assert_allclose(images, expected, atol=1e-6)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"height .*1"):
        again.render(latents, -1, 9, 1.0, (0.0, 0.0))


def test_it_is_a_cppn_if_it_has_the_layer(generator):
    again = keras.models.clone_model(generator)
    assert is_cppn(generator)
    assert is_cppn(again)
    assert not is_cppn(pokemon_generator(image_size=32, base_width=1))


def test_other_generators_are_refused():
    other = pokemon_generator(image_size=32, base_width=1)
    with pytest.raises(ValueError, match="Received: generator='pokemon_generator'"):
        cppn_render(other, np.zeros((1, 100)), height=4, width=4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"height": 0}, "height must be at least 1. Received: height=0"),
        ({"width": -2}, "width must be at least 1. Received: width=-2"),
        ({"width": 2.5}, "width must be at least 1. Received: width=2.5"),
        ({"height": "big"}, "Received: height=big"),
        ({"zoom": 0.0}, "zoom must be positive and finite. Received: zoom=0.0"),
        ({"zoom": float("inf")}, "Received: zoom=inf"),
        ({"zoom": float("nan")}, "Received: zoom=nan"),
        ({"centre": (0.0, float("nan"))}, r"centre must be \(x, y\).* Received: centre=\(0.0, nan"),
        ({"centre": 0.5}, "Received: centre=0.5"),
        ({"rows": (0, 5)}, r"rows must be \(first, end\) .* Received: rows=\(0, 5\)"),
        ({"rows": (2, 2)}, r"Received: rows=\(2, 2\)"),
        ({"columns": (-1, 2)}, r"columns must .* Received: columns=\(-1, 2\)"),
        ({"columns": 3}, "Received: columns=3"),
        ({"columns": (0, 1, 2)}, r"Received: columns=\(0, 1, 2\)"),
        ({"latents": np.zeros((2, 4))}, r"\(n, 3\). Received: latents of shape \(2, 4\)"),
        ({"latents": np.zeros(3)}, r"\(n, 3\). Received: latents of shape \(3,\)"),
    ],
)
def test_impossible_views_are_refused(generator, latents, options, message):
    arguments = {"latents": latents, "height": 4, "width": 4, **options}
    with pytest.raises(ValueError, match=message):
        cppn_render(generator, **arguments)


def own_cppn(*before, after=()):
    """A generator of other layers before and after a public `CoordinateDense`."""
    latent = x = keras.Input((3,))
    for layer in before:
        x = layer(x)
    x = CoordinateDense(8, height=SIZE, width=SIZE)(x)
    x = keras.layers.Activation("tanh")(x)
    for layer in after:
        x = layer(x)
    return keras.Model(latent, keras.layers.Conv2D(1, 1, activation="sigmoid")(x))


def test_layers_before_the_coordinates_map_the_latents(latents):
    generator = own_cppn(keras.layers.Dense(4), keras.layers.LeakyReLU())
    assert is_cppn(generator)
    drawn = cppn_render(generator, latents, height=SIZE, width=SIZE)
    np.testing.assert_allclose(drawn, generator(latents), atol=1e-6)


def test_what_is_no_chain_from_latents_to_images_is_no_cppn(latents):
    class Residual(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = keras.layers.Conv2D(8, 1)

        def __call__(self, x):
            return keras.layers.Add()([x, self.inner(x)])

    generator = own_cppn(after=[Residual()])
    assert not is_cppn(generator)
    with pytest.raises(ValueError, match="a chain of layers"):
        cppn_render(generator, latents, height=SIZE, width=SIZE)
