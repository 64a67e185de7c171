"""The real images that models are measured against."""

from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np

from kerasgan.argument_checks import whole_number
from kerasgan.data import ImageSet
from kerasgan.errors import UserError
from kerasgan.metrics.classifier import Classifier, trained_classifier
from kerasgan.metrics.distances import frechet_distance, kernel_distance
from kerasgan.metrics.evaluation import Measure
from kerasgan.metrics.feature_set import FeatureSet, as_feature_set
from kerasgan.metrics.features import FeatureCache, Features
from kerasgan.metrics.image_checks import LEAST_IMAGES, as_image_set, as_uint8, check_same_size
from kerasgan.metrics.known_features import named_features
from kerasgan.metrics.nearest import Neighbours, neighbours
from kerasgan.metrics.prdc import density_coverage, precision_recall

_K_PRECISION_RECALL = 3
_K_DENSITY_COVERAGE = 5


class Reference:
    """A fixed set of real images with its features, to measure any number of models against.

    Two sets of `count` images are chosen from the real ones, with no image in both: the *reals*,
    which `count` fakes are compared with, and the *others*, which take the place of the fakes to
    give each measure its *floor*. Measures depend on how many images are compared, the Fréchet
    distance most of all. The floor compares as many images as the measure does, so a model whose
    images are distributed like the data has measures of 1 times the floor, up to chance.

    ```python
    reference = Reference(images, count=500)
    reference.measure(gan.generate(500, seed=0))["frechet_distance"].ratio
    ```

    Args:
        images: The real images: an `ImageSet`, or `(n, size, size, channels)`, uint8, or float in
            [0, 1]; at least 100.
        count: The number of fakes, of reals and of others, at least 50; if there are fewer than
            `2 * count` images, it is half their number.
        features: The features that images are compared by; see `named_features`. `"classifier"`
            trains a classifier on the images and takes its features; see `trained_classifier`.
        held_out: Images that no model was trained on, labelled like the images, if there are any:
            critics and the classifier are tested on them.
        seed: Seed of the choice of images.
        cache_dir: The folder where features are cached; None for `$KERASGAN_CACHE`, or the
            platform's cache folder if that is not set.
        progress: Whether to show progress bars on stderr.

    Attributes:
        images: All the real images, an `ImageSet`.
        count: The number of fakes, of reals and of others.
        rows: Integers `(2 * count,)`: the indices of the reals, followed by those of the others.
        features: The `Features` that images are compared by.
        has_features_of_classifier: Whether they are those of a classifier of these images.
        held_out: The held-out images, or None.

    Raises:
        UserError: There are too few images, `count` is too small, the images have values outside
            [0, 1], or there are no such features.
    """

    def __init__(
        self,
        images: ImageSet | np.ndarray,
        *,
        count: int = 1000,
        features: str | keras.Model | Features = "efficientnet_lite1",
        held_out: ImageSet | None = None,
        seed: int = 0,
        cache_dir: str | Path | None = None,
        progress: bool = False,
    ) -> None:
        self.images = as_image_set(images)
        count = whole_number("count", count, least=LEAST_IMAGES)
        if len(self.images) < 2 * LEAST_IMAGES:
            raise UserError(
                f"there must be at least {2 * LEAST_IMAGES} real images, half of which give the "
                f"floors. Received: {len(self.images)} images, "
                f"{2 * LEAST_IMAGES - len(self.images)} too few"
            )
        if held_out is not None:
            check_same_size(held_out.images.shape, self.images.images.shape)
        self.held_out = held_out
        self.count = min(count, len(self.images) // 2)
        self.seed = seed
        self.progress = progress
        self._cache_dir = cache_dir
        self.has_features_of_classifier = isinstance(features, str) and features == "classifier"
        self.features = (
            self.classifier.features
            if self.has_features_of_classifier
            else named_features(features)
        )
        self.features.check_takes(self.images.images.shape[-1])
        order = np.random.default_rng(seed).permutation(len(self.images))
        self.rows = order[: 2 * self.count]
        self._all_features = self._computed_or_cached()

    @property
    def real_features(self) -> np.ndarray:
        """The features of the reals, float32 `(count, features)`."""
        return self._all_features[: self.count]

    @property
    def other_features(self) -> np.ndarray:
        """The features of the others, float32 `(count, features)`."""
        return self._all_features[self.count :]

    @cached_property
    def real_set(self) -> FeatureSet:
        """The features of the reals as a `FeatureSet`, which the measures share."""
        return FeatureSet(self.real_features)

    @cached_property
    def other_set(self) -> FeatureSet:
        """The features of the others as a `FeatureSet`, which the measures share."""
        return FeatureSet(self.other_features)

    @cached_property
    def floor(self) -> dict[str, tuple[float, float | None]]:
        """The measures between the reals and the others, with their standard errors."""
        return _measures(self.real_set, self.other_set)

    @cached_property
    def classifier(self) -> Classifier:
        """A classifier of the images' label sets, trained when it is first needed.

        Label sets in which some image has no label are left out.

        Raises:
            UserError: The images have no labels, or no label set in which all have one.
        """
        images, labels = self.images, self.images.labels
        complete = [name for name, values in labels.items() if values.min() >= 0]
        if complete and len(complete) < len(labels):
            images = images.select(complete)
        return trained_classifier(
            images, self.held_out, cache_dir=self._cache_dir, progress=self.progress
        )

    @property
    def protocol(self) -> dict[str, Any]:
        """How the measures are taken, JSON-able; numbers mean nothing without it."""
        return {
            **self.features.protocol,
            "count": self.count,
            "real_images": len(self.images),
            "image_shape": list(self.images.images.shape[1:]),
            "held_out_images": 0 if self.held_out is None else len(self.held_out),
            "images_fingerprint": self.images.fingerprint,
            "seed": self.seed,
            "k_precision_recall": _K_PRECISION_RECALL,
            "k_density_coverage": _K_DENSITY_COVERAGE,
        }

    def measure(self, fakes: np.ndarray) -> dict[str, Measure]:
        """Measures images against the reals.

        Args:
            fakes: `(count, height, width, channels)` of the reals' size, float in [0, 1] or uint8.

        Returns:
            The measures by their names: `frechet_distance`, `kernel_distance`, `precision`,
            `recall`, `density`, `coverage`, `neighbour_distance` (the median distance of a fake
            to its nearest real) and `near_copies`, see `Neighbours`.

        Raises:
            UserError: There are more or fewer fakes than reals, or they have another size or
                values outside [0, 1].
        """
        return self.measure_features(self.features_of(fakes))

    def features_of(self, fakes: np.ndarray) -> np.ndarray:
        """Returns the features of images, float32 `(count, features)`; see `measure`."""
        fakes = as_uint8(fakes)
        check_same_size(fakes.shape, self.images.images.shape)
        if len(fakes) != self.count:
            raise UserError(
                f"there must be as many fakes as reals, {self.count}, because measures depend on "
                f"their number. Received: {len(fakes)} fakes"
            )
        return self.features(fakes, describe="Features of fakes", progress=self.progress)

    def measure_features(self, fakes: np.ndarray | FeatureSet) -> dict[str, Measure]:
        """Measures the features of images; see `measure`."""
        fakes = as_feature_set(fakes)
        values = _measures(self.real_set, fakes)
        result = {
            name: Measure(value, self.floor[name][0], error, self.floor[name][1])
            for name, (value, error) in values.items()
        }
        near = self.neighbours(fakes)
        result["neighbour_distance"] = Measure(near.median, near.real_median)
        result["near_copies"] = Measure(near.near_copies, near.real_near_copies)
        return result

    def neighbours(self, fakes: np.ndarray | FeatureSet) -> Neighbours:
        """Returns the nearest reals to the features of images."""
        return neighbours(self.real_set, fakes, self.other_set)

    def real_images(self) -> np.ndarray:
        """Returns the reals, uint8 `(count, size, size, channels)`."""
        return np.asarray(self.images.images[self.rows[: self.count]])

    def other_images(self) -> np.ndarray:
        """Returns the others, uint8 `(count, size, size, channels)`."""
        return np.asarray(self.images.images[self.rows[self.count :]])

    def held_out_images(self) -> np.ndarray | None:
        """Returns at most `count` held-out images, chosen by the seed; None if there are none."""
        if self.held_out is None:
            return None
        # Files come sorted by class.
        order = np.random.default_rng(self.seed).permutation(len(self.held_out))
        return np.asarray(self.held_out.images[order[: self.count]])

    def _computed_or_cached(self) -> np.ndarray:
        depends_on = [self.images.fingerprint, self.rows.tolist(), self.features.protocol]
        cache = FeatureCache(self._cache_dir, [self.features.identity, depends_on])
        shape = 2 * self.count, self.features.network.outputs[0].shape[-1]
        found = cache.read() if self.features.identity else None
        if found is not None and found.shape == shape:
            return found
        images = np.asarray(self.images.images[self.rows])
        found = self.features(images, describe="Features of reals", progress=self.progress)
        if self.features.identity:
            cache.write(found)
        return found


def _measures(reals: FeatureSet, fakes: FeatureSet) -> dict[str, tuple[float, float | None]]:
    """Returns each measure's value, and its standard error where it is known, by its name."""
    kernel = kernel_distance(reals, fakes)
    precision, recall = precision_recall(reals, fakes, k=_K_PRECISION_RECALL)
    density, coverage = density_coverage(reals, fakes, k=_K_DENSITY_COVERAGE)
    return {
        "frechet_distance": (frechet_distance(reals, fakes), None),
        "kernel_distance": (kernel.value, kernel.standard_error),
        "precision": (precision, None),
        "recall": (recall, None),
        "density": (density, None),
        "coverage": (coverage, None),
    }
