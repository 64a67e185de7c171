"""The contestant that an ordinary good Keras user would write: float32, `train_step`, `fit`.

The input is cheap: images in memory, flips, autotuned.
"""

import importlib
import json
import sys

import keras
import numpy as np
import tensorflow as tf

from contestants.stopwatch import Stopwatch


def dataset(images, recipe, lowest):
    """Returns batches of the images of a whole iteration, in [lowest, 1], with their labels."""
    batch_size = recipe["model"]["n_critic"] * recipe["training"]["batch_size"]
    flips = recipe["data"]["augmentation"]

    def augment(batch, *labels):
        batch = tf.cast(batch, tf.float32) * ((1.0 - lowest) / 255.0) + lowest
        if flips["flip_horizontal"]:
            batch = tf.image.random_flip_left_right(batch)
        if flips["flip_vertical"]:
            batch = tf.image.random_flip_up_down(batch)
        return batch, *labels

    images = tf.data.Dataset.from_tensor_slices(images).shuffle(len(images[0])).repeat()
    images = images.batch(batch_size, drop_remainder=True)
    return images.map(augment, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def optimizer(table):
    arguments = dict(table)
    return getattr(keras.optimizers, arguments.pop("optimizer"))(**arguments)


def main(settings: dict) -> None:
    recipe = settings["recipe"]
    system = importlib.import_module(f"contestants.plain_keras.{settings['system']}")
    model = system.build(recipe)
    model.compile(
        optimizer(recipe["training"]["generator_optimizer"]),
        optimizer(recipe["training"]["discriminator_optimizer"]),
    )
    with np.load(settings["images"]) as file:
        batches = dataset(tuple(file[name] for name in file), recipe, system.LOWEST)
    stopwatch = Stopwatch(
        versions={"keras": keras.__version__, "tensorflow": tf.__version__}, precision="float32"
    )
    timing = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: stopwatch.lap())
    model.fit(batches, steps_per_epoch=1_000_000, verbose=0, callbacks=[timing])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
