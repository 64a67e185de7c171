"""Trains a small plain classifier on the data of a recipe, to compare a model's class head with.

It has the recipe's images, size, classes and augmentation, learns by the softmax cross entropy
alone, and is tested on the images that the recipe holds out:

    python scripts/plain_classifier.py wikiart_gangogh --data PATH --minutes 30 --out runs/plain

--out gets `plain_classifier.json` and the confusion picture `plain_classifier.png`. If it is the
folder of an entry, `scripts/build_zoo.py` shows them on its card. Minutes are minutes of two cores
(the process's CPU time, halved), so that other work on the machine takes nothing from them. The
learning rate falls to 0 over them as half a cosine.
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from kerasgan.cli.quiet import import_tensorflow_quietly
from kerasgan.errors import UserError
from kerasgan.files.atomic import check_writable, write_text
from kerasgan.zoo.plain_classifier import PICTURE, RESULT

_CORES = 2
_BATCH_SIZE = 64


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recipe", help="A shipped recipe's name, or a recipe file.")
    parser.add_argument("--data", type=Path, help="Folder or file of the data.")
    parser.add_argument("--minutes", type=float, default=30.0, help="Of two cores (30).")
    parser.add_argument("--out", type=Path, required=True, help="Folder of the results.")
    parser.add_argument("--rate", type=float, default=3e-3, help="The first learning rate (3e-3).")
    parser.add_argument("--label-smoothing", type=float, default=0.0, metavar="E")
    parser.add_argument(
        "--balanced", action="store_true", help="Learn from as many images of each class."
    )
    parser.add_argument(
        "--no-augmentation", action="store_true", help="Leave out the recipe's augmentation."
    )
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE")
    parser.add_argument("--seed", type=int, default=0, help="Seed of the order of images (0).")
    arguments = parser.parse_args()
    if not arguments.minutes > 0 or not 0 <= arguments.label_smoothing < 1:
        parser.error("--minutes must be above 0, and --label-smoothing in [0, 1)")
    import_tensorflow_quietly()
    try:
        check_writable(arguments.out)
        result = run(arguments)
    except UserError as error:
        sys.exit(f"Error: {error}")
    for name, confusion in result["confusions"].items():
        print(
            f"{name}: {confusion['accuracy']:.3f} of {confusion['images']:,} held-out images, "
            f"{confusion['balanced_accuracy']:.3f} in the mean of the classes, "
            f"{confusion['commonest']:.3f} for always the commonest class; "
            f"{result['training_accuracy'][name]:.3f} of the last images trained on"
        )
    print(arguments.out / PICTURE)


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Trains and tests the classifier, and writes the results.

    Returns:
        What `plain_classifier.json` holds.

    Raises:
        UserError: The recipe has no label sets or holds out no images, or the data are missing.
    """
    import msgspec

    from kerasgan.data import Augmentation, training_dataset
    from kerasgan.metrics import Confusion, draw_confusions
    from kerasgan.metrics.classifier_network import classifier_network
    from kerasgan.recipes import read_recipe
    from kerasgan.recipes.own_pictures import recipe_for_data
    from kerasgan.recipes.recipe_images import RecipeImages

    recipe = read_recipe(arguments.recipe, arguments.set)
    recipe = recipe_for_data(recipe, arguments.data)
    names = recipe.data.labels
    if not names:
        raise UserError(f"the recipe {arguments.recipe} has no data.labels, so there is no class")
    if not recipe.data.holdout:
        raise UserError(
            f"the recipe {arguments.recipe} holds out no images to test a classifier on: pass "
            "--set data.holdout=0.05"
        )
    found = RecipeImages(recipe, arguments.data, progress=True)
    images = found.training
    # Those are augmented; these are cropped to the middle where the others are cropped at random.
    _, held_out = found.measured()
    side = recipe.data.side
    network = classifier_network(
        (side, side, recipe.data.channels),
        {name: len(images.class_names[name]) for name in names},
    )
    augmentation = Augmentation(**msgspec.to_builtins(recipe.data.augmentation))
    if arguments.no_augmentation:
        augmentation = Augmentation(random_crop=augmentation.random_crop)
    dataset = training_dataset(
        images,
        batch_size=min(_BATCH_SIZE, len(images)),
        seed=arguments.seed,
        augmentation=augmentation,
        balanced=(recipe.data.balanced or names[0]) if arguments.balanced else None,
        dtype="uint8",
    )
    training = train(
        network,
        dataset,
        names,
        seconds=arguments.minutes * 60,
        rate=arguments.rate,
        smoothing=arguments.label_smoothing,
    )
    confusions = {
        name: Confusion.of(held_out.labels[name], told, images.class_names[name])
        for name, told in zip(names, predictions(network, held_out.images), strict=True)
    }
    result = {
        "recipe": arguments.recipe,
        "overrides": arguments.set,
        "rate": arguments.rate,
        "seed": arguments.seed,
        "parameters": network.count_params(),
        "minutes": arguments.minutes,
        **training,
        "training_images": len(images),
        "balanced": arguments.balanced,
        "augmentation": not arguments.no_augmentation,
        "label_smoothing": arguments.label_smoothing,
        "confusions": {name: each.as_dict() for name, each in confusions.items()},
    }
    draw_confusions(confusions, arguments.out / PICTURE)
    write_text(arguments.out / RESULT, json.dumps(result, indent=1) + "\n")
    return result


def train(
    network: Any, dataset: Any, names: list[str], *, seconds: float, rate: float, smoothing: float
) -> dict[str, Any]:
    """Trains the network for some seconds of two cores.

    Returns:
        `steps`, and `training_accuracy`: by label set, that on the last twentieth of the images.
    """
    import keras
    import tensorflow as tf
    from tqdm import tqdm

    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(network.trainable_variables)

    @tf.function
    def step(images: tf.Tensor, labels: list[tf.Tensor]) -> tf.Tensor:
        with tf.GradientTape() as tape:
            _, *logits = network(tf.cast(images, tf.float32) / 255.0, training=True)
            pairs = list(zip(labels, logits, strict=True))
            loss = tf.add_n([_cross_entropy(*each, smoothing) for each in pairs])
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply(gradients, network.trainable_variables)
        hits = [tf.equal(of_set, tf.argmax(each, 1, tf.int32)) for of_set, each in pairs]
        return tf.stack([tf.reduce_mean(tf.cast(each, tf.float32)) for each in hits])

    accuracies = []
    started = None
    bar = tqdm(total=round(seconds), desc="Training a classifier", unit="s", file=sys.stderr)
    for images, labels in dataset:
        labels = [labels[name] for name in names] if isinstance(labels, dict) else [labels]
        accuracies.append(step(images, labels).numpy())
        if started is None:  # The first step builds the graph.
            started = time.process_time()
        done = (time.process_time() - started) / _CORES / seconds
        optimizer.learning_rate.assign(rate * (1 + math.cos(math.pi * min(done, 1.0))) / 2)
        bar.update(round(min(done, 1.0) * seconds) - bar.n)
        if done >= 1.0:
            break
    bar.close()
    last = np.mean(accuracies[-max(1, len(accuracies) // 20) :], axis=0)
    return {
        "steps": len(accuracies),
        "training_accuracy": dict(zip(names, map(float, last), strict=True)),
    }


def _cross_entropy(labels: Any, logits: Any, smoothing: float) -> Any:
    import tensorflow as tf

    classes = logits.shape[-1]
    targets = (1.0 - smoothing) * tf.one_hot(labels, classes) + smoothing / classes
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(targets, logits))


def predictions(network: Any, images: Any) -> list[np.ndarray]:
    """Returns the predicted classes of images in each label set, integers `(n,)`."""
    parts = []
    for first in range(0, len(images), _BATCH_SIZE):
        batch = np.asarray(images[first : first + _BATCH_SIZE], np.float32) / 255.0
        _, *logits = network(batch, training=False)
        parts.append([np.argmax(each, axis=1) for each in logits])
    return [np.concatenate(each) for each in zip(*parts, strict=True)]


if __name__ == "__main__":
    main()
