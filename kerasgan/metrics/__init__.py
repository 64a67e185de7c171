"""How close a model's images are to real ones: distances, precision, recall, nearest neighbours.

>>> evaluation = kerasgan.metrics.evaluate(gan, images)
>>> evaluation["frechet_distance"].ratio

Each measure has a floor beside it: the same measure between two sets of real images.
"""

from kerasgan.metrics.classifier import Classifier, trained_classifier
from kerasgan.metrics.confusion import Confusion, held_out_confusions
from kerasgan.metrics.confusion_picture import draw_confusions
from kerasgan.metrics.distances import KernelDistance, frechet_distance, kernel_distance
from kerasgan.metrics.evaluation import Evaluation, Measure
from kerasgan.metrics.feature_set import FeatureSet
from kerasgan.metrics.features import Features
from kerasgan.metrics.known_features import named_features
from kerasgan.metrics.measuring import evaluate
from kerasgan.metrics.nearest import Neighbours, neighbours
from kerasgan.metrics.prdc import (
    DensityCoverage,
    PrecisionRecall,
    density_coverage,
    precision_recall,
)
from kerasgan.metrics.reference import Reference

__all__ = [
    "Classifier",
    "Confusion",
    "DensityCoverage",
    "Evaluation",
    "FeatureSet",
    "Features",
    "KernelDistance",
    "Measure",
    "Neighbours",
    "PrecisionRecall",
    "Reference",
    "density_coverage",
    "draw_confusions",
    "evaluate",
    "frechet_distance",
    "held_out_confusions",
    "kernel_distance",
    "named_features",
    "neighbours",
    "precision_recall",
    "trained_classifier",
]
