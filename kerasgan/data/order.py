"""The order in which an endless stream visits the images of a set."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import tensorflow as tf

from kerasgan.randomness import stateless


def shuffled_indices(positions: tf.Tensor, size: int, *, seed: int) -> tf.Tensor:
    """Returns the index of the image at each position of the stream.

    The stream is a sequence of epochs, each a shuffle of all `size` images. Any position is
    computed without the ones before it.

    Args:
        positions: int64 `(batch,)`, ascending, spanning at most `size` consecutive positions.
        size: Number of images.
        seed: The run's seed.

    Returns:
        int64 `(batch,)`, indices in [0, size).
    """
    epochs, within = positions // size, tf.math.floormod(positions, size)
    first = epochs[0]
    keys = tf.stack([_epoch_key(first, seed=seed), _epoch_key(first + 1, seed=seed)])
    sizes = tf.constant(size, tf.int64)
    return _shuffled(within, sizes, tf.gather(keys, epochs - first))


def balanced_indices(
    positions: tf.Tensor, members: Sequence[np.ndarray], *, batch_size: int, seed: int
) -> tf.Tensor:
    """Returns the index of the image at each position of a stream in which the classes take turns.

    Before each batch is shuffled, position p belongs to class p mod K of the K classes. Each class
    has epochs of its own, each a shuffle of all its images; a small class may begin a new epoch
    within a batch. Any position is computed without the ones before it.

    Args:
        positions: int64 `(n,)`.
        members: For each class the indices of its images, at least one.
        batch_size: Positions of a batch, which is shuffled: no place in a batch has a class of its
            own, because some of what a step computes is of a part of the batch.
        seed: The run's seed.

    Returns:
        int64 `(n,)`, indices from `members`.
    """
    count = len(members)
    positions = _shuffled_in_batches(positions, batch_size, seed=seed)
    sizes = tf.constant([len(indices) for indices in members], tf.int64)
    firsts = tf.cumsum(sizes, exclusive=True)
    indices = tf.constant(np.concatenate(members), tf.int64)

    classes, turns = tf.math.floormod(positions, count), positions // count
    size = tf.gather(sizes, classes)
    # Each epoch of each class has a number of its own. A batch has few of them, and computes the
    # key of each once.
    epochs, which = tf.unique(turns // size * count + classes)
    keys = _keys(epochs, seed=seed, purpose="class epoch order")
    places = _shuffled(turns % size, size, tf.gather(keys, which))
    return tf.gather(indices, tf.gather(firsts, classes) + places)


def _shuffled_in_batches(positions: tf.Tensor, batch_size: int, *, seed: int) -> tf.Tensor:
    """Returns the positions of the images once each batch is shuffled by itself."""
    batches, within = positions // batch_size, tf.math.floormod(positions, batch_size)
    numbers, which = tf.unique(batches)
    keys = tf.gather(_keys(numbers, seed=seed, purpose="batch order"), which)
    return batches * batch_size + _shuffled(within, tf.constant(batch_size, tf.int64), keys)


def _keys(numbers: tf.Tensor, *, seed: int, purpose: str) -> tf.Tensor:
    """Returns the int32 `(n, 3)` keys of shuffles with numbers `(n,)`."""
    return tf.map_fn(
        lambda number: _epoch_key(number, seed=seed, purpose=purpose),
        numbers,
        fn_output_signature=tf.TensorSpec((3,), tf.int32),
    )


def _epoch_key(epoch: tf.Tensor, *, seed: int, purpose: str = "epoch order") -> tf.Tensor:
    """Returns the int32 `(3,)` key of an epoch's shuffle.

    The shuffling op uses few bits of each word: for sets of up to some thousand images the lowest
    8. With the epoch's number itself as the key, every 256th epoch would have the same order.
    """
    return tf.random.stateless_uniform(
        [3],
        stateless.key(seed, epoch, purpose),
        minval=cast(Any, None),  # every int32, for which TensorFlow's hints have no place
        maxval=None,
        dtype=tf.int32,
        alg="philox",
    )


def _shuffled(places: tf.Tensor, sizes: tf.Tensor, keys: tf.Tensor) -> tf.Tensor:
    """Returns the place that each place of a shuffle is filled from.

    Args:
        places: int64 `(batch,)`, each in [0, size) of its own shuffle.
        sizes: int64 `(batch,)` or a scalar.
        keys: int32 `(batch, 3)`; equal keys and sizes give the same shuffle.
    """
    # The op behind tf.random.experimental.index_shuffle, which does not accept a key per position.
    return tf.raw_ops.RandomIndexShuffle(index=places, seed=keys, max_index=sizes - 1, rounds=4)
