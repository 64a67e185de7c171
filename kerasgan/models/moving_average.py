"""An exponential moving average of a network's weights."""

import keras
import tensorflow as tf


def averaged_copy(network: keras.Model) -> keras.Model:
    """Returns an untrainable network of the same structure and weights."""
    average = keras.models.clone_model(network)
    average.set_weights(network.get_weights())
    average.trainable = False
    return average


def update_average(
    average: keras.Model, network: keras.Model, *, decay: float, updates: tf.Tensor
) -> None:
    """Moves every weight of `average`, moving statistics included, towards `network`.

    `decay` is approached from below as (1 + updates) / (10 + updates), so that the average lets
    go of the initial weights quickly.
    """
    updates = tf.cast(updates, tf.float32)
    decay = tf.minimum(decay, (1.0 + updates) / (10.0 + updates))
    for mean, weight in zip(average.weights, network.weights, strict=True):
        if keras.backend.is_float_dtype(mean.dtype):
            mean.assign(decay * mean + (1.0 - decay) * weight)
        else:
            mean.assign(weight)
