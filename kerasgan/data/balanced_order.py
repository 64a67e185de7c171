"""The order in which an endless stream visits classes equally often."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from kerasgan.data.epoch_order import epoch_key, shuffled_places


def balanced_indices(
    positions: tf.Tensor, members: Sequence[np.ndarray], *, seed: int
) -> tf.Tensor:
    """Returns which image stands at each position of a stream that takes the classes in turn.

    Position p belongs to class p mod K of the K classes. The images of a class follow in epochs
    of its own, each a shuffle that visits every one of them once; those of a small class change
    more often, if need be within a batch. Any position is computed without those before.

    Args:
        positions: int64 `(batch,)`.
        members: For each class the numbers of its images, at least one.
        seed: The run's seed.

    Returns:
        int64 `(batch,)` of numbers from `members`.
    """
    count = len(members)
    sizes = tf.constant([len(numbers) for numbers in members], tf.int64)
    firsts = tf.cumsum(sizes, exclusive=True)
    numbers = tf.constant(np.concatenate(members), tf.int64)

    classes, turns = positions % count, positions // count
    size = tf.gather(sizes, classes)
    # Each epoch of each class has a number of its own. A batch has few, so each is keyed once.
    epochs, which = tf.unique(turns // size * count + classes)
    keys = tf.map_fn(
        lambda epoch: epoch_key(epoch, seed=seed, purpose="class epoch order"),
        epochs,
        fn_output_signature=tf.TensorSpec((3,), tf.int32),
    )
    places = shuffled_places(turns % size, size, tf.gather(keys, which))
    return tf.gather(numbers, tf.gather(firsts, classes) + places)
