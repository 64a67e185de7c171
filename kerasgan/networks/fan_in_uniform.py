"""The initialization that PyTorch gives its dense and convolutional layers."""

import math

import keras


def fan_in_uniform(fan_in: int) -> keras.initializers.Initializer:
    """Returns the initializer U(-1/sqrt(fan_in), 1/sqrt(fan_in)), for a kernel or a bias.

    Networks published in PyTorch start from it unless they say otherwise. The bias's interval
    depends on what enters the layer, which its shape does not tell; hence the argument.

    Args:
        fan_in: How many numbers enter each unit of the layer: the features of a dense layer, the
            area of a convolution's kernel times its input's channels.
    """
    limit = 1.0 / math.sqrt(fan_in)
    return keras.initializers.RandomUniform(-limit, limit)
