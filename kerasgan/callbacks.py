"""Callbacks for `fit`, which need no run folder.

>>> from kerasgan.callbacks import SampleGrid
>>> gan.fit(dataset, epochs=100, callbacks=[SampleGrid("samples", every=500)])
"""

from kerasgan.training.callbacks import (
    Evaluate,
    HeldOutAccuracy,
    SampleGrid,
    StopOnDivergence,
    StopOnSignal,
)

__all__ = ["Evaluate", "HeldOutAccuracy", "SampleGrid", "StopOnDivergence", "StopOnSignal"]
