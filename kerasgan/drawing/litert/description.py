"""What the LiteRT files of a model are: `model.json`, which lies beside them and inside each."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kerasgan.errors import UserError, shortened
from kerasgan.files.regular_file import read_text

DESCRIPTION = "model.json"
# The name of the same text among the metadata of a .tflite file.
METADATA = "kerasgan"
FORMAT = 1
TILE = 64

_Count = Annotated[int, Meta(ge=1, le=2**20)]
Precision = Literal["float16", "float32"]
FunctionName = Literal["generate", "tile", "encode"]


class LiteRTFunction(msgspec.Struct, frozen=True):
    """One function of a model, in a file of its own; all tensors are float32.

    Attributes:
        file: Name of the `.tflite` file, beside the description.
        precision: The type that weights are kept in. All is computed in float32.
        inputs: The shape of each input by its name in the file's signature `serving_default`.
        outputs: The shape of each output by its name in that signature.
    """

    file: Annotated[str, Meta(pattern=r"\A[a-z]+\.tflite\Z")]
    precision: Precision
    inputs: dict[str, tuple[_Count, ...]]
    outputs: dict[str, tuple[_Count, ...]]


class PixelNetwork(msgspec.Struct, frozen=True, kw_only=True):
    """What a CPPN computes at each pixel, for GPUs, which run no `.tflite` file.

    Dense layers with leaky ReLUs of slope 0.2 may first map the latent; what is said of the latent
    below is then of their output. The first layer takes the latent, times `latent_scale`, and the
    place (x, y, r), with r = sqrt(x^2 + y^2), and the waves of the place that
    `kerasgan.layers.CoordinateDense` names; each of the others takes what the one before it gives.
    If it is modulated, the layers between the first and the last are scaled and shifted before
    their activations; see `kerasgan.layers.LatentModulation`.

    Attributes:
        file: Name of the file of the weights: float16, little-endian; of each layer that maps the
            latent the kernel `(inputs, mapping_width)` and the bias; of the first layer the kernel
            of the latent `(latent_dim, units)`, that of the place
            `(3 + 2 * directions * octaves, units)` and the bias `(units,)`; then of each other
            layer the kernel `(inputs, outputs)` and the bias, and, if it is modulated, those of
            its modulation, `(latent_dim, 2 * units)` and `(2 * units,)`, the scales first.
        units: The number of outputs of each layer but the last.
        hidden: The number of layers between the first and the last.
        latent_scale: What the latent is multiplied by before the first layer.
        activations: The name of each layer's activation, as Keras has it.
        octaves: The number of waves in each direction.
        directions: The number of directions of waves.
        modulated: Whether the latent modulates the layers between the first and the last.
        mapping_depth: The number of layers that map the latent.
        mapping_width: The number of outputs of each of them; without any, the latent's length.
    """

    file: Annotated[str, Meta(pattern=r"\A[a-z_]+\.bin\Z")] = "pixel_network.bin"
    units: _Count
    hidden: Annotated[int, Meta(ge=0, le=1000)]
    latent_scale: float
    activations: list[str]
    octaves: Annotated[int, Meta(ge=0, le=16)] = 0
    directions: Annotated[int, Meta(ge=1, le=64)] = 4
    modulated: bool = False
    mapping_depth: Annotated[int, Meta(ge=0, le=64)] = 0
    mapping_width: _Count = 1


class LiteRTDescription(msgspec.Struct, frozen=True, kw_only=True):
    """What a person or a program has to know to draw with a model's LiteRT files.

    Attributes:
        format: The version of this description.
        kerasgan: The version of kerasgan that wrote it.
        name: Name of the model.
        objective: Name of its class in `kerasgan.models`.
        weights: The fingerprint of the weights; see `kerasgan.drawing.provenance.fingerprint`.
        latent_dim: Length of the latents.
        latent_distribution: The distribution of the latents.
        image_shape: `(height, width, channels)` of the pictures that the model draws itself.
        image_range: The smallest and the largest value of pictures.
        classes: The names of the classes of each label set; empty for most models.
        coordinate_scale: Of a CPPN, the coordinate of the last pixel's centre; else `None`.
        functions: `generate` draws a picture from latents and, of each label set, the part of
            every class (one for the picture's class, zero for the others). A CPPN has `tile`
            instead: the pixels at the crossings of any columns `x` and rows `y`. `encode`, where
            there is an encoder, returns the latents of pictures.
        directions: The directions of the latent in which pictures change most, one after the
            other, as text that `kerasgan.drawing.latents.packed` wrote; see
            `kerasgan.export.directions`.
        pixel_network: Of most CPPNs, the network at each pixel; else `None`.
    """

    format: Literal[1] = FORMAT
    kerasgan: str
    name: str
    objective: str
    weights: str
    latent_dim: _Count
    latent_distribution: Literal["N(0, 1)"] = "N(0, 1)"
    image_shape: tuple[_Count, _Count, Annotated[int, Meta(ge=1, le=3)]]
    image_range: tuple[float, float] = (0.0, 1.0)
    classes: dict[str, Annotated[list[str], Meta(min_length=1)]] = {}
    coordinate_scale: float | None = None
    functions: dict[FunctionName, LiteRTFunction]
    directions: str = ""
    pixel_network: PixelNetwork | None = None

    def as_json(self) -> str:
        """Returns the text of the file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2).decode() + "\n"


def read_description(folder: str | Path) -> LiteRTDescription:
    """Reads the description in a folder of LiteRT files.

    Raises:
        UserError: The file is missing, damaged or of another version.
    """
    path = Path(folder) / DESCRIPTION
    try:
        return msgspec.json.decode(read_text(path), type=LiteRTDescription)
    except FileNotFoundError:
        raise UserError(f"{folder} has no LiteRT files: there is no {DESCRIPTION}") from None
    except (OSError, ValueError, RecursionError) as error:
        reason = shortened(getattr(error, "strerror", None) or error, 200)
        raise UserError(
            f"Cannot read {path}: {reason}; export the model again with this kerasgan"
        ) from None
