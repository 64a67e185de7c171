"""All that is measured of a model."""

import keras
import numpy as np

from kerasgan.data import ImageSet
from kerasgan.metrics.drawn import draw, labels_as_in
from kerasgan.metrics.evaluation import Evaluation
from kerasgan.metrics.features import Features
from kerasgan.metrics.image_input import as_uint8, check_same_kind
from kerasgan.metrics.model_measures import model_measures
from kerasgan.metrics.nearest import nearest
from kerasgan.metrics.reference import Reference
from kerasgan.models import AdversarialModel

_PAIRS = 16


def evaluate(
    gan: AdversarialModel,
    images: Reference | ImageSet | np.ndarray,
    *,
    count: int = 1000,
    features: str | keras.Model | Features = "efficientnet_lite1",
    seed: int = 0,
    progress: bool = False,
) -> Evaluation:
    """Measures how near what a model draws is to real images.

    A conditional model is asked for the classes of as many real images. The same model, images
    and seed give the same numbers on the same machine.

    ```python
    evaluation = kerasgan.metrics.evaluate(gan, images)
    evaluation["frechet_distance"].ratio
    ```

    Args:
        gan: The model.
        images: The real images, or a `Reference` made of them, which saves the time of making one
            for each model; then `count`, `features` and `seed` of the choice of images are those
            of the reference.
        count: See `Reference`.
        features: See `named_features`.
        seed: Of the latents, and of the choice of real images.
        progress: Whether to show progress bars on stderr.

    Raises:
        UserError: The images are too few, outside [0, 1], of another size than the model's or
            without its classes; or there are no such features.
    """
    if not isinstance(images, Reference):
        images = Reference(images, count=count, features=features, seed=seed, progress=progress)
    reference = images
    check_same_kind((0, *gan.image_shape), reference.images.images.shape)
    asked = labels_as_in(gan, reference.images, reference.rows[: reference.count])
    fakes = as_uint8(draw(gan, reference.count, asked, seed=seed, progress=progress))
    fake_features = reference.features_of(fakes)
    measures = {
        **reference.measure_features(fake_features),
        **model_measures(gan, fakes, reference),
    }
    return Evaluation(
        protocol={**reference.protocol, "latents_seed": seed},
        measures=measures,
        pairs=_pairs(fakes, fake_features, reference),
    )


def _pairs(fakes: np.ndarray, fake_features: np.ndarray, reference: Reference) -> np.ndarray:
    # The others were trained on too: what is memorized may be one of them.
    features = np.concatenate([reference.real_features, reference.other_features])
    found = nearest(fake_features, features)
    chosen = np.argsort(found.distances)[:_PAIRS]
    reals = reference.images.images[reference.rows[found.indices[chosen]]]
    return np.stack([fakes[chosen], reals], axis=1).reshape(-1, *fakes.shape[1:])
