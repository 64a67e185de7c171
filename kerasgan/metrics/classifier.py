"""A small classifier, trained on the labelled images at hand."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from tqdm import tqdm

from kerasgan.data import ImageSet, holdout_split
from kerasgan.data.holdout import labelled_like
from kerasgan.errors import UserError
from kerasgan.files.atomic import atomic_path, write_text
from kerasgan.files.cache_folder import cache_folder, cache_key
from kerasgan.files.user_path import user_path
from kerasgan.metrics.classifier_network import classifier_network
from kerasgan.metrics.features import Features, Images

# Raise it whenever the same images give another classifier.
_FORMAT = 1
_BATCH_SIZE = 64
_STEPS = 1000
_EPOCHS = 10
_HOLDOUT = 0.1


@dataclass(frozen=True, eq=False)
class Classifier:
    """A network that classifies images by each of their label sets.

    Attributes:
        network: A model from images in [0, 1] to features `(batch, n)` and the logits of each
            label set.
        accuracies: By label set, the fraction of held-out images that it classifies correctly.
        held_out: The number of held-out images.
        identity: A text unique to this classifier, by which its features are cached.
    """

    network: keras.Model
    accuracies: Mapping[str, float]
    held_out: int
    identity: str

    @property
    def features(self) -> Features:
        """The features that it classifies images by."""
        facts = {f"{name}_accuracy": round(each, 4) for name, each in self.accuracies.items()}
        return Features(
            "classifier of " + " and ".join(self.accuracies),
            keras.Model(self.network.inputs, self.network.outputs[0]),
            self.network.inputs[0].shape[1],
            identity=self.identity,
            scale=1.0,
            facts=tuple(facts.items()),
        )

    def classes(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Returns the classes that it assigns to images, integers `(n,)` by label set.

        Args:
            images: uint8 `(n, size, size, channels)`.
        """
        return _classes(self.network, list(self.accuracies), images)


def trained_classifier(
    images: ImageSet,
    held_out: ImageSet | None = None,
    *,
    cache_dir: str | Path | None = None,
    progress: bool = False,
) -> Classifier:
    """Returns a classifier of all label sets of images, which is trained once and then cached.

    Args:
        images: The images, each with a label in each of their label sets.
        held_out: Images with the same label sets to test it on, whose classes may be in another
            order; None to hold out a tenth of the images.
        cache_dir: The cache folder; None for `$KERASGAN_CACHE`, or the platform's cache folder if
            that is not set.
        progress: Whether to show a progress bar on stderr.

    Raises:
        UserError: The images have no labels, an image without a label, or only one class.
    """
    names = list(images.labels)
    if not names:
        raise UserError(
            "a classifier learns from labels, and these images have none: use the features "
            "efficientnet_lite1, or images that are sorted into a folder for each class"
        )
    for name in names:
        if len(np.unique(images.labels[name])) < 2 or images.labels[name].min() < 0:
            raise UserError(
                f"a classifier needs a label in {name!r} for each image, and at least two classes: "
                "choose label sets and images with images.select"
            )
    if held_out is None:
        images, held_out = holdout_split(images, _HOLDOUT)
    else:
        held_out = labelled_like(held_out, images)
    identity = cache_key(["classifier", _FORMAT, images.fingerprint, held_out.fingerprint])
    folder = cache_folder() if cache_dir is None else user_path(cache_dir)
    weights = folder / f"{identity}.weights.h5"
    facts = folder / f"{identity}.accuracies.json"
    classes = {name: len(images.class_names[name]) for name in names}
    _, height, width, channels = images.images.shape
    network = classifier_network((height, width, channels), classes)
    try:
        accuracies = json.loads(facts.read_text(encoding="utf-8"))
        network.load_weights(weights)
    except (OSError, ValueError):
        _train(network, images, progress=progress)
        accuracies = _accuracies(network, held_out)
        with atomic_path(weights) as path:
            network.save_weights(path)
        write_text(facts, json.dumps(accuracies))
    return Classifier(network, accuracies, len(held_out), identity)


def _train(network: keras.Model, images: ImageSet, *, progress: bool) -> None:
    steps = max(1, min(_STEPS, _EPOCHS * len(images) // _BATCH_SIZE))
    learner = keras.Model(network.inputs, network.outputs[1:])
    learner.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, steps)),  # pyright: ignore[reportArgumentType]
        loss=[keras.losses.SparseCategoricalCrossentropy(from_logits=True) for _ in images.labels],
    )
    # Here, because building it while the step is traced takes longer.
    learner.optimizer.build(learner.trainable_variables)
    random = np.random.default_rng(0)
    order = np.concatenate([random.permutation(len(images)) for _ in range(_EPOCHS)])
    for step in tqdm(
        range(steps),
        desc="Training a classifier",
        unit="step",
        file=sys.stderr,
        leave=False,
        disable=not progress,
    ):
        rows = order[step * _BATCH_SIZE : (step + 1) * _BATCH_SIZE]
        batch = np.asarray(images.images[rows], np.float32) / 255.0
        learner.train_on_batch(batch, [labels[rows] for labels in images.labels.values()])


def _accuracies(network: keras.Model, held_out: ImageSet) -> dict[str, float]:
    names = list(held_out.labels)
    predicted = _classes(network, names, held_out.images)
    return {name: float((predicted[name] == held_out.labels[name]).mean()) for name in names}


def _classes(network: keras.Model, names: list[str], images: Images) -> dict[str, np.ndarray]:
    parts = []
    for first in range(0, len(images), _BATCH_SIZE):
        batch = np.asarray(images[first : first + _BATCH_SIZE], np.float32) / 255.0
        _, *logits = network(batch, training=False)
        parts.append([np.argmax(each, axis=1) for each in logits])
    return dict(zip(names, map(np.concatenate, zip(*parts, strict=True)), strict=True))
