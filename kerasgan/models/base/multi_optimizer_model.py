"""A generative model that trains with one optimizer for each player."""

import contextlib
import contextvars
import inspect
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from kerasgan.distribution.replicas import (
    computes_on_replica,
    replica_count,
    replicas_meet,
    value_within,
)
from kerasgan.errors import shortened
from kerasgan.keras_private import has_just_moved
from kerasgan.models.base.batch_checks import no_weights, readable_errors
from kerasgan.models.base.generative_model import GenerativeModel, update_average
from kerasgan.models.base.keras_callbacks import released, suited_callbacks
from kerasgan.models.base.player_optimizers import (
    Optimizer,
    built_optimizer,
    check_distinct,
    check_loss,
    check_trainable,
    clipped_on_all_replicas,
    dense_gradients,
    finite_on_all_replicas,
    innermost,
    with_regularization,
)
from kerasgan.models.base.replicated_batches import check_batch, check_batches, check_made_in_scope
from kerasgan.models.base.replicated_step import ReplicatedStep

_TRACKED_IMAGES: contextvars.ContextVar[tf.Tensor | None] = contextvars.ContextVar(
    "tracked_images", default=None
)


def tracked_images(count: tf.Tensor) -> contextlib.AbstractContextManager[None]:
    """Says that the values tracked in the block are means over so many images."""
    return value_within(_TRACKED_IMAGES, count)


class MultiOptimizerModel(GenerativeModel):
    """Base class: `compile`, `fit` and `evaluate` for several optimizers and losses.

    Each name in `optimizer_names` is an argument of `compile` and an attribute; `moved_by` tells
    which networks an optimizer moves. The step calls `minimize` for each optimizer and `track` for
    each metric of `trackers`.
    """

    optimizer_names: tuple[str, ...] = ("generator_optimizer", "discriminator_optimizer")
    trackers: dict[str, keras.metrics.Mean]
    averaged_updates: keras.Variable | None = None  # How many the average has followed.
    branch_of_graph: tuple[int, ...] = ()  # The branch that is traced; see `ReplicatedStep`.

    @property
    def optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """The optimizers of a compiled model, by `optimizer_names`."""
        return {name: getattr(self, name) for name in self.optimizer_names}

    @property
    def training_state(self) -> list[keras.Variable]:
        """All that a training changes: the variables of the model and those of its optimizers."""
        of_optimizers = (each.variables for each in self.optimizers.values())
        return [*self.variables, *itertools.chain.from_iterable(of_optimizers)]

    def moved_by(self, optimizer_name: str) -> tuple[keras.Model, ...]:
        """Returns the networks whose weights an optimizer moves."""
        raise NotImplementedError

    def default_optimizer(self, name: str) -> keras.optimizers.Optimizer:
        """Returns a new optimizer with the settings of the objective's paper.

        Args:
            name: One of `optimizer_names`.
        """
        return keras.optimizers.Adam(2e-4, beta_1=0.5)

    def compile(
        self,
        *,
        generator_optimizer: Optimizer | None = None,
        discriminator_optimizer: Optimizer | None = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool = False,
        **others: Any,
    ) -> None:
        """Sets one optimizer for each player.

        They are given by name, because papers and libraries differ in which player comes first.

        Args:
            generator_optimizer: A Keras optimizer, its name or its configuration; `None` is that
                of the objective's paper. To change its learning rate in training, give it one of
                `keras.optimizers.schedules`: Keras's callbacks for that look for a model's only
                optimizer.
            discriminator_optimizer: The same for the discriminator or critic.
            run_eagerly: As in `keras.Model.compile`.
            steps_per_execution: As in `keras.Model.compile`.
            jit_compile: Whether to compile the step with XLA. It is slower on processors, leaves
                out the checks of the values of images and labels, and draws other noise from the
                same seed.
            **others: Further optimizers that the objective names in `optimizer_names`.

        Raises:
            ValueError: An argument is unknown, two players are given the same optimizer object,
                which can serve only one, an optimizer averages weights, or a network has no
                weights to train, or was made outside of the scope of the strategy.
        """
        given = {
            "generator_optimizer": generator_optimizer,
            "discriminator_optimizer": discriminator_optimizer,
            **others,
        }
        # Keras's own arguments are let through at their defaults, such as `loss=None`.
        meant = [name for name, value in given.items() if value is not None]
        if unknown := [name for name in meant if name not in self.optimizer_names]:
            raise ValueError(
                f"compile of {type(self).__name__} takes an optimizer for each player, "
                f"{' and '.join(self.optimizer_names)}, and no loss or metrics. "
                f"Received: {unknown[0]}={given[unknown[0]]!r}"
            )
        check_distinct(given)
        check_made_in_scope(self.networks)
        super().compile(
            optimizer=None,
            loss=None,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=jit_compile,
        )
        for name in self.optimizer_names:
            optimizer = given.get(name)
            optimizer = self.default_optimizer(name) if optimizer is None else optimizer
            setattr(self, name, built_optimizer(optimizer, self.moved_by(name)))

    def get_compile_config(self) -> dict | None:
        """Returns the arguments of `compile`, so that a saved model is restored compiled."""
        if not self.compiled:
            return None
        return {
            "run_eagerly": self.run_eagerly,
            "steps_per_execution": self.steps_per_execution,
            "jit_compile": self.jit_compile,
            **{
                name: keras.optimizers.serialize(optimizer)
                for name, optimizer in self.optimizers.items()
            },
        }

    def compile_from_config(self, config: dict) -> None:
        """Compiles with what `get_compile_config` returned."""
        self.compile(**config)

    def fit(self, *args, **kwargs) -> keras.callbacks.History:
        """Trains as `keras.Model.fit` does; see the class for the data.

        Raises:
            ValueError: Images are outside [0, 1] or not of the generator's shape, labels do not
                fit, weights of samples or classes are given, or a callback needs a model of one
                optimizer; or, in the scope of a strategy of several replicas, a batch cannot be
                divided among them, or a layer cannot see the whole of it.
        """
        call = inspect.signature(super().fit).bind(*args, **kwargs)
        self._check_data(call.arguments)
        if (callbacks := call.arguments.get("callbacks")) is not None:
            call.arguments["callbacks"] = suited_callbacks(callbacks, self.trackers)
        with readable_errors(), released(call.arguments.get("callbacks")):
            return super().fit(*call.args, **call.kwargs)

    def evaluate(self, *args, **kwargs) -> float | list | dict:
        """Measures the losses on held-out images as `keras.Model.evaluate` does.

        A discriminator that compares images compares those of a batch, also of a last batch of few
        images, so its losses depend on `batch_size`; see `discriminate`.

        Raises:
            ValueError: As `fit` does.
        """
        self._check_data(inspect.signature(super().evaluate).bind(*args, **kwargs).arguments)
        with readable_errors():
            return super().evaluate(*args, **kwargs)

    def _check_data(self, arguments: Mapping[str, Any]) -> None:
        """Checks the arguments of `fit` or `evaluate`, by their names."""
        weights = [arguments.get(name) for name in ("sample_weight", "class_weight")]
        if isinstance(held_out := arguments.get("validation_data"), list | tuple):
            weights += held_out[2:]
        if any(each is not None for each in weights):
            raise ValueError(no_weights(type(self).__name__))
        for x in (arguments.get("x"), held_out):
            # `kerasgan.data` is not imported to tell.
            if hasattr(x, "images") and hasattr(x, "class_names"):
                raise ValueError(
                    "A set of images becomes batches by kerasgan.data.training_dataset(images, "
                    "batch_size=16, seed=0), which are endless: pass steps_per_epoch too. "
                    f"Received: {type(x).__name__} of {len(x)} images"
                )
        for each in tf.nest.flatten(arguments.get("y")):
            if (
                isinstance(each, np.ndarray | np.generic | str)
                and np.asarray(each).dtype.kind in "US"
            ):
                raise ValueError(
                    "Labels are class numbers: of names, take their indices in class_names. "
                    f"Received: {shortened(repr(np.ravel(each)[0]))}"
                )
        check_batches(self, arguments)

    def make_train_function(self, force: bool = False) -> None:
        """Sets `train_function`, the step that `fit` calls; see `keras.Model`."""
        if not replicas_meet(self.distribute_strategy):
            super().make_train_function(force)
        elif force or self.train_function is None:
            self.train_function = ReplicatedStep(self, self.train_step)

    def make_test_function(self, force: bool = False) -> None:
        """Sets `test_function`, the step that `evaluate` calls; see `keras.Model`."""
        if not replicas_meet(self.distribute_strategy):
            super().make_test_function(force)
        elif force or self.test_function is None:
            self.test_function = ReplicatedStep(self, self.test_step)

    def branch(self) -> tuple[int, ...]:
        """Returns what differs between the graphs of batches; see `ReplicatedStep`."""
        return ()

    def _maybe_symbolic_build(self, iterator: Any = None, data_batch: Any = None) -> None:
        """Does nothing: the networks are built. Keras's own would fail under some strategies."""

    def train_on_batch(self, *args, **kwargs) -> float | list | dict:
        """Makes one step as `keras.Model.train_on_batch` does; raises as `fit` does."""
        if args or "x" in kwargs:
            check_batch(self, args[0] if args else kwargs["x"])
        with readable_errors():
            return super().train_on_batch(*args, **kwargs)

    def test_on_batch(self, *args, **kwargs) -> float | list | dict:
        """Measures one batch as `keras.Model.test_on_batch` does; raises as `fit` does."""
        if args or "x" in kwargs:
            check_batch(self, args[0] if args else kwargs["x"])
        with readable_errors():
            return super().test_on_batch(*args, **kwargs)

    def minimize(
        self,
        optimizer: keras.optimizers.Optimizer,
        loss: tf.Tensor,
        tape: tf.GradientTape,
        *networks: keras.Model,
    ) -> None:
        """Makes one update of the networks' weights by an optimizer.

        Args:
            optimizer: The optimizer of these networks.
            loss: The mean loss of the batch, a scalar. The penalties of the weights' regularizers
                are added to it.
            tape: The tape that recorded the loss.
            *networks: The networks whose weights move.

        Raises:
            ValueError: The loss is no floating-point scalar, or does not depend on the weights of
                the networks, or these have none to train.
        """
        check_trainable(networks)
        check_loss(loss, type(self).__name__)
        weights = [weight for network in networks for weight in network.trainable_variables]
        # In float16 the optimizer scales the loss, so that small gradients are not lost.
        scale = optimizer.scale_loss(tf.ones_like(loss))
        if (replicas := replica_count()) > 1:
            scale /= replicas  # The optimizer adds up their gradients.
        gradients = tape.gradient(loss, weights, output_gradients=scale)
        if all(gradient is None for gradient in gradients):
            moved = " and ".join(network.name for network in networks)
            raise ValueError(
                f"A loss of {type(self).__name__} does not depend on the weights of {moved}, which "
                "it is to move: compute it from the scores, without stop_gradient"
            )
        gradients = dense_gradients(gradients)
        gradients = with_regularization(gradients, weights, scale)
        self.apply_gradients(optimizer, gradients, weights)

    @staticmethod
    def apply_gradients(
        optimizer: keras.optimizers.Optimizer,
        gradients: Sequence[tf.Tensor | None],
        weights: Sequence[keras.Variable],
    ) -> None:
        """Applies gradients once all of them have been computed.

        Keras joins them too, but in a way that graph optimizers take apart: a weight is then
        updated as soon as its own gradient is there, while the gradients of the layers below are
        still computed from that very weight. Repeated trainings of `WassersteinACGAN` would now
        and then differ in their last bits.
        """
        gradients = tf.tuple(gradients)
        if replica_count() > 1:
            gradients = clipped_on_all_replicas(gradients, optimizer)
        if replica_count() > 1 and isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
            gradients = finite_on_all_replicas(gradients)
        optimizer.apply(gradients, weights)

    def moved_state(self, optimizer_name: str) -> list[keras.Variable]:
        """Returns all that an update by an optimizer moves, the state of the optimizer included."""
        networks = self.moved_by(optimizer_name)
        of_networks = [variable for network in networks for variable in network.variables]
        return [*of_networks, *getattr(self, optimizer_name).variables]

    def update_where(
        self, condition: tf.Tensor, update: Callable[[], Any], moved: Sequence[keras.Variable]
    ) -> None:
        """Makes an update if a condition holds.

        Args:
            condition: A boolean scalar, the same on all replicas.
            update: Makes the update.
            moved: All that the update may change.
        """
        if not computes_on_replica():
            tf.cond(condition, update, lambda: None)
            return
        # Replicas cannot meet within a branch of a graph: the update is made, and taken back.
        before = [tf.identity(variable.value) for variable in moved]
        with tf.control_dependencies(before):
            update()
        for variable, value in zip(moved, before, strict=True):
            variable.assign(tf.where(condition, variable.value, value))

    def update_ema(self, optimizer: keras.optimizers.Optimizer | None = None) -> None:
        """Moves the average of the generator's weights, if one is kept, after an update of them.

        Args:
            optimizer: The one that made the update, by default `generator_optimizer`. One that
                accumulates gradients moves weights, and so their average, in some updates alone.
        """
        average, count = self.ema_generator, self.averaged_updates
        if average is None or count is None:
            return

        def move() -> None:
            count.assign_add(1)
            updates = keras.ops.convert_to_tensor(count)
            update_average(average, self.generator, decay=self.ema_decay, updates=updates)

        moved = has_just_moved(innermost(optimizer or self.generator_optimizer))
        if moved is True:
            move()
        else:
            self.update_where(moved, move, [count, *average.variables])

    def track(self, **values: tf.Tensor) -> None:
        """Adds values to the metrics of the same names.

        Raises:
            ValueError: A name is not one of `metric_names`.
        """
        for name, value in values.items():
            if name not in self.trackers:
                raise ValueError(
                    f"{type(self).__name__} tracks {name!r}, which must be one of its "
                    f"metric_names. Received: metric_names={tuple(self.trackers)}"
                )
            self.trackers[name].update_state(value, sample_weight=_TRACKED_IMAGES.get())
