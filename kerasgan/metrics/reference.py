"""The real images that models are measured against."""

from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np

from kerasgan.data import ImageSet
from kerasgan.errors import UserError
from kerasgan.metrics.classifier import Classifier, trained_classifier
from kerasgan.metrics.feature_cache import FeatureCache
from kerasgan.metrics.features import Features
from kerasgan.metrics.image_input import LEAST_IMAGES, as_image_set, as_uint8, check_same_kind
from kerasgan.metrics.measure import Measure
from kerasgan.metrics.measures import K_DENSITY_COVERAGE, K_PRECISION_RECALL, measures
from kerasgan.metrics.named_features import named_features
from kerasgan.metrics.neighbours import Neighbours, neighbours


class Reference:
    """A fixed set of real images with its features, to measure models against many times.

    Two sets of `count` images are drawn from the real ones, without an image in both: the
    *reals*, which `count` fakes are compared with, and the *others*, which stand in for the fakes
    to get the *floor* of each measure. Measures depend on how many images are compared, most of
    all the Fréchet distance. So the floor is of the very counts of the measure, and a model whose
    pictures are the data's comes to 1 times the floor, up to chance.

    ```python
    reference = Reference(images, count=500)
    reference.measure(gan.generate(500, seed=0))["frechet_distance"].ratio
    ```

    Args:
        images: The real images: an `ImageSet`, or `(n, size, size, channels)`, uint8, or float in
            [0, 1]; at least 100.
        count: The number of fakes, of reals and of others; half of the images where they are
            fewer than twice as many.
        features: What images are compared by; see `named_features`. `"classifier"` takes those of
            a `trained_classifier` of the images.
        held_out: Images that no model was trained on, labelled like the images, if there are any:
            a critic and a classifier are tested on them.
        seed: Of the choice of images.
        cache_dir: Where features are kept; None for `$KERASGAN_CACHE`, else the platform's cache
            folder.
        progress: Whether to show progress bars on stderr.

    Attributes:
        images: All the real images, an `ImageSet`.
        count: As above, with what there is.
        rows: Integers `(2 count,)`: the reals and then the others among the images.
        features: The `Features`.
        has_features_of_classifier: Whether they are those of a classifier of these images.
        held_out: As above.

    Raises:
        UserError: The images or the count are too few, or outside [0, 1], or there are no such
            features.
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
        if count < LEAST_IMAGES:
            raise UserError(
                f"a measure needs at least {LEAST_IMAGES} pictures. Received: count={count}"
            )
        if len(self.images) < 2 * LEAST_IMAGES:
            raise UserError(
                f"a measure needs at least {2 * LEAST_IMAGES} real images, half of them for its "
                f"floor. Received: {len(self.images)} images"
            )
        if held_out is not None:
            check_same_kind(held_out.images.shape, self.images.images.shape)
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
    def floor(self) -> dict[str, tuple[float, float | None]]:
        """The measures between the reals and the others, with their standard errors."""
        return measures(self.real_features, self.other_features)

    @cached_property
    def classifier(self) -> Classifier:
        """A classifier of the images' label sets, trained when it is first asked for.

        Raises:
            UserError: The images have no labels.
        """
        return trained_classifier(
            self.images, self.held_out, cache_dir=self._cache_dir, progress=self.progress
        )

    @property
    def protocol(self) -> dict[str, Any]:
        """What the numbers are of, JSON-able: they mean nothing without it."""
        return {
            **self.features.protocol,
            "count": self.count,
            "real_images": len(self.images),
            "image_shape": list(self.images.images.shape[1:]),
            "held_out_images": 0 if self.held_out is None else len(self.held_out),
            "images_fingerprint": self.images.fingerprint,
            "seed": self.seed,
            "k_precision_recall": K_PRECISION_RECALL,
            "k_density_coverage": K_DENSITY_COVERAGE,
        }

    def measure(self, fakes: np.ndarray) -> dict[str, Measure]:
        """Measures pictures against the reals.

        Args:
            fakes: `(count, height, width, channels)` of the reals' shape, float in [0, 1] or
                uint8.

        Returns:
            By their names: `frechet_distance`, `kernel_distance`, `precision`, `recall`,
            `density`, `coverage`, and of `Neighbours` `neighbour_distance` (the median) and
            `near_copies`.

        Raises:
            UserError: The fakes are of another number or shape, or outside [0, 1].
        """
        return self.measure_features(self.features_of(fakes))

    def features_of(self, fakes: np.ndarray) -> np.ndarray:
        """Returns the features of pictures, float32 `(count, features)`; see `measure`."""
        fakes = as_uint8(fakes)
        check_same_kind(fakes.shape, self.images.images.shape)
        if len(fakes) != self.count:
            raise UserError(
                f"there must be as many fakes as reals, {self.count}, for measures depend on the "
                f"number. Received: {len(fakes)} fakes"
            )
        return self.features(fakes, describe="Features of fakes", progress=self.progress)

    def measure_features(self, fakes: np.ndarray) -> dict[str, Measure]:
        """Measures the features of pictures; see `measure`."""
        values = measures(self.real_features, fakes)
        result = {
            name: Measure(value, self.floor[name][0], error, self.floor[name][1])
            for name, (value, error) in values.items()
        }
        near = self.neighbours(fakes)
        result["neighbour_distance"] = Measure(near.median, near.real_median)
        result["near_copies"] = Measure(near.near_copies, near.real_near_copies)
        return result

    def neighbours(self, fakes: np.ndarray) -> Neighbours:
        """Returns the nearest reals to the features of pictures."""
        return neighbours(fakes, self.real_features, self.other_features)

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
