"""Checks of the images given to `fit`, which end in one sentence that says what to mend."""

import contextlib
import re
from collections.abc import Iterable, Iterator

import tensorflow as tf

from kerasgan.models.label_checks import WRONG_LABELS

_WRONG_RANGE = "Images must be float from 0 to 1, or uint8 from 0 to 255"
_WRONG_SHAPE = "Images must have the shape that the generator draws"
_SHAPE_REPORT = re.compile(r"Shape of tensor \S* ?\[(.*?)\] is not compatible with .*?\[(.*?)\]")


def checked_shape(images: tf.Tensor, shape: tuple[int | None, int | None, int]) -> tf.Tensor:
    """Returns `images`, checked to be `(batch, height, width, channels)` of the given `shape`.

    Raises:
        ValueError: The static shape is another. Where only the running graph knows the shape, the
            step fails before it changes a weight; see `readable_errors`.
    """
    if not images.shape[1:].is_compatible_with(shape):
        raise ValueError(_shape_sentence(images.shape, (None, *shape)))
    return tf.ensure_shape(images, (None, *shape))


def checked_range(images: tf.Tensor) -> tf.Tensor:
    """Returns float `images`, checked to be in [0, 1].

    Other values make the step fail before it changes a weight; see `readable_errors`.
    """
    lowest, highest = tf.reduce_min(images), tf.reduce_max(images)
    sentence = [f"{_WRONG_RANGE}. Received: values from", lowest, "to", highest]
    check = tf.debugging.Assert((lowest >= 0.0) & (highest <= 1.0), sentence)
    # An assertion alone would not hold back the updates, which a graph runs beside it.
    with tf.control_dependencies([] if check is None else [check]):
        return tf.identity(images)


@contextlib.contextmanager
def readable_errors() -> Iterator[None]:
    """Turns TensorFlow's reports of failed checks into `ValueError`s of one sentence."""
    try:
        yield
    except tf.errors.InvalidArgumentError as error:
        for opening in (_WRONG_RANGE, WRONG_LABELS):
            if opening in error.message:
                raise ValueError(_sentence(error.message, opening)) from None
        if report := _SHAPE_REPORT.search(error.message):
            received, wanted = (sizes.split(",") for sizes in report.groups())
            sentence = _shape_sentence if len(wanted) > 1 else _labels_sentence
            raise ValueError(sentence(received, wanted)) from None
        raise


def _sentence(report: str, opening: str) -> str:
    report = report[report.index(opening) :].split("[[{{")[0]
    return " ".join(re.sub(r"\bb'|[]['\"]", " ", report).split())


def _shape_sentence(received: Iterable, wanted: Iterable) -> str:
    received, wanted = _batch_of(received), _batch_of(wanted)
    return f"{_WRONG_SHAPE}, {wanted}. Received: images of shape {received}"


def _labels_sentence(received: Iterable, wanted: Iterable) -> str:
    return f"{WRONG_LABELS}, integers of shape (batch,). Received: shape {_batch_of(received)}"


def _batch_of(sizes: Iterable) -> str:
    return f"({', '.join(['batch', *map(str, list(sizes)[1:])])})"
