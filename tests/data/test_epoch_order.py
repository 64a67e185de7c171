import numpy as np
import pytest
import tensorflow as tf

from kerasgan.data.epoch_order import shuffled_indices


def epochs(count, size, seed=0):
    order = tf.function(lambda positions: shuffled_indices(positions, size, seed=seed))
    starts = size * np.arange(count)[:, None]
    return np.stack([order(tf.constant(row)) for row in starts + np.arange(size)])


def epoch(number, size, seed=0):
    positions = number * size + tf.range(size, dtype=tf.int64)
    return shuffled_indices(positions, size, seed=seed).numpy()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 256, 257, 1000])
def test_each_epoch_is_a_permutation(size):
    for number in (0, 1, 2, 10**6):
        np.testing.assert_array_equal(np.sort(epoch(number, size)), np.arange(size))


def test_orders_do_not_recur():
    # Keyed by the epoch's number, index_shuffle repeats itself every 256 epochs.
    assert len(np.unique(epochs(600, 100), axis=0)) == 600


def test_seeds_have_their_own_orders():
    orders = {tuple(epoch(0, 100, seed)) for seed in (0, 1, 256, 65536, -1)}
    assert len(orders) == 5


def test_every_image_is_as_likely_at_every_place():
    size, count = 20, 1000
    counts = np.zeros((size, size))
    for order in epochs(count, size, seed=3):
        counts[np.arange(size), order] += 1
    expected = count / size
    chi_squared = ((counts - expected) ** 2 / expected).sum()
    freedom = (size - 1) ** 2
    assert abs(chi_squared - freedom) < 5 * np.sqrt(2 * freedom)


def test_window_across_an_epoch_border_is_cut_from_both():
    border = shuffled_indices(tf.range(95, 105, dtype=tf.int64), 100, seed=0)
    np.testing.assert_array_equal(border, np.concatenate([epoch(0, 100)[95:], epoch(1, 100)[:5]]))
