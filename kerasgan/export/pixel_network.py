"""The network that a CPPN runs at each pixel, for programs that run it themselves.

A browser's GPU draws with it; see `kerasgan/export/explorer/web/shader.js`.
"""

import keras
import numpy as np

from kerasgan.drawing.litert.description import PixelNetwork
from kerasgan.layers import CoordinateDense, LatentModulation
from kerasgan.models.base.generative_model import GenerativeModel
from kerasgan.models.base.image_range import ImageRange


def pixel_network(model: GenerativeModel) -> tuple[PixelNetwork, bytes] | None:
    """Returns a model's pixel network and its weights; `None` for one of another structure.

    Its layers must be a `CoordinateDense`, dense layers over each pixel, which are convolutions of
    one pixel, all but the last of equal width, and an activation after each. Between each dense
    layer and its activation there may be a `LatentModulation`, in all layers but the last or in
    none.
    """
    first, *following = model.sampling_generator.layers[1:]  # The input is a layer too.
    modulations = [layer for layer in following if isinstance(layer, LatentModulation)]
    plain = [layer for layer in following if not isinstance(layer, LatentModulation)]
    activations, dense = plain[::2], plain[1::2]
    if not (
        isinstance(first, CoordinateDense)
        and all(isinstance(each, keras.layers.Activation) for each in activations)
        and all(_is_dense(each) for each in dense)
        and len(activations) == 1 + len(dense) >= 2
        and {each.filters for each in dense[:-1]} <= {first.units}
        and len(modulations) in (0, len(dense) - 1)
        and model.image_range == ImageRange(0.0, 1.0)
    ):
        return None
    weights = [first.latent_kernel, first.coordinate_kernel, first.bias]
    for layer in following:
        if _is_dense(layer) or isinstance(layer, LatentModulation):
            weights += [layer.kernel, layer.bias]
    network = PixelNetwork(
        units=first.units,
        hidden=len(dense) - 1,
        latent_scale=float(first.latent_scale),
        activations=[each.activation.__name__ for each in activations],
        octaves=first.octaves,
        directions=first.directions,
        modulated=bool(modulations),
    )
    values = [np.asarray(keras.ops.convert_to_numpy(weight), "<f2").ravel() for weight in weights]
    return network, np.concatenate(values).tobytes()


def _is_dense(layer: keras.layers.Layer) -> bool:
    return (
        isinstance(layer, keras.layers.Conv2D)
        and layer.kernel_size == (1, 1)
        and layer.strides == (1, 1)
        and layer.use_bias
        and layer.activation is keras.activations.linear
    )
