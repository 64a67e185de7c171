"""The step of a model on all replicas of a strategy."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import tensorflow as tf


class BranchingModel(Protocol):
    """A `keras.Model` that says which graph a batch needs."""

    distribute_strategy: Any
    run_eagerly: Any
    jit_compile: Any
    branch_of_graph: tuple[int, ...]  # The branch that is traced.

    def branch(self) -> tuple[int, ...]:
        """Returns what differs between the graphs of batches, of the next one."""
        ...


class ReplicatedStep:
    """What `fit` and `evaluate` call for each batch of a model with several replicas.

    Replicas meet in every update, to add up their gradients, and cannot do that within a branch of
    a graph. So there is a graph for each branch, such as that of batches after which the generator
    moves, and the choice is made here, before the step, by its `branch`. Whatever
    depends on a loss is decided in the graph by `MultiOptimizerModel.update_where`.

    Keras's own step reduces metrics in ways that fail for several workers; here the replicas have
    agreed on their means before.

    Args:
        model: The model, made in the scope of its strategy.
        step: Its `train_step` or `test_step`.
    """

    def __init__(self, model: BranchingModel, step: Callable) -> None:
        self.model, self.step = model, step
        self._graphs: dict[tuple[int, ...], Callable] = {}

    def __call__(self, iterator: Iterator) -> dict[str, tf.Tensor]:
        """Makes a step on the next batch.

        Args:
            iterator: That of a distributed dataset, or one of batches that are not divided yet.
        """
        strategy = self.model.distribute_strategy
        if isinstance(iterator, tf.distribute.DistributedIterator):
            batch = iterator
        else:
            batch = _divided(next(iterator), strategy)
        branch = self.model.branch()
        if branch not in self._graphs:
            self._graphs[branch] = self._graph(branch)
        return self._graphs[branch](batch)

    def _graph(self, branch: tuple[int, ...]) -> Callable:
        model, strategy = self.model, self.model.distribute_strategy

        def on_replica(data: Any) -> dict[str, tf.Tensor]:
            # A graph is built at its first call, perhaps after another one.
            model.branch_of_graph = branch
            return self.step(data)

        def on_all(batch: Any) -> dict[str, tf.Tensor]:
            if isinstance(batch, tf.distribute.DistributedIterator):
                batch = batch.get_next()
            results = strategy.run(on_replica, args=(batch,))
            return {
                name: strategy.experimental_local_results(value)[0]
                for name, value in results.items()
            }

        on_all = tf.autograph.experimental.do_not_convert(on_all)
        if model.run_eagerly:
            return on_all
        return tf.function(on_all, reduce_retracing=True, jit_compile=model.jit_compile)


def _divided(data: Any, strategy: tf.distribute.Strategy) -> Any:
    """Returns a global batch as one value for each replica."""
    replicas = strategy.num_replicas_in_sync

    def part(context: tf.distribute.InputContext) -> Any:
        index = context.replica_id_in_sync_group

        def of(values: Any) -> tf.Tensor:
            size = len(values) // replicas
            return tf.convert_to_tensor(values[index * size : (index + 1) * size])

        return tf.nest.map_structure(lambda each: None if each is None else of(each), data)

    return strategy.experimental_distribute_values_from_function(part)
