"""Convolutions whose weights no training moves."""

import keras
from keras import layers


class _Frozen(keras.layers.Layer):
    """Adds every weight as one that is not trainable, whatever `trainable` is set to later."""

    def add_weight(self, *args, **kwargs) -> keras.Variable:
        return super().add_weight(*args, **{**kwargs, "trainable": False})


@keras.saving.register_keras_serializable("kerasgan")
class FrozenConv2D(_Frozen, layers.Conv2D):
    """`keras.layers.Conv2D` with weights that are not trained.

    Unlike a layer whose `trainable` is `False`, it stays so when the network around it is set to
    be trainable again. Gradients flow through it to its inputs.

    Example:
    >>> layer = FrozenConv2D(16, 1, kernel_initializer="he_normal")
    >>> layer(keras.random.normal((2, 8, 8, 3))).shape, len(layer.trainable_weights)
    (TensorShape([2, 8, 8, 16]), 0)
    """


@keras.saving.register_keras_serializable("kerasgan")
class FrozenDepthwiseConv2D(_Frozen, layers.DepthwiseConv2D):
    """`keras.layers.DepthwiseConv2D` with weights that are not trained; see `FrozenConv2D`."""
