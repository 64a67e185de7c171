"""What a replica of a `tf.distribute` strategy sees of the batch that all replicas share.

The batch of a training is the global one. Each replica holds a consecutive part of it, all of the
same size: replica 0 the first. Where a step draws random numbers for a batch, or looks across it,
it does so for the global batch, so that a training means the same on any number of replicas.

Outside of a strategy, and where no replica computes, there is one replica, and nothing is changed.
All functions are differentiable, as often as one likes.
"""

import contextlib
import contextvars
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import tensorflow as tf

_SECTIONS = contextvars.ContextVar("sections", default=1)
_Value = TypeVar("_Value")


def replica_count() -> int:
    """Returns how many replicas compute the step together; 1 outside of a step."""
    if tf.distribute.in_cross_replica_context():
        return 1
    return tf.distribute.get_strategy().num_replicas_in_sync


def replicas_meet(strategy: tf.distribute.Strategy) -> bool:
    """Tells whether a strategy's replicas, be it a single one, meet in every update.

    They cannot do that within a branch of a graph.
    """
    meeting = (tf.distribute.MirroredStrategy, tf.distribute.MultiWorkerMirroredStrategy)
    return strategy.num_replicas_in_sync > 1 or isinstance(strategy, meeting)


def computes_on_replica() -> bool:
    """Tells whether this is the step of a replica; see `replicas_meet`."""
    strategy = tf.distribute.get_strategy()
    return not tf.distribute.in_cross_replica_context() and replicas_meet(strategy)


def global_mean(values: Any) -> Any:
    """Returns the means over the replicas of a tensor, or of each in a structure of tensors."""
    if replica_count() == 1:
        return values
    return _context().all_reduce(tf.distribute.ReduceOp.MEAN, values)


def global_batch(part: tf.Tensor) -> tf.Tensor:
    """Returns the global batch `(replicas * batch, ...)` of which each replica has a part.

    Args:
        part: This replica's part `(batch, ...)`; within `batch_sections(n)` n parts of batches one
            after the other.
    """
    if (replicas := replica_count()) == 1:
        return part
    if part.dtype.is_integer:  # GPUs add up no int32.
        return tf.cast(global_batch(tf.cast(part, tf.float64)), part.dtype)
    sections = _SECTIONS.get()
    part = tf.reshape(part, tf.concat([[sections, -1], tf.shape(part)[1:]], axis=0))
    # The sum over the replicas of what has zeros in the places of all others.
    place = tf.one_hot(_index(), replicas, dtype=part.dtype)
    place = tf.reshape(place, [1, replicas, *[1] * (part.shape.rank - 1)])
    whole = _context().all_reduce(tf.distribute.ReduceOp.SUM, place * part[:, tf.newaxis])
    return tf.reshape(whole, tf.concat([[-1], tf.shape(part)[2:]], axis=0))


def own_part(whole: tf.Tensor, axis: int = 0) -> tf.Tensor:
    """Returns this replica's part of a global batch, which lies along `axis`."""
    if (replicas := replica_count()) == 1:
        return whole
    parts = [
        tf.gather(tf.split(section, replicas, axis=axis), _index())
        for section in tf.split(whole, _SECTIONS.get(), axis=axis)
    ]
    return tf.concat(parts, axis=axis)


def draw(
    source: Callable[[tuple | tf.Tensor], tf.Tensor], shape: tuple | tf.Tensor, axis: int | None
) -> tf.Tensor:
    """Draws random numbers for the global batch, and returns this replica's part.

    Args:
        source: Draws numbers of a given shape, the same on all replicas.
        shape: The shape of this replica's part.
        axis: The axis of the batch; `None` if the numbers are those of no image, and so the same
            on all replicas.
    """
    if axis is None or (replicas := replica_count()) == 1:
        return source(shape)
    sizes = tf.unstack(tf.convert_to_tensor(shape, tf.int32))
    sizes[axis] *= replicas
    part = own_part(source(tf.stack(sizes)), axis)
    return part if isinstance(shape, tf.Tensor) else tf.ensure_shape(part, _static(shape))


@contextlib.contextmanager
def value_within(variable: contextvars.ContextVar[_Value], value: _Value) -> Iterator[None]:
    """Gives a variable a value in the block.

    What holds within a part of a step is no attribute of the model: replicas trace the step by
    turns, each in a thread with a context of its own.
    """
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


def batch_sections(count: int) -> contextlib.AbstractContextManager[None]:
    """Says that batches in the block are `count` batches, such as reals and fakes, joined."""
    return value_within(_SECTIONS, count)


def section_count() -> int:
    """Returns of how many joined batches a batch consists; see `batch_sections`."""
    return _SECTIONS.get()


def mean_of_first(values: tf.Tensor, count: tf.Tensor, batch: tf.Tensor) -> tf.Tensor:
    """Returns the mean of the first `count` values of a global batch, each replica its share.

    Gradients of replicas are averaged, so a replica returns what its own values contribute, times
    the number of replicas: the mean over the replicas is the mean of those values.

    Args:
        values: `(n,)`, those of the first n places of this replica's part.
        count: How many values of the global batch are meant.
        batch: The size of this replica's part.
    """
    if (replicas := replica_count()) == 1:
        return tf.reduce_mean(values)
    is_meant = _index() * batch + tf.range(tf.shape(values)[0]) < count
    total = tf.reduce_sum(tf.where(is_meant, values, 0.0))
    return total * replicas / tf.cast(count, values.dtype)


def _context() -> tf.distribute.ReplicaContext:
    return tf.distribute.get_replica_context()


def _index() -> tf.Tensor:
    return tf.convert_to_tensor(_context().replica_id_in_sync_group, tf.int32)


def _static(shape: tuple) -> list[int | None]:
    return [size if isinstance(size, int) else None for size in shape]
