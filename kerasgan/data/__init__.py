"""Where images come from, and the `tf.data` pipeline that feeds them to a model.

The classes and functions are imported when they are first used: processes that only decode images
need no TensorFlow.
"""

import importlib
from typing import Any

_MODULES = {
    "Augmentation": "augmentation",
    "ImageSet": "image_set",
    "holdout_split": "holdout",
    "load_images": "load",
    "training_dataset": "pipeline",
}

__all__ = ["Augmentation", "ImageSet", "holdout_split", "load_images", "training_dataset"]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(importlib.import_module(f"kerasgan.data.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'kerasgan.data' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_MODULES])
