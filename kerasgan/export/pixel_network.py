"""The network that a CPPN runs at each pixel, for programs that run it themselves.

A browser's graphics processor draws with it; see `kerasgan/export/explorer/web/shader.js`.
"""

from typing import Annotated

import keras
import msgspec
import numpy as np
from msgspec import Meta

from kerasgan.layers import CoordinateDense
from kerasgan.models.generative_model import GenerativeModel
from kerasgan.models.image_range import ImageRange

_Count = Annotated[int, Meta(ge=1, le=2**20)]


class PixelNetwork(msgspec.Struct, frozen=True, kw_only=True):
    """What a CPPN computes at each pixel.

    The first layer takes the latent, times `latent_scale`, and the place (x, y, r), with
    r = sqrt(x^2 + y^2); each of the others takes what the one before it gives.

    Attributes:
        file: Name of the file of the weights: float32, little-endian; of the first layer the
            kernel of the latent `(latent_dim, units)`, that of the place `(3, units)` and the bias
            `(units,)`; then of each other layer the kernel `(inputs, outputs)` and the bias.
        units: Outputs of each layer but the last.
        hidden: The number of layers between the first and the last.
        latent_scale: What the latent is multiplied by.
        activations: The name of each layer's activation, as Keras has it.
    """

    file: Annotated[str, Meta(pattern=r"\A[a-z_]+\.bin\Z")] = "pixel_network.bin"
    units: _Count
    hidden: int
    latent_scale: float
    activations: list[str]


def pixel_network(model: GenerativeModel) -> tuple[PixelNetwork, bytes] | None:
    """Returns a model's pixel network and its weights; `None` for one of another structure.

    Its layers must be a `CoordinateDense`, dense layers over each pixel, which are convolutions of
    one pixel, all but the last of equal width, and an activation after each.
    """
    first, *following = model.sampling_generator.layers[1:]  # The input is a layer too.
    activations, dense = following[::2], following[1::2]
    if not (
        isinstance(first, CoordinateDense)
        and all(isinstance(each, keras.layers.Activation) for each in activations)
        and all(_is_dense(each) for each in dense)
        and len(activations) == 1 + len(dense) >= 2
        and {each.filters for each in dense[:-1]} <= {first.units}
        and model.image_range == ImageRange(0.0, 1.0)
    ):
        return None
    weights = [first.latent_kernel, first.coordinate_kernel, first.bias]
    weights += [weight for each in dense for weight in (each.kernel, each.bias)]
    network = PixelNetwork(
        units=first.units,
        hidden=len(dense) - 1,
        latent_scale=float(first.latent_scale),
        activations=[each.activation.__name__ for each in activations],
    )
    values = [np.asarray(keras.ops.convert_to_numpy(weight), "<f4").ravel() for weight in weights]
    return network, np.concatenate(values).tobytes()


def _is_dense(layer: keras.layers.Layer) -> bool:
    return (
        isinstance(layer, keras.layers.Conv2D)
        and layer.kernel_size == (1, 1)
        and layer.strides == (1, 1)
        and layer.use_bias
        and layer.activation is keras.activations.linear
    )
