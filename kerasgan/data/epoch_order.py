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
    keys = tf.gather(
        tf.stack([_epoch_key(seed, first), _epoch_key(seed, first + 1)]), epochs - first
    )
    # The op behind tf.random.experimental.index_shuffle, which fails on one key per position.
    return tf.raw_ops.RandomIndexShuffle(
        index=within, seed=keys, max_index=tf.constant(size - 1, tf.int64), rounds=4
    )


def _epoch_key(seed: int, epoch: tf.Tensor) -> tf.Tensor:
    """Returns the int32 `(3,)` key of an epoch's shuffle.

    The op uses few bits of each word: for sets of up to some thousand images the lowest 8. Keyed
    by the epoch's number itself, every 256th epoch would have the same order.
    """
    return tf.random.stateless_uniform(
        [3], stateless.key(seed, epoch, "epoch order"), None, None, tf.int32, alg="philox"
    )
