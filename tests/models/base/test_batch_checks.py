import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models.base.batch_checks import checked_labels, checked_shape, readable_errors

ONE, TWO = {"style": 3}, {"genre": 2, "style": 3}


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8"])
@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: {"style": x}], ids=["array", "dict"])
@pytest.mark.parametrize("is_column", [False, True], ids=["row", "column"])
def test_labels_of_one_set_are_an_array_or_a_dict(dtype, wrap, is_column):
    given = np.array([0, 2, 1], dtype)
    labels = checked_labels(wrap(given[:, None] if is_column else given), ONE)
    assert list(labels) == ["style"]
    assert labels["style"].dtype == tf.int32
    np.testing.assert_array_equal(labels["style"], [0, 2, 1])


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "uint8"])
def test_one_hot_rows_are_labels_too(dtype):
    labels = checked_labels(keras.utils.to_categorical([0, 2, 1], 3).astype(dtype), ONE)
    assert labels["style"].dtype == tf.int32
    np.testing.assert_array_equal(labels["style"], [0, 2, 1])


def test_labels_of_several_sets_are_a_dict_in_which_others_do_not_matter():
    labels = checked_labels({"artist": ["x"], "style": [2, 1], "genre": [[1, 0], [0, 1]]}, TWO)
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
        ([0, 1], TWO, "'genre', 'style'.* dict .* Received: list"),
        ({"genre": [0]}, ONE, "labels of 'style'. Received: labels of 'genre', without 'style'"),
        ({"style": [0]}, TWO, "without 'genre'"),
        ([0.0, 1.0], ONE, r"of 'style', .*\(batch, 3\)\. Received: float32 of shape \(2,\)$"),
        ([[0.0], [1.0]], ONE, r"Received: float32 of shape \(2, 1\)$"),
        ([[0, 1], [1, 2]], ONE, r"Received: int32 of shape \(2, 2\)$"),
        (np.eye(4)[[0, 1]], ONE, r"Received: float64 of shape \(2, 4\)$"),
        (np.zeros((2, 3, 1)), ONE, r"Received: float64 of shape \(2, 3, 1\)$"),
        (["a", "b"], ONE, r"Received: string of shape \(2,\)$"),
        ([["a", "b", "c"]], ONE, r"Received: string of shape \(1, 3\)$"),
        (1, ONE, r"Received: int32 of shape \(\)$"),
    ],
)
def test_labels_of_another_form_are_refused_in_one_sentence(labels, classes, message):
    with pytest.raises(ValueError, match=message):
        checked_labels(labels, classes)


GRAPH = pytest.mark.parametrize("graph", [False, True], ids=["eager", "graph"])


def error_of(check, *arguments, graph):
    with pytest.raises(ValueError) as error, readable_errors():
        (tf.function(check, autograph=False) if graph else check)(*arguments)
    return str(error.value)


@GRAPH
@pytest.mark.parametrize("dtype", ["int32", "int64"])
@pytest.mark.parametrize(("labels", "low", "high"), [([0, 3], 0, 3), ([-1, 2], -1, 2)])
@pytest.mark.parametrize("is_column", [False, True], ids=["row", "column"])
def test_classes_out_of_range_are_one_readable_error(graph, dtype, labels, low, high, is_column):
    given = tf.constant(labels, dtype)
    given = given[:, None] if is_column else given
    found = error_of(lambda labels: checked_labels(labels, ONE), given, graph=graph)
    assert found.endswith(f"of style from 0 to 2. Received: from {low} to {high}")
    assert found.startswith("Labels must be class numbers")


@GRAPH
@pytest.mark.parametrize(
    ("row", "shown"),
    [([0.0, 0.5, 0.5], "0, 0.5, 0.5"), ([0, 0, 0], "0, 0, 0"), ([1, 1, 0], "1, 1, 0")],
)
def test_rows_that_are_not_one_hot_are_one_readable_error(graph, row, shown):
    rows = tf.constant([[0, 1, 0], row], tf.float32 if 0.5 in row else tf.int32)
    found = error_of(lambda labels: checked_labels(labels, ONE), rows, graph=graph)
    assert found.startswith("Labels must be class numbers of style")
    assert found.endswith(f"Received: the row {shown}")


@pytest.mark.parametrize("shape", [None, (None, None)])
def test_labels_of_every_form_are_read_in_a_graph_that_knows_no_shape(shape):
    @tf.function(input_signature=[tf.TensorSpec(shape, tf.int32)], autograph=False)
    def check(labels):
        return checked_labels(labels, ONE)["style"]

    given = [[[0], [2]], [[1, 0, 0], [0, 0, 1]]]
    for labels in given if shape else [[0, 2], *given]:
        np.testing.assert_array_equal(check(labels), [0, 2])
    for wrong, shown in (([[0, 1], [1, 0]], "2, 2"), ([[0, 1, 0, 0]], "1, 4")):
        found = error_of(check, tf.constant(wrong), graph=False)
        assert found.endswith(f"Received: int32 of shape ({shown})")
    assert error_of(check, tf.constant([[3]]), graph=False).endswith("from 3 to 3")
    assert error_of(check, tf.constant([[0, 0, 0]]), graph=False).endswith("row 0, 0, 0")


def test_floats_are_one_hot_rows_alone_in_a_graph_that_knows_no_shape():
    @tf.function(input_signature=[tf.TensorSpec(None, tf.float32)], autograph=False)
    def check(labels):
        return checked_labels(labels, ONE)["style"]

    np.testing.assert_array_equal(check([[1.0, 0.0, 0.0]]), [0])
    found = error_of(check, tf.constant([0.0, 2.0]), graph=False)
    assert found.endswith("Received: float32 of shape (2)")


@pytest.mark.parametrize("dtype", [tf.int32, tf.int64])
@pytest.mark.parametrize("shape", [(None,), (None, 1), (None, 3)])
def test_in_a_graph_labels_wait_for_their_check(dtype, shape):
    behind, waiting = set(), []

    @tf.function(input_signature=[tf.TensorSpec(shape, dtype)], autograph=False)
    def check(labels):
        waiting.append(checked_labels(labels, ONE)["style"].op)

    check.get_concrete_function()
    while waiting:
        operation = waiting.pop()
        if operation not in behind:
            behind.add(operation)
            waiting += [*operation.control_inputs, *(tensor.op for tensor in operation.inputs)]
    assert any("Assert" in operation.name for operation in behind)


@pytest.mark.parametrize("known", [(2, 2, 1), (2, None, 1), (None, None, 1)])
def test_images_of_the_shape_pass_and_keep_it(known):
    images = tf.zeros((3, 2, 2, 1))
    assert checked_shape(images, known).shape == (3, 2, 2, 1)

    @tf.function(input_signature=[tf.TensorSpec(None, tf.float32)], autograph=False)
    def check(images):
        found = checked_shape(images, known)
        assert found.shape.as_list() == [None, *known]
        return found

    np.testing.assert_array_equal(check(images), images)
    for wrong, shown in (((3, 2, 2, 3), "2, 2, 3"), ((3, 2, 2), "2, 2")):
        found = error_of(check, tf.zeros(wrong), graph=False)
        assert found.endswith(f"Received: images of shape (batch, {shown})")


def test_other_errors_pass_unchanged():
    with pytest.raises(tf.errors.InvalidArgumentError, match="mine"), readable_errors():
        raise tf.errors.InvalidArgumentError(None, None, "mine")
