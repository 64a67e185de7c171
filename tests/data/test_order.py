import numpy as np
import pytest
import tensorflow as tf

from kerasgan.data.order import balanced_indices, shuffled_indices


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


# Classes of 1, 2 and 5 images, their numbers mixed.
MEMBERS = [np.array([4]), np.array([0, 6]), np.array([1, 2, 3, 5, 7])]


def stream(first, count, members=MEMBERS, seed=0, batch_size=1):
    order = tf.function(
        lambda positions: balanced_indices(positions, members, batch_size=batch_size, seed=seed)
    )
    return order(tf.range(first, first + count, dtype=tf.int64)).numpy()


def test_positions_go_through_the_classes_in_turn():
    for position, number in enumerate(stream(0, 60)):
        assert number in MEMBERS[position % 3]


@pytest.mark.parametrize("first", [0, 30, 3 * 10**10])
def test_each_epoch_of_a_class_has_each_of_its_images_once(first):
    result = stream(first, 300).reshape(100, 3)
    for numbers, own in zip(MEMBERS, result.T, strict=True):
        epochs = own.reshape(-1, len(numbers))
        np.testing.assert_array_equal(np.sort(epochs), np.tile(numbers, (len(epochs), 1)))


def test_one_call_equals_one_call_per_position():
    # A call over many epochs of the small classes, so that each position has the key of its own.
    order = tf.function(
        lambda positions: balanced_indices(positions, MEMBERS, batch_size=1, seed=0)
    )
    singly = [order(tf.constant([position], tf.int64)) for position in range(40)]
    np.testing.assert_array_equal(stream(0, 40), np.concatenate(singly))


@pytest.mark.parametrize("first", [0, 12 * 10**9])
def test_batches_are_shuffled_and_keep_their_images(first):
    shuffled = stream(first, 12 * 50, batch_size=12).reshape(50, 12)
    in_turn = stream(first, 12 * 50).reshape(50, 12)
    np.testing.assert_array_equal(np.sort(shuffled), np.sort(in_turn))
    # Any part of a batch is what it is in the whole.
    order = tf.range(first + 5, first + 31, dtype=tf.int64)
    part = balanced_indices(order, MEMBERS, batch_size=12, seed=0)
    np.testing.assert_array_equal(part, shuffled.ravel()[5:31])


def test_every_class_is_as_likely_at_every_place_of_a_batch():
    members, count = [np.array([number]) for number in range(4)], 1000
    batches = stream(0, 8 * count, members, batch_size=8).reshape(count, 8)
    found = np.stack([np.sum(batches == number, axis=0) for number in range(4)])
    expected = count / 4
    assert np.abs(found - expected).max() < 5 * np.sqrt(expected * 0.75)


def test_orders_of_a_class_differ_between_epochs():
    orders = stream(0, 3 * 5 * 200).reshape(200, 5, 3)[:, :, 2]
    assert len(np.unique(orders, axis=0)) > 80


def test_both_orders_of_two_images_are_as_likely():
    orders = stream(0, 3 * 2 * 400).reshape(400, 2, 3)[:, 0, 1]
    assert abs(np.sum(orders == 0) - 200) < 4 * np.sqrt(100)


def test_classes_of_equal_size_have_their_own_orders():
    members = [np.arange(20), np.arange(20, 40)]
    first, second = stream(0, 40, members).reshape(20, 2).T
    assert not np.array_equal(first, second - 20)


def test_seeds_have_their_own_balanced_orders():
    assert len({tuple(stream(0, 30, seed=seed)) for seed in (0, 1, 256, -1)}) == 4


def test_eager_equals_graph():
    eager = balanced_indices(tf.range(10, 40, dtype=tf.int64), MEMBERS, batch_size=1, seed=3)
    np.testing.assert_array_equal(eager, stream(10, 30, seed=3))
