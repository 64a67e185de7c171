"""Checks of the batches that `fit` and `evaluate` are given.

They run inside the step and make it fail before it changes a weight. TensorFlow's report of a
failed check is long; `readable_errors` turns it into one sentence that says what to correct.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from kerasgan.errors import shortened

_WRONG_RANGE = "Images must be float from 0 to 1, or uint8 from 0 to 255"
_WRONG_SHAPE = "Images must have the shape that the generator draws"
_WRONG_LABELS = "Labels must be class numbers"
_CHECKED = (_WRONG_RANGE, _WRONG_SHAPE, _WRONG_LABELS)
_MOST_NUMBERS = 64  # Of a row, in a message.
# Several numbers in brackets, as a graph reports a tensor.
_NUMBERS = re.compile(r"(?<=\[)[-+.e\d]+(?: [-+.e\d]+)+(?=\])")


def no_weights(objective: str) -> str:
    """Returns what an objective says of weights of samples and classes."""
    return (
        f"{objective} takes no sample_weight or class_weight in `fit` or `evaluate`: repeat "
        "images, or balance the data set, instead"
    )


def image_array(images: Any) -> np.ndarray:
    """Returns images that a method is given as an array, its shape and values not yet checked.

    Raises:
        ValueError: They are no array of numbers, or none.
    """
    try:
        array = np.asarray(images)
    except ValueError:
        array = None  # Images of several shapes.
    if array is None or array.ndim == 0 or array.dtype.kind in "OSU":
        raise ValueError(
            "images must be an array (n, height, width, channels), all of one shape. "
            f"Received: images={shortened(repr(images))}"
        )
    if not len(array):
        raise ValueError(
            f"images must be at least one image. Received: images of shape {array.shape}"
        )
    return array


def checked_shape(images: tf.Tensor, shape: tuple[int | None, int | None, int]) -> tf.Tensor:
    """Returns `images`, checked to be `(batch, height, width, channels)` of the given `shape`.

    Raises:
        ValueError: The static shape of the images differs from it.
    """
    if not images.shape[1:].is_compatible_with(shape):
        raise ValueError(
            f"{_WRONG_SHAPE}, {_batch_of(shape)}. Received: images of shape "
            f"{_batch_of(images.shape[1:]) if images.shape.rank else images.shape}"
        )
    if images.shape[1:].is_fully_defined():
        return images
    received = tf.shape(images)[1:]
    # Axes that images lack count as of size 0.
    sizes = tf.concat([received, tf.zeros([len(shape)], tf.int32)], axis=0)
    checks = [tf.equal(tf.rank(images), len(shape) + 1)]
    checks += [sizes[axis] == size for axis, size in enumerate(shape) if size is not None]
    sentence = f"{_WRONG_SHAPE}, {_batch_of(shape)}. Received: images of shape (batch,"
    images = _checked(images, tf.reduce_all(checks), [sentence, received, ")"])
    # From a shape that is set or ensured TensorFlow would conclude that the check holds.
    static = [sizes[axis] if size is None else size for axis, size in enumerate(shape)]
    return tf.reshape(images, tf.stack([tf.shape(images)[0], *static]))


def checked_range(images: tf.Tensor) -> tf.Tensor:
    """Returns `images` of any dtype but uint8 as float32, checked to be in [0, 1]."""
    dtype = "" if images.dtype.is_floating else f"{images.dtype.name} "
    images = tf.cast(images, tf.float32)
    lowest, highest = tf.reduce_min(images), tf.reduce_max(images)
    sentence = [f"{_WRONG_RANGE}. Received: {dtype}values from", lowest, "to", highest]
    return _checked(images, (lowest >= 0.0) & (highest <= 1.0), sentence)


def checked_labels(labels: Any, classes: Mapping[str, int]) -> dict[str, tf.Tensor]:
    """Returns the labels of a batch by the names of their label sets.

    Args:
        labels: What `fit` was given beside the images: integers `(batch,)` or `(batch, 1)`, or
            one-hot rows `(batch, classes)`, where there is one label set; or a dict of them by
            the names of the sets.
        classes: The number of classes of each label set that the objective has.

    Returns:
        int32 `(batch,)` for each label set, checked to be in [0, number of classes).

    Raises:
        ValueError: Labels are missing, of other label sets, or of another type or shape.
    """
    if not classes:
        return {}
    known = ", ".join(map(repr, classes))
    if labels is None:
        raise ValueError(
            f"This objective needs labels: give batches of (images, labels of {known}). "
            "Received: images alone"
        )
    if not isinstance(labels, Mapping):
        if len(classes) > 1:
            raise ValueError(
                f"This objective has the label sets {known}: give labels as a dict of them. "
                f"Received: {type(labels).__name__}"
            )
        labels = {name: labels for name in classes}
    if missing := [name for name in classes if name not in labels]:
        raise ValueError(
            f"This objective needs labels of {known}. Received: labels of "
            f"{', '.join(map(repr, labels))}, without {missing[0]!r}"
        )
    return {name: _class_numbers(name, labels[name], count) for name, count in classes.items()}


@contextlib.contextmanager
def readable_errors() -> Iterator[None]:
    """Turns TensorFlow's reports of failed checks into `ValueError`s of one sentence."""
    try:
        yield
    except tf.errors.InvalidArgumentError as error:
        for opening in _CHECKED:
            if opening in error.message:
                raise ValueError(_sentence(error.message, opening)) from None
        raise


def _class_numbers(name: str, labels: Any, count: int) -> tf.Tensor:
    labels = tf.convert_to_tensor(labels)
    rank, shape = labels.shape.rank, labels.shape
    may_be_one_hot = count > 1 and (labels.dtype.is_floating or labels.dtype.is_integer)
    wanted = (
        f"{_WRONG_LABELS} of {name!r}, integers of shape (batch,) or (batch, 1), or one-hot rows "
        f"(batch, {count}). Received: {labels.dtype.name} of shape"
    )
    if rank is None or (rank == 2 and shape[1] is None):
        # A graph that has met several shapes knows none.
        width = tf.reduce_prod(tf.shape(labels)[1:])
        fits = ((width == 1) & labels.dtype.is_integer) | ((width == count) & may_be_one_hot)
        fits &= (tf.rank(labels) == 1) | (tf.rank(labels) == 2)
        rows = _checked(labels, fits, [wanted, "(", tf.shape(labels), ")"])
        rows = tf.reshape(rows, [-1, width])
        if not may_be_one_hot:
            labels = rows[:, 0]
        else:
            labels = tf.cond(
                width == count,
                lambda: _of_one_hot(name, rows, count),
                lambda: tf.cast(rows[:, 0], tf.int32),
            )
    elif rank == 2 and shape[1] == count and may_be_one_hot:
        labels = _of_one_hot(name, labels, count)
    elif labels.dtype.is_integer and (rank == 1 or (rank == 2 and shape[1] == 1)):
        labels = tf.reshape(labels, [-1])
    else:
        raise ValueError(f"{wanted} {shape}")
    labels = tf.cast(labels, tf.int32)
    lowest, highest = tf.reduce_min(labels), tf.reduce_max(labels)
    sentence = f"{_WRONG_LABELS} of {name} from 0 to {count - 1}. Received: from"
    check = (lowest >= 0) & (highest < count)
    return _checked(labels, check, [sentence, lowest, "to", highest])


def _of_one_hot(name: str, rows: tf.Tensor, count: int) -> tf.Tensor:
    """Returns the class numbers of rows, checked to be one-hot."""
    is_one_hot = tf.reduce_all((rows == 0) | (rows == 1), 1) & (tf.reduce_sum(rows, 1) == 1)
    sentence = (
        f"{_WRONG_LABELS} of {name}, or one-hot rows of {count - 1} zeros and a one. Received: "
        "the row"
    )
    wrong = tf.boolean_mask(rows, ~is_one_hot)[:1]
    rows = _checked(rows, tf.reduce_all(is_one_hot), [sentence, tf.reshape(wrong, [-1])])
    return tf.argmax(rows, axis=1, output_type=tf.int32)


def _checked(values: tf.Tensor, holds: tf.Tensor, sentence: list[str | tf.Tensor]) -> tf.Tensor:
    """Returns `values`, which wait until the check has passed.

    An assertion alone would not hold back the updates, which a graph runs beside it.
    """
    # Strings that a graph computes would keep XLA from compiling it, so numbers are given as such.
    check = tf.debugging.Assert(holds, sentence, summarize=_MOST_NUMBERS)
    with tf.control_dependencies([] if check is None else [check]):
        return tf.identity(values)


def _sentence(report: str, opening: str) -> str:
    report = report[report.index(opening) :].split("[[{{")[0]
    # A graph writes [0 0.5] where TensorFlow writes 0.0, 0.5 eagerly.
    report = _NUMBERS.sub(lambda found: found[0].replace(" ", ", "), report)
    text = " ".join(re.sub(r"\bb'|[]['\"]", " ", report).split())
    text = re.sub(r"\b(\d+)\.0\b", r"\1", text)
    return text.replace("( ", "(").replace(" )", ")")


def _batch_of(sizes: Iterable) -> str:
    return f"({', '.join(['batch', *map(str, sizes)])})"
