"""Any part of a picture of a CPPN, drawn by TensorFlow."""

import functools

import keras
import numpy as np
import tensorflow as tf

from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.engine import Interval, TileDrawer
from kerasgan.drawing.size import Size
from kerasgan.models.base.generative_model import GenerativeModel
from kerasgan.models.base.image_range import ImageRange
from kerasgan.networks.cppn_render import known_cppn_layers


def tile_drawer(model: GenerativeModel, latent: np.ndarray, size: Size, view: View) -> TileDrawer:
    """Returns a function that draws any part of a picture.

    It draws the pixels of `kerasgan.networks.cppn_render`, but faster. With the latent z of the
    whole picture the first layer, at the place (x, y) with r = sqrt(x^2 + y^2), is

        W_z (latent_scale * z) + b + [W_x W_y W_r] (x, y, r)

    of which the first two terms are summed once and are the bias of one matrix product over all
    pixels of a part; where the layer has waves, they are among the columns of that product.
    Everything is computed in float32, whatever the model's dtype policy.

    Args:
        model: A model whose generator is a CPPN.
        latent: `(latent_dim,)`, float32.
        size: Size of the whole picture.
        view: What part of the plane the picture shows.

    Returns:
        A function of (first, end) of rows and (first, end) of columns, ends excluded, that returns
        those pixels, float32 `(rows, columns, channels)` in [0, 1]. Several threads may call it at
        once.
    """
    network, draw = _network_and_graph(model.sampling_generator, model.image_range)
    if network is not model.sampling_generator:
        network.set_weights(model.sampling_generator.get_weights())
    layers = known_cppn_layers(network)
    latents, first = layers.mapped(tf.constant(latent[np.newaxis], tf.float32)), layers.first
    own = tf.linalg.matvec(first.latent_kernel, first.latent_scale * latents[0], transpose_a=True)
    picture = (
        own + first.bias,
        latents,
        tf.constant(size.height, tf.int32),
        tf.constant(size.width, tf.int32),
        tf.constant(view.zoom, tf.float32),
        tf.constant(view.centre, tf.float32),
    )

    def draw_tile(rows: Interval, columns: Interval) -> np.ndarray:
        return draw(*picture, tf.constant(rows), tf.constant(columns)).numpy()

    return draw_tile


# Tracing takes longer than drawing a small picture. Each kept network takes less than a megabyte.
@functools.lru_cache(maxsize=4)
def _network_and_graph(
    generator: keras.Model, image_range: ImageRange
) -> tuple[keras.Model, tf.types.experimental.ConcreteFunction]:
    """Returns the generator or its copy in float32, and the graph that draws any tile with it."""
    network = _in_float32(generator)
    layers = known_cppn_layers(network)
    first = layers.first
    count, interval = tf.TensorSpec((), tf.int32), tf.TensorSpec((2,), tf.int32)
    place = tf.TensorSpec((2,), tf.float32)

    @tf.function(
        autograph=False,
        input_signature=[
            tf.TensorSpec((first.units,), tf.float32),
            tf.TensorSpec((1, first.latent_kernel.shape[0]), tf.float32),
            count,
            count,
            tf.TensorSpec((), tf.float32),
            place,
            interval,
            interval,
        ],
    )
    def draw(
        own: tf.Tensor,
        latents: tf.Tensor,
        height: tf.Tensor,
        width: tf.Tensor,
        zoom: tf.Tensor,
        centre: tf.Tensor,
        rows: tf.Tensor,
        columns: tf.Tensor,
    ) -> tf.Tensor:
        x, y = first.coordinates(height, width, zoom=zoom, centre=centre)
        x, y = tf.meshgrid(x[columns[0] : columns[1]], y[rows[0] : rows[1]])
        places = tf.stack([x, y, tf.sqrt(x**2 + y**2)], axis=-1)
        if first.octaves:
            places = tf.concat([places, first.waves(x, y)], axis=-1)
        places = tf.reshape(places, (-1, first.coordinate_kernel.shape[0]))
        products = tf.nn.bias_add(tf.matmul(places, first.coordinate_kernel), own)
        maps = tf.reshape(products, (1, *tf.unstack(tf.shape(x)), first.units))
        return image_range.to_user(layers.images(maps, latents))[0]

    return network, draw.get_concrete_function()


def _in_float32(generator: keras.Model) -> keras.Model:
    """Returns the generator, or a copy that computes in float32 if it does not."""
    if all(layer.compute_dtype == "float32" for layer in generator.layers):
        return generator

    def in_float32(layer: keras.layers.Layer) -> keras.layers.Layer:
        return type(layer).from_config({**layer.get_config(), "dtype": "float32"})

    return keras.models.clone_model(generator, clone_function=in_float32)
