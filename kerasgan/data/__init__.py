"""From files to batches: loading images, and the `tf.data` pipeline that feeds them to a model.

Members are imported when they are first used: preparing data sets needs no TensorFlow.
"""

from typing import TYPE_CHECKING

__all__ = [
    "Augmentation",
    "ImageSet",
    "SkippedFile",
    "holdout_split",
    "load_images",
    "training_dataset",
]

if TYPE_CHECKING:
    from kerasgan.data.augmentation import Augmentation
    from kerasgan.data.holdout import holdout_split
    from kerasgan.data.image_set import ImageSet
    from kerasgan.data.load import load_images
    from kerasgan.data.pipeline import training_dataset
    from kerasgan.data.skipped import SkippedFile
else:
    from kerasgan.lazy_members import lazy_members

    __getattr__, __dir__ = lazy_members(
        __name__,
        {
            "Augmentation": "augmentation",
            "ImageSet": "image_set",
            "SkippedFile": "skipped",
            "holdout_split": "holdout",
            "load_images": "load",
            "training_dataset": "pipeline",
        },
    )
