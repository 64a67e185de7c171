import numpy as np
import pytest
import tensorflow as tf
from kerasgan.models.image_checks import readable_errors
from kerasgan.models.label_checks import checked_labels

ONE, TWO = {"style": 3}, {"genre": 2, "style": 3}


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8"])
@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: {"style": x}], ids=["array", "dict"])
def test_labels_of_one_set_are_an_array_or_a_dict(dtype, wrap):
    labels = checked_labels(wrap(np.array([0, 2, 1], dtype)), ONE)
    assert list(labels) == ["style"]
    assert labels["style"].dtype == tf.int32
    np.testing.assert_array_equal(labels["style"], [0, 2, 1])


def test_labels_of_several_sets_are_a_dict_in_which_others_do_not_matter():
    labels = checked_labels({"artist": ["x"], "style": [2, 1], "genre": [0, 1]}, TWO)
    assert list(labels) == ["genre", "style"]
    np.testing.assert_array_equal(labels["style"], [2, 1])
    np.testing.assert_array_equal(labels["genre"], [0, 1])


@pytest.mark.parametrize("labels", [None, [7, -1], {"style": "x"}])
def test_labels_are_left_where_the_objective_knows_no_classes(labels):
    assert checked_labels(labels, {}) == {}


@pytest.mark.parametrize(
    ("labels", "classes", "message"),
    [
        (None, ONE, r"\(images, labels of 'style'\)\. Received: images alone"),
        (None, TWO, r"\(images, labels of 'genre', 'style'\)\. Received: images alone"),
        ([0, 1], TWO, "knows the label sets 'genre', 'style': give .* dict .* Received: list"),
        ({"genre": [0]}, ONE, "labels of 'style'. Received: labels of 'genre', without 'style'"),
        ({"style": [0]}, TWO, "without 'genre'"),
        ([0.0, 1.0], ONE, r"of 'style', integers .* Received: float32 of shape \(2,\)"),
        ([[0], [1]], ONE, r"integers of shape \(batch,\)\. Received: int32 of shape \(2, 1\)"),
        (np.eye(3)[[0, 1]], ONE, r"Received: float64 of shape \(2, 3\)"),
        (["a", "b"], ONE, r"Received: string of shape \(2,\)"),
        (1, ONE, r"Received: int32 of shape \(\)"),
    ],
)
def test_labels_of_another_form_are_refused_in_one_sentence(labels, classes, message):
    with pytest.raises(ValueError, match=message):
        checked_labels(labels, classes)


@pytest.mark.parametrize("graph", [False, True])
@pytest.mark.parametrize("dtype", ["int32", "int64"])
@pytest.mark.parametrize(("labels", "low", "high"), [([0, 3], 0, 3), ([-1, 2], -1, 2)])
def test_classes_out_of_range_are_one_readable_error(graph, dtype, labels, low, high):
    def check(labels):
        return checked_labels(labels, ONE)

    check = tf.function(check) if graph else check
    with pytest.raises(ValueError) as error, readable_errors():
        check(tf.constant(labels, dtype))
    assert str(error.value) == (
        f"Labels must be class numbers of style from 0 to 2. Received: from {low} to {high}"
    )


def test_a_rank_that_only_the_running_graph_knows_is_one_readable_error():
    @tf.function(input_signature=[tf.TensorSpec(None, tf.int32)])
    def check(labels):
        return checked_labels(labels, ONE)["style"]

    np.testing.assert_array_equal(check([0, 1]), [0, 1])
    with pytest.raises(ValueError) as error, readable_errors():
        check([[0], [1]])
    assert str(error.value) == (
        "Labels must be class numbers, integers of shape (batch,). Received: shape (batch, 1)"
    )


@pytest.mark.parametrize("dtype", [tf.int32, tf.int64])
def test_in_a_graph_labels_wait_for_their_check(dtype):
    behind, waiting = set(), []

    @tf.function(input_signature=[tf.TensorSpec((None,), dtype)])
    def check(labels):
        waiting.append(checked_labels(labels, ONE)["style"].op)

    check.get_concrete_function()
    while waiting:
        operation = waiting.pop()
        if operation not in behind:
            behind.add(operation)
            waiting += [*operation.control_inputs, *(tensor.op for tensor in operation.inputs)]
    assert any("Assert" in operation.name for operation in behind)
