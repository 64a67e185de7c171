"""A model's generator as one ONNX file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tensorflow as tf

from kerasgan.drawing.overwriting import check_overwrite
from kerasgan.drawing.provenance import fingerprint
from kerasgan.errors import UserError, shortened
from kerasgan.export.drawing_network import IMAGES, LATENTS
from kerasgan.files.atomic import atomic_write
from kerasgan.files.user_path import user_path
from kerasgan.models.base.generative_model import GenerativeModel
from kerasgan.models.base.model_argument import check_is_model
from kerasgan.version import __version__

# All runtimes since 2023 have it.
_OPSET = 18


def export_onnx(
    model: GenerativeModel,
    path: str | Path,
    *,
    name: str = "",
    force: bool = False,
    report: Callable[[str], None] | None = None,
) -> Path:
    """Writes what a model draws with as one ONNX file, for runtimes such as `onnxruntime`.

    Images differ from TensorFlow's by rounding alone: by less than 1e-5 for each shipped model.

    Args:
        model: The model, in float32. The file has its `sampling_generator`: the average of the
            generator's weights if there is one.
        path: The file to write; it must end in `.onnx`.
        name: Name of the model, to be kept in the file's metadata beside the names of the classes,
            the fingerprint of the weights and the version of kerasgan.
        force: Whether to replace a file that is there.
        report: What to call with the name of the file before it is written, if anything.

    Returns:
        The path. The graph takes `latents`, float32 `(batch, latent_dim)`, and, for each label
        set, an input of its name, int32 `(batch,)`; it returns `images`, float32
        `(batch, height, width, channels)` in [0, 1]. The size of the batch is free.

    Raises:
        UserError: tf2onnx is not installed, `model` is not a model, the path has another ending, a
            file is there or cannot be written, or the model is not in float32 or has an operation
            that ONNX lacks.

    Reference:
        ONNX, https://onnx.ai; converted by tf2onnx, https://github.com/onnx/tensorflow-onnx.

    Example:
    >>> export_onnx(kerasgan.zoo.load("pokemon_wgan"), "creatures.onnx")
    PosixPath('creatures.onnx')
    >>> session = onnxruntime.InferenceSession("creatures.onnx")
    >>> latents = np.random.default_rng(0).normal(size=(4, 100)).astype("float32")
    >>> session.run(["images"], {"latents": latents})[0].shape
    (4, 128, 128, 3)
    """
    check_is_model("model", model)
    path = user_path(path)
    if path.suffix != ".onnx":
        raise UserError(f"The file must end in .onnx. Received: {path}")
    for layer in model.sampling_generator.layers:
        if layer.compute_dtype != "float32" and layer.weights:
            raise UserError(
                f"A model is exported to ONNX in float32 only; load it with precision='float32'. "
                f"Received: layer {layer.name!r} in {layer.compute_dtype}"
            )
    check_overwrite(path, force=force)
    if report:
        report(path.name)
    graph = _converted(model)
    for each in [*graph.graph.input, *graph.graph.output]:
        each.type.tensor_type.shape.dim[0].dim_param = "batch"
    metadata = {
        "kerasgan": __version__,
        "name": name,
        "weights": fingerprint(model),
        "classes": json.dumps({key: list(model.class_names[key]) for key in model.condition}),
    }
    for key, text in metadata.items():
        entry = graph.metadata_props.add()
        entry.key, entry.value = key, text
    with atomic_write(path) as file:
        file.write(graph.SerializeToString())
    return path


def _converted(model: GenerativeModel) -> Any:
    """Returns the model's ONNX graph, checked."""
    try:
        import onnx
        import tf2onnx.convert
    except ImportError:
        raise UserError("Exporting to ONNX needs tf2onnx: pip install 'kerasgan[onnx]'") from None
    signature = [
        tf.TensorSpec((None, model.latent_dim), tf.float32, name=LATENTS),
        *(tf.TensorSpec((None,), tf.int32, name=labels) for labels in model.condition),
    ]

    @tf.function(autograph=False, input_signature=signature)
    def generate(latents: tf.Tensor, *labels: tf.Tensor) -> dict[str, tf.Tensor]:
        return {IMAGES: model([latents, *labels] if labels else latents)}

    try:
        graph, _ = tf2onnx.convert.from_function(generate, signature, opset=_OPSET)
        onnx.checker.check_model(graph)
    except MemoryError:
        raise
    except Exception as error:  # the converter raises many kinds, and the checker its own
        reason = shortened(" ".join(f"{type(error).__name__}: {error}".split()), 200)
        raise UserError(f"The model cannot be converted to ONNX: {reason}") from error
    return graph
