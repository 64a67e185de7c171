"""From models to files that draw without TensorFlow: LiteRT, for programs and browsers.

Names are imported when they are first used.
"""

from typing import TYPE_CHECKING

__all__ = ["export_litert"]

if TYPE_CHECKING:
    from kerasgan.export.litert import export_litert
else:
    from kerasgan.lazy_members import lazy_members

    __getattr__, __dir__ = lazy_members(__name__, {"export_litert": "litert"})
