"""Checks of the labels given to `fit`, which end in one sentence that says what to mend."""

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

WRONG_LABELS = "Labels must be class numbers"


def checked_labels(labels: Any, classes: Mapping[str, int]) -> dict[str, tf.Tensor]:
    """Returns the labels of a batch by the names of their label sets.

    Args:
        labels: What `fit` was given beside the images: integers `(batch,)` where there is one
            label set, or a dict of them by the names of the sets.
        classes: The number of classes of each label set that the objective knows.

    Returns:
        int32 `(batch,)` for each label set. Classes outside of [0, number of classes) make the
        step fail before it changes a weight.

    Raises:
        ValueError: Labels are missing, of other label sets, or not integers of rank 1.
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
                f"This objective knows the label sets {known}: give labels as a dict of them. "
                f"Received: {type(labels).__name__}"
            )
        labels = {name: labels for name in classes}
    if missing := [name for name in classes if name not in labels]:
        raise ValueError(
            f"This objective needs labels of {known}. Received: labels of "
            f"{', '.join(map(repr, labels))}, without {missing[0]!r}"
        )
    return {name: _checked(name, labels[name], count) for name, count in classes.items()}


def _checked(name: str, labels: Any, count: int) -> tf.Tensor:
    labels = tf.convert_to_tensor(labels)
    if not labels.dtype.is_integer or labels.shape.rank not in (1, None):
        raise ValueError(
            f"{WRONG_LABELS} of {name!r}, integers of shape (batch,). "
            f"Received: {labels.dtype.name} of shape {labels.shape}"
        )
    labels = tf.ensure_shape(labels, (None,))
    lowest, highest = tf.reduce_min(labels), tf.reduce_max(labels)
    sentence = f"{WRONG_LABELS} of {name} from 0 to {count - 1}. Received: from"
    check = tf.debugging.Assert(
        (lowest >= 0) & (highest < count), [sentence, lowest, "to", highest]
    )
    with tf.control_dependencies([] if check is None else [check]):
        # The identity waits for the checks; a cast of what is int32 already would be left out.
        return tf.identity(tf.cast(labels, tf.int32))
