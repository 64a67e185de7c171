"""From TensorFlow functions to the bytes of `.tflite` files."""

import tempfile
from collections.abc import Callable, Sequence

import tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.lite.python.convert import ConverterError
from tensorflow.lite.tools import flatbuffer_utils

from kerasgan.errors import UserError, shortened
from kerasgan.models.base.quiet_saving import quiet_saving


class _Weights(tf.Module):
    """Holds variables: the converter finds only those that the saved object holds."""

    def __init__(self, variables: Sequence[tf.Variable]) -> None:
        super().__init__()
        self.held = list(variables)


def convert(
    function: Callable,
    inputs: Sequence[tf.TensorSpec],
    variables: Sequence[tf.Variable],
    *,
    float16: bool,
) -> bytearray:
    """Converts a function to LiteRT's own operations.

    Args:
        function: Takes the inputs and returns a dict of tensors.
        inputs: Shapes, which have to be known, dtypes and names of the inputs.
        variables: All variables that the function reads.
        float16: Whether to keep weights in float16; all is computed in float32.

    Returns:
        The file's bytes. Its signature `serving_default` has the names of inputs and outputs.

    Raises:
        UserError: The function has an operation that LiteRT lacks.
    """
    root = _Weights(variables)
    traced = tf.function(function, autograph=False, input_signature=list(inputs))
    concrete = traced.get_concrete_function()
    with tempfile.TemporaryDirectory() as folder, quiet_saving():
        tf.saved_model.save(root, folder, signatures=concrete)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if float16:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.target_spec.supported_types = [tf.float16]
        try:
            return bytearray(converter.convert())
        except ConverterError as error:
            reason = shortened(" ".join(str(error).split()), 200)
            raise UserError(f"LiteRT lacks an operation of this model: {reason}") from None


def with_metadata(model: bytearray, name: str, text: str) -> bytes:
    """Returns a `.tflite` file with one more text among its metadata, where programs find it."""
    unpacked = flatbuffer_utils.convert_bytearray_to_object(model)
    content, entry = schema.BufferT(), schema.MetadataT()
    content.data = list(text.encode())
    unpacked.buffers = [*(unpacked.buffers or []), content]
    entry.name, entry.buffer = name, len(unpacked.buffers) - 1
    unpacked.metadata = [*(unpacked.metadata or []), entry]
    return bytes(flatbuffer_utils.convert_object_to_bytearray(unpacked))
