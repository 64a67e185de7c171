"""A bias whose gradient is correct in 16-bit numbers."""

from collections.abc import Callable

import tensorflow as tf


def add_bias(maps: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
    """Returns `maps + bias`, over the last axis, as `tf.nn.bias_add` does.

    On a processor the gradient of `tf.nn.bias_add` is summed in the dtype of the maps, and a sum of
    ones in bfloat16 never exceeds 256: over the places of a batch of maps it can be a hundredth
    of what it should be. Here the gradient is a matrix product, which is summed in float32, or, by
    processors without units for 16-bit numbers, in parts whose sums may be off by a hundredth.
    """
    if maps.dtype.size != 2:
        return tf.nn.bias_add(maps, bias)

    @tf.custom_gradient
    def biased(maps: tf.Tensor, bias: tf.Tensor) -> tuple[tf.Tensor, Callable]:
        def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            places = tf.reshape(upstream, [-1, upstream.shape[-1]])
            sums = tf.ones([1, tf.shape(places)[0]], places.dtype) @ places
            return upstream, sums[0]

        return tf.nn.bias_add(maps, bias), gradient

    return biased(maps, bias)
