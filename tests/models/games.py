"""Every objective with options that use what it has, on tiny networks, and its training."""

import keras
import numpy as np
import tensorflow as tf

from kerasgan.models import (
    ACGAN,
    CAN,
    GAN,
    LSGAN,
    R3GAN,
    VAEGAN,
    WGAN,
    WGANGP,
    HandicapSchedule,
    HingeGAN,
    ProjectedCGAN,
    ProjectedGAN,
    WassersteinACGAN,
)

CLASSES = {"genre": 2, "style": 3}
OPTIONS = {
    GAN: {
        "schedule": HandicapSchedule(handicap=2, discriminator_loss_above=0.6),
        "label_smoothing": 0.1,
    },
    LSGAN: {"feature_matching_weight": 0.5, "schedule": HandicapSchedule(generator_loss_below=2.0)},
    HingeGAN: {"diff_augment": ["color", "translation", "cutout"], "n_critic": 2},
    ProjectedGAN: {"diff_augment": ["translation"], "ema_decay": 0.9},
    ProjectedCGAN: {"transition": [1, 4], "diff_augment": [], "ema_decay": 0.9},
    R3GAN: {"penalty_weight": 0.5, "diff_augment": ["color"], "ema_decay": 0.9},
    WGAN: {"n_critic": 2, "joint_batches": True, "ema_decay": 0.9},
    WGANGP: {"n_critic": 2, "penalty_weight": 5.0, "penalized_fraction": 0.5},
    ACGAN: {
        "class_weight": 0.5,
        "generator_class_weight": 2.0,
        "r1_weight": 0.5,
        "ema_decay": 0.9,
    },
    WassersteinACGAN: {"n_critic": 2, "pretraining": 2, "pretraining_loss": "class"},
    CAN: {
        "ambiguity": "softmax",
        "style_weight": 2.0,
        "ambiguity_weight": 0.5,
        "separate_styles": True,
        "unrolling": 1,
        "unrolled_rate": 0.05,
    },
    VAEGAN: {
        "autoencoder_updates": 1,
        "autoencoder_weight": 0.5,
        "schedule": HandicapSchedule(handicap=2, stop_generator_below=0.7),
    },
}
OBJECTIVES = list(OPTIONS)
# Those whose discriminator must not normalize batches.
PENALIZED = (WGANGP, R3GAN, ACGAN)

BATCHES, HALF = 6, 3
RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (4 * BATCHES, 8, 8, 1), np.uint8)
FLOATS = (IMAGES / 255).astype("float32")
LABELS = {name: RNG.integers(0, count, 4 * BATCHES, np.int32) for name, count in CLASSES.items()}
PLAIN = {"batch_size": 4, "shuffle": False, "verbose": 0}


def data(model, first=0, last=BATCHES):
    """Batches `first` to `last`, as arguments of `fit`."""
    part = slice(4 * first, 4 * last)
    labels = {name: labels[part] for name, labels in LABELS.items()}
    return (IMAGES[part], labels) if model.takes_classes else (IMAGES[part],)


def batches(images, labels=None, size=4):
    """A dataset that does not tune itself, for a `fit` that is to fail.

    What a failed `fit` leaves is destroyed when Python comes to it. The thread that tunes a
    dataset wakes up ever less often, and its end would be waited for, by then for many seconds.
    """
    dataset = tf.data.Dataset.from_tensor_slices(images if labels is None else (images, labels))
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.batch(size).with_options(options)


def train(model, first, last):
    """Trains on batches `first` to `last`."""
    model.fit(*data(model, first, last), **PLAIN)


def moves(model, reals, count):
    """Trains eagerly on some batches and notes what each update moves.

    Returns for each batch the updates in their order, each the first letters of the networks of
    which a weight changed: "g" for the generator, "d" for the discriminator.
    """
    updates = []
    for optimizer in optimizers(model):

        def apply(*arguments, _apply=optimizer.apply, **options):
            before = {name: getattr(model, name).get_weights() for name in model.network_names}
            _apply(*arguments, **options)
            moved = [
                name[0]
                for name, old in before.items()
                if not is_same(old, getattr(model, name).get_weights())
            ]
            updates.append("".join(sorted(moved)))

        optimizer.apply = apply
    batch = (reals.images, reals.labels) if reals.labels else reals.images
    seen = []
    for _ in range(count):
        model.train_step(batch)
        seen.append(list(updates))
        updates.clear()
    return seen


def optimizers(model):
    return [value for value in vars(model).values() if isinstance(value, keras.Optimizer)]


def state(model):
    """Every weight, moving statistic and optimizer variable."""
    variables = [*model.variables, *(v for each in optimizers(model) for v in each.variables)]
    return [variable.numpy() for variable in variables]


def is_same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
