"""The order in which an endless stream visits a set of images."""

import tensorflow as tf

from kerasgan import stateless


def shuffled_indices(positions: tf.Tensor, size: int, *, seed: int) -> tf.Tensor:
    """Returns which image stands at each position of the stream.

    The stream is a sequence of epochs, each a shuffle of all `size` images, and any position of
    it is computed without those before.

    Args:
        positions: int64 `(batch,)`, ascending, spanning at most `size` consecutive positions.
        size: Number of images.
        seed: The run's seed.

    Returns:
        int64 `(batch,)` of indices in [0, size).
    """
    epochs, within = positions // size, positions % size
    first = epochs[0]
    keys = tf.stack([epoch_key(first, seed=seed), epoch_key(first + 1, seed=seed)])
    sizes = tf.constant(size, tf.int64)
    return shuffled_places(within, sizes, tf.gather(keys, epochs - first))


def epoch_key(epoch: tf.Tensor, *, seed: int, purpose: str = "epoch order") -> tf.Tensor:
    """Returns the int32 `(3,)` key of an epoch's shuffle.

    The op uses few bits of each word: for sets of up to some thousand images the lowest 8. Keyed
    by the epoch's number itself, every 256th epoch would have the same order.
    """
    return tf.random.stateless_uniform(
        [3], stateless.key(seed, epoch, purpose), None, None, tf.int32, alg="philox"
    )


def shuffled_places(places: tf.Tensor, sizes: tf.Tensor, keys: tf.Tensor) -> tf.Tensor:
    """Returns where shuffles put their places.

    Args:
        places: int64 `(batch,)`, each in [0, size) of its own shuffle.
        sizes: int64 `(batch,)` or a scalar.
        keys: int32 `(batch, 3)`: equal keys and sizes are the same shuffle.
    """
    # The op behind tf.random.experimental.index_shuffle, which fails on one key per position.
    return tf.raw_ops.RandomIndexShuffle(index=places, seed=keys, max_index=sizes - 1, rounds=4)
