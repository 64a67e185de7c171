"""The network that a CPPN runs at each pixel, for programs that run it themselves.

A browser's GPU draws with it; see `kerasgan/export/explorer/web/shader.js`.
"""

import keras
import numpy as np

from kerasgan.drawing.litert.description import PixelNetwork
from kerasgan.layers import LatentModulation
from kerasgan.models.base.generative_model import GenerativeModel
from kerasgan.models.base.image_range import ImageRange
from kerasgan.networks.cppn_render import cppn_layers


def pixel_network(model: GenerativeModel) -> tuple[PixelNetwork, bytes] | None:
    """Returns a model's pixel network and its weights; `None` for one of another structure.

    Its layers must be a `CoordinateDense`, dense layers over each pixel, which are convolutions of
    one pixel, all but the last of equal width, and an activation after each. Between each dense
    layer and its activation there may be a `LatentModulation`, in all layers but the last or in
    none. Before them there may be dense layers of equal width over the latent, each with a leaky
    ReLU.
    """
    if (found := cppn_layers(model.sampling_generator)) is None:
        return None
    mapping, first, following = found
    modulations = [layer for layer in following if isinstance(layer, LatentModulation)]
    plain = [layer for layer in following if not isinstance(layer, LatentModulation)]
    activations, dense = plain[::2], plain[1::2]
    if not (
        all(_is_mapping(each) for each in mapping)
        and len({each.units for each in mapping}) <= 1
        and all(isinstance(each, keras.layers.Activation) for each in activations)
        and all(_is_dense(each) for each in dense)
        and len(activations) == 1 + len(dense) >= 2
        and {each.filters for each in dense[:-1]} <= {first.units}
        and len(modulations) in (0, len(dense) - 1)
        and model.image_range == ImageRange(0.0, 1.0)
    ):
        return None
    weights = [weight for each in mapping for weight in (each.kernel, each.bias)]
    weights += [first.latent_kernel, first.coordinate_kernel, first.bias]
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
        mapping_depth=len(mapping),
        mapping_width=mapping[0].units if mapping else model.latent_dim,
    )
    values = [np.asarray(keras.ops.convert_to_numpy(weight), "<f2").ravel() for weight in weights]
    return network, np.concatenate(values).tobytes()


def _is_mapping(layer: keras.layers.Layer) -> bool:
    return (
        isinstance(layer, keras.layers.Dense)
        and layer.use_bias
        and layer.activation is keras.activations.leaky_relu
    )


def _is_dense(layer: keras.layers.Layer) -> bool:
    return (
        isinstance(layer, keras.layers.Conv2D)
        and layer.kernel_size == (1, 1)
        and layer.strides == (1, 1)
        and layer.use_bias
        and layer.activation is keras.activations.linear
    )
