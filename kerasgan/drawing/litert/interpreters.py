"""LiteRT interpreters of one file, as many as threads run it at once."""

import os
import threading
from pathlib import Path

import numpy as np

from kerasgan.drawing.litert.description import LiteRTFunction
from kerasgan.errors import UserError


class Interpreters:
    """A function in a `.tflite` file, which several threads may call at once.

    An interpreter runs one call at a time on one thread, so that the results do not depend on how
    many processors there are. Each thread that finds none free gets a new one; they share the
    file's pages in memory.

    Args:
        path: The file.
        function: What its description says of it.

    Raises:
        UserError: LiteRT is not installed, or the file is missing, damaged or of another function.
    """

    def __init__(self, path: Path, function: LiteRTFunction) -> None:
        self._path = path
        self._function = function
        self._lock = threading.Lock()
        self._free = [self._runner()]

    def __call__(self, **inputs: np.ndarray) -> np.ndarray:
        """Returns the function's only output, float32, a copy.

        Args:
            inputs: The inputs by name, float32 of the shapes that the description names.
        """
        with self._lock:
            runner = self._free.pop() if self._free else None
        runner = runner or self._runner()
        (output,) = runner(**inputs).values()
        with self._lock:
            self._free.append(runner)
        return output

    def _runner(self):  # noqa: ANN202
        if not self._path.is_file():
            raise UserError(f"{self._path} is missing; export the model again")
        interpreter = _import_interpreter()
        try:
            loaded = interpreter(os.fsencode(self._path), num_threads=1)
            loaded.allocate_tensors()
            runner = loaded.get_signature_runner("serving_default")
            details = runner.get_input_details(), runner.get_output_details()
        except (ValueError, RuntimeError, KeyError) as error:
            raise UserError(f"{self._path} is damaged: {error}; export the model again") from None
        found = [{key: tuple(each["shape"]) for key, each in part.items()} for part in details]
        if found != [self._function.inputs, self._function.outputs]:
            raise UserError(
                f"{self._path} is not the file that the description beside it describes; export "
                "the model again"
            )
        return runner


def _import_interpreter() -> type:
    """Returns the class of LiteRT's interpreters."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        raise UserError(
            "Drawing by LiteRT needs ai-edge-litert: pip install 'kerasgan[litert]', or pass "
            "engine='tensorflow'"
        ) from None
    return Interpreter
