import numpy as np
import pytest
import tensorflow as tf

from kerasgan.data.balanced_order import balanced_indices

# Classes of 1, 2 and 5 images, their numbers mixed.
MEMBERS = [np.array([4]), np.array([0, 6]), np.array([1, 2, 3, 5, 7])]


def stream(first, count, members=MEMBERS, seed=0):
    order = tf.function(lambda positions: balanced_indices(positions, members, seed=seed))
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
    order = tf.function(lambda positions: balanced_indices(positions, MEMBERS, seed=0))
    singly = [order(tf.constant([position], tf.int64)) for position in range(40)]
    np.testing.assert_array_equal(stream(0, 40), np.concatenate(singly))


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


def test_seeds_have_their_own_orders():
    assert len({tuple(stream(0, 30, seed=seed)) for seed in (0, 1, 256, -1)}) == 4


def test_eager_equals_graph():
    eager = balanced_indices(tf.range(10, 40, dtype=tf.int64), MEMBERS, seed=3)
    np.testing.assert_array_equal(eager, stream(10, 30, seed=3))
