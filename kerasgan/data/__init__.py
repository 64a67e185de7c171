"""Where images come from, and the `tf.data` pipeline that feeds them to a model."""

from kerasgan.data.augmentation import Augmentation
from kerasgan.data.holdout import holdout_split
from kerasgan.data.image_set import ImageSet
from kerasgan.data.load import load_images
from kerasgan.data.pipeline import training_dataset

__all__ = [
    "Augmentation",
    "ImageSet",
    "holdout_split",
    "load_images",
    "training_dataset",
]
