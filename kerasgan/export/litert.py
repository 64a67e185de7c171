"""A model as LiteRT files, which draw without TensorFlow and in browsers.

Each function of the model becomes a `.tflite` file for one picture: `generate`, or, of a CPPN,
`tile`, and `encode` where there is an encoder. `model.json` describes them; see
`kerasgan.drawing.litert.description`. For GPUs, most CPPNs also have their weights
alone, as `pixel_network.bin`.

Reference:
    LiteRT, https://ai.google.dev/edge/litert (formerly TensorFlow Lite).
"""

from collections.abc import Callable, Collection
from pathlib import Path

import keras
import tensorflow as tf

from kerasgan.drawing.drawable import own_size
from kerasgan.drawing.keras_engine import one_hot_copy
from kerasgan.drawing.latents import packed
from kerasgan.drawing.litert.description import (
    DESCRIPTION,
    METADATA,
    TILE,
    FunctionName,
    LiteRTDescription,
    LiteRTFunction,
    Precision,
    read_description,
)
from kerasgan.drawing.provenance import fingerprint
from kerasgan.errors import UserError
from kerasgan.export.conversion import convert, with_metadata
from kerasgan.export.directions import leading_directions
from kerasgan.export.pixel_network import pixel_network
from kerasgan.export.softplus import without_overflow
from kerasgan.files.atomic import write_text
from kerasgan.files.new_folder import files_below, new_folder
from kerasgan.files.user_path import user_path
from kerasgan.models import AdversarialModel
from kerasgan.models.base.model_argument import check_is_model
from kerasgan.networks.cppn_render import cppn_layers, is_cppn, known_cppn_layers
from kerasgan.version import __version__

# A CPPN is small, and an error in its weights grows with the coordinates.
_PRECISIONS: dict[FunctionName, Precision] = {
    "generate": "float16",
    "tile": "float32",
    "encode": "float16",
}

Function = tuple[Callable, list[tf.TensorSpec], list[tf.Variable]]


def export_litert(
    model: AdversarialModel,
    folder: str | Path,
    *,
    name: str = "",
    force: bool = False,
    report: Callable[[str], None] | None = None,
) -> Path:
    """Writes a model as LiteRT files.

    Weights are kept in float16, those of CPPNs in float32; pictures differ from TensorFlow's by at
    most three grey levels of 255.

    Args:
        model: The model, in float32.
        folder: The folder to write: `model.json`, the `.tflite` files and, of a CPPN, the network
            that browsers draw by the GPU. The files of an earlier export in it are replaced.
        name: Name of the model, to be kept in the description.
        force: Whether to replace files of the same names that are not those of an export.
        report: What to call with the name of each file before it is written, if anything.

    Returns:
        The folder.

    Raises:
        UserError: The model cannot be exported, or the folder has other files.

    Example:
    >>> export_litert(kerasgan.zoo.load("pokemon_wgan"), "pokemon_litert")
    PosixPath('pokemon_litert')
    """
    folder = user_path(folder)
    check_exportable(model, name)
    with new_folder(folder, replaceable=lambda path: replaceable_litert(path, force)) as new:
        write_litert(model, new, name=name, report=report)
    return folder


def write_litert(
    model: AdversarialModel,
    folder: Path,
    *,
    name: str = "",
    report: Callable[[str], None] | None = None,
) -> None:
    """Writes the files of `export_litert` into a folder that is there.

    Raises:
        UserError: The model cannot be exported.
    """
    check_exportable(model, name)
    report = report or (lambda file: None)
    functions, converted = _functions(model), {}
    for key, function in functions.items():
        report(f"{key}.tflite")
        converted[key] = convert(*function, float16=_PRECISIONS[key] == "float16")
    report(DESCRIPTION)
    layers = cppn_layers(model.generator)
    network, weights = pixel_network(model) or (None, b"")
    description = LiteRTDescription(
        kerasgan=__version__,
        name=name,
        objective=type(model).__name__,
        weights=fingerprint(model),
        latent_dim=model.latent_dim,
        image_shape=_image_shape(model),
        classes={key: list(model.class_names[key]) for key in model.condition},
        coordinate_scale=None if layers is None else layers.first.coordinate_scale,
        functions={key: _described(model, key, *functions[key][:2]) for key in functions},
        directions=packed(leading_directions(model)),
        pixel_network=network,
    )
    text = description.as_json()
    for key, function in description.functions.items():
        (folder / function.file).write_bytes(with_metadata(converted[key], METADATA, text))
    if network is not None:
        (folder / network.file).write_bytes(weights)
    write_text(folder / DESCRIPTION, text)


def check_exportable(model: AdversarialModel, name: str = "") -> None:
    """Raises UserError if LiteRT could not draw with a model."""
    check_is_model("model", model)
    title = name or "The model"
    if None in model.image_shape or model.image_shape[2] not in (1, 3):
        raise UserError(
            f"{title} cannot be exported to LiteRT, which needs pictures of one size, grey or in "
            f"colour. Received: image_shape={model.image_shape}"
        )
    for layer in model.sampling_generator.layers:
        if layer.compute_dtype != "float32" and layer.weights:
            raise UserError(
                f"{title} cannot be exported to LiteRT in {layer.compute_dtype}; load it with "
                "precision='float32'"
            )


def replaceable_litert(folder: Path, force: bool = False) -> Collection[str]:
    """Returns the files of an earlier export in a folder; with `force`, all that have its names."""
    try:
        description = read_description(folder)
        files = {DESCRIPTION, *(function.file for function in description.functions.values())}
        return files | ({description.pixel_network.file} if description.pixel_network else set())
    except UserError:
        return {name for name in files_below(folder) if force and _is_export_name(name)}


def _is_export_name(name: str) -> bool:
    return name in {DESCRIPTION, "pixel_network.bin", *(f"{key}.tflite" for key in _PRECISIONS)}


def _functions(model: AdversarialModel) -> dict[FunctionName, Function]:
    """Returns each function with the specifications of its inputs and the variables it reads."""
    functions: dict[FunctionName, Function] = {}
    if is_cppn(model.sampling_generator):
        functions["tile"] = _tile(model)
    else:
        functions["generate"] = _generate(model)
    if "encoder" in model.networks:
        functions["encode"] = _encode(model)
    return functions


def _generate(model: AdversarialModel) -> Function:
    network = without_overflow(model.sampling_generator)
    if model.condition:
        network = one_hot_copy(network)
    parts = [_spec(key, len(model.class_names[key])) for key in model.condition]

    def generate(latents: tf.Tensor, *parts: tf.Tensor) -> dict[str, tf.Tensor]:
        images = network([latents, *parts] if parts else latents, training=False)
        return {"images": model.image_range.to_user(images)}

    return generate, [_spec("latents", model.latent_dim), *parts], _variables(network)


def _tile(model: AdversarialModel) -> Function:
    network = without_overflow(model.sampling_generator)
    layers = known_cppn_layers(network)

    def tile(latents: tf.Tensor, x: tf.Tensor, y: tf.Tensor) -> dict[str, tf.Tensor]:
        latents = layers.mapped(latents)
        images = layers.images(layers.first.at(latents, x, y), latents)
        return {"images": model.image_range.to_user(images)}

    places = [tf.TensorSpec((TILE,), tf.float32, name=name) for name in ("x", "y")]
    inputs = [_spec("latents", model.latent_dim), *places]
    return tile, inputs, _variables(network)


def _encode(model: AdversarialModel) -> Function:
    network = without_overflow(model.encoder)
    low, high = model.image_range.low, model.image_range.high

    def encode(images: tf.Tensor) -> dict[str, tf.Tensor]:
        # Without the check of the range, which is an operation that LiteRT lacks.
        images = images * (high - low) + low
        return {"latents": network(images, training=False)[0]}

    return encode, [_spec("images", *_image_shape(model))], _variables(network)


def _image_shape(model: AdversarialModel) -> tuple[int, int, int]:
    size = own_size(model)
    return size.height, size.width, model.image_shape[2]


def _spec(name: str, *shape: int) -> tf.TensorSpec:
    return tf.TensorSpec((1, *shape), tf.float32, name=name)


def _variables(network: keras.Model) -> list[tf.Variable]:
    return [weight.value for weight in network.weights]


def _described(
    model: AdversarialModel, key: FunctionName, function: Callable, inputs: list[tf.TensorSpec]
) -> LiteRTFunction:
    outputs = {
        "generate": {"images": (1, *_image_shape(model))},
        "tile": {"images": (1, TILE, TILE, model.image_shape[2])},
        "encode": {"latents": (1, model.latent_dim)},
    }[key]
    shapes = {str(spec.name): tuple(int(side or 0) for side in spec.shape) for spec in inputs}
    return LiteRTFunction(
        file=f"{key}.tflite", precision=_PRECISIONS[key], inputs=shapes, outputs=outputs
    )
