"""Where images come from, and the `tf.data` pipeline that feeds them to a model.

What this offers is imported when it is first used: listing and preparing data sets need no
TensorFlow.
"""

import importlib
from typing import Any

_MEMBERS = {
    "Augmentation": "augmentation",
    "ImageSet": "image_set",
    "holdout_split": "holdout",
    "load_images": "load",
    "training_dataset": "pipeline",
}

__all__ = sorted(_MEMBERS)


def __getattr__(name: str) -> Any:
    if name not in _MEMBERS:
        raise AttributeError(f"module 'kerasgan.data' has no attribute {name!r}")
    return getattr(importlib.import_module(f"kerasgan.data.{_MEMBERS[name]}"), name)


def __dir__() -> list[str]:
    return __all__
