"""From models to files for other programs: LiteRT (browsers too), ONNX, and single Keras files.

Names are imported when they are first used.
"""

from typing import TYPE_CHECKING

__all__ = ["export_keras", "export_litert", "export_onnx", "foreign_layers"]

if TYPE_CHECKING:
    from kerasgan.export.drawing_network import foreign_layers
    from kerasgan.export.keras_file import export_keras
    from kerasgan.export.litert import export_litert
    from kerasgan.export.onnx_file import export_onnx
else:
    from kerasgan.lazy_members import lazy_members

    __getattr__, __dir__ = lazy_members(
        __name__,
        {
            "export_keras": "keras_file",
            "export_litert": "litert",
            "export_onnx": "onnx_file",
            "foreign_layers": "drawing_network",
        },
    )
