"""Loading images, and the `tf.data` pipeline that feeds them to a model.

Members are imported when they are first used: preparing data sets needs no TensorFlow.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kerasgan.data.augmentation import Augmentation as Augmentation
    from kerasgan.data.holdout import holdout_split as holdout_split
    from kerasgan.data.image_set import ImageSet as ImageSet
    from kerasgan.data.image_set import SkippedFile as SkippedFile
    from kerasgan.data.load import load_images as load_images
    from kerasgan.data.pipeline import training_dataset as training_dataset

_MEMBERS = {
    "Augmentation": "augmentation",
    "ImageSet": "image_set",
    "SkippedFile": "image_set",
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
