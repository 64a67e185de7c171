"""The softplus function, written so that LiteRT does not overflow."""

import keras
import tensorflow as tf


def without_overflow(network: keras.Model) -> keras.Model:
    """Returns a network that LiteRT computes wherever TensorFlow does.

    LiteRT has no softplus. Its converter writes log(1 + exp(x)), which is infinite from 89 on, and
    the values in a CPPN grow with the coordinates.

    Args:
        network: Any functional network.

    Returns:
        The network itself, or, if it has activations by softplus, a copy in which these are
        max(x, 0) + log(1 + exp(-|x|)).
    """
    if not any(_by_softplus(layer) for layer in network.layers):
        return network
    copy = keras.models.clone_model(network, clone_function=_replaced)
    copy.set_weights(network.get_weights())
    return copy


def _softplus(x: tf.Tensor) -> tf.Tensor:
    return tf.maximum(x, 0.0) + tf.math.log(1.0 + tf.exp(-tf.abs(x)))


def _replaced(layer: keras.layers.Layer) -> keras.layers.Layer:
    configuration = layer.get_config()
    if _by_softplus(layer):
        configuration["activation"] = _softplus
    return type(layer).from_config(configuration)


def _by_softplus(layer: keras.layers.Layer) -> bool:
    return getattr(layer, "activation", None) is keras.activations.softplus
