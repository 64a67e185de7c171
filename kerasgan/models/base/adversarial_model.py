"""The base class of every objective: two networks, their optimizers and the default step."""

import contextvars
from collections.abc import Callable, Mapping, Sequence

import keras
import msgspec
import tensorflow as tf

from kerasgan.argument_checks import check_not_negative, whole_number
from kerasgan.distribution.replicas import computes_on_replica, global_mean, value_within
from kerasgan.models.base.batches import DiscriminatorOutput, LabelledImages
from kerasgan.models.base.checks import warn_if_it_normalizes_batches
from kerasgan.models.base.constructor import arguments, check_config_is_whole
from kerasgan.models.base.multi_optimizer_model import tracked_images
from kerasgan.models.base.noise import Noise
from kerasgan.models.base.two_player_model import TwoPlayerModel
from kerasgan.models.loss_terms import feature_matching_loss, squared_slope
from kerasgan.models.schedule import HandicapSchedule

_IS_TEST = contextvars.ContextVar("is_test", default=False)


class AdversarialModel(TwoPlayerModel):
    """Base class: two networks, their optimizers and the default training step.

    Subclasses define `discriminator_loss` and `generator_loss`; the documentation has a guide,
    "Write an objective". On every batch of `fit` the discriminator makes one update on the reals
    and as many fresh fakes, and after every `n_critic` of them the generator makes one on fresh
    fakes (algorithm 1 of Goodfellow et al., 2014, with k = n_critic). With a `schedule` the
    generator moves first and the discriminator can be held back; see `HandicapSchedule`.

    Images given to `fit` are float in [0, 1] or uint8, `(batch, height, width, channels)`, alone
    or with labels; the model maps them to the generator's range. All randomness is a pure function
    of `seed` and the number of batches seen, so a restored model continues as if it had never
    stopped. With `jit_compile` the random numbers differ. Keras's own random layers draw from a
    state that no file keeps: networks that are to be restored take `kerasgan.layers.CountedDropout`
    for its `Dropout`.

    In every update the layers of both players behave as in training. So the moving statistics of a
    discriminator that normalizes batches follow the reals and fakes of its own updates and the
    fakes of the generator's, as in implementations whose discriminator stays in training mode. No
    update depends on them; `discriminate` and `evaluate` do.

    Of the losses of layers those of weights, `kernel_regularizer` and the like, are added to each
    update; an `activity_regularizer` is refused, and what a layer adds by `add_loss` is left out.

    A discriminator with class heads returns a list: the scores, and then the logits of each label
    set, from a layer named after the set. A conditional generator takes the latents and then the
    labels of each set.

    Logs have `metric_names`, and `loss`, which is the discriminator's. In training they are means
    over the updates of an epoch, in which a last batch of fewer images counts as much as any; in
    `evaluate`, means over images. A loss of the generator is
    NaN as long as the generator has made no update in this epoch; callbacks that monitor it, such
    as `EarlyStopping`, wait for its first value. With `mode="auto"` they maximize metrics whose
    names end in "accuracy" and minimize the rest. Losses of adversaries do not measure the quality
    of pictures: to keep the best weights, use `kerasgan.callbacks.Evaluate`.

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: Model from images to scores `(batch, 1)`, with a linear last layer.
        n_critic: Discriminator updates for each generator update, at least 1. What `fit` counts in
            `steps_per_epoch` are batches, which are the discriminator's updates: an iteration of
            the papers is `n_critic` steps.
        schedule: A `HandicapSchedule`, which takes the place of `n_critic`.
        joint_batches: Whether the discriminator sees reals and fakes in one batch. If it
            normalizes batches, it can then see a difference of their means, which separate
            batches hide.
        diff_augment: Random transformations through which the discriminator sees reals and fakes,
            any of `"color"`, `"translation"` and `"cutout"`; see
            `kerasgan.models.diff_augment.diff_augment`.
        feature_matching_weight: Weight of ||E_x[phi(x)] - E_z[phi(G(z))]||^2 in the generator's
            loss, where phi is the discriminator's layer `"features"` (Salimans et al., 2016,
            section 3.1, where it takes the place of the generator's loss). It holds the generator
            to the statistics of the whole batch, so that it does not overtrain on the
            discriminator of the moment.
        r1_weight: gamma of R1, the penalty gamma/2 E_x[||grad D(x)||^2] on the discriminator's
            slope at reals (Mescheder et al., 2018, equation 9), added to the objective's
            `discriminator_loss` as that is written, x in the generator's range and as
            `diff_augment` made it. It lets a game settle that would go round in circles. The logs
            have E_x[||grad D(x)||^2] as `r1_penalty`; it is in neither their `discriminator_loss`
            nor that of a gate.
        ema_decay: Decay of an exponential moving average of the generator's weights, in (0, 1),
            which `generate` then draws from. After u updates of the generator the decay is
            min(ema_decay, (1 + u) / (10 + u)), so that the initial weights are soon forgotten. With
            gradient accumulation u counts the updates that move weights, not batches; it counts
            on when `compile` sets new optimizers. Moving statistics are averaged too.
            `None` keeps no average.
        image_range: `(low, high)` of the generator's output; `None` reads it off its last layer.
        seed: Seed of all random numbers.
        class_names: The name of each class of each label set, for `generate`.
        name: Name of the model.
    """

    metric_names: tuple[str, ...] = ("generator_loss", "discriminator_loss")
    generator_sees_reals = False  # Whether its loss depends on the outputs for reals.

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        n_critic: int = 1,
        schedule: HandicapSchedule | None = None,
        joint_batches: bool = False,
        diff_augment: Sequence[str] = (),
        feature_matching_weight: float = 0.0,
        r1_weight: float = 0.0,
        ema_decay: float | None = None,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        class_names: Mapping[str, Sequence[str]] | None = None,
        name: str | None = None,
    ) -> None:
        check_not_negative(feature_matching_weight=feature_matching_weight, r1_weight=r1_weight)
        super().__init__(
            generator,
            discriminator,
            joint_batches=joint_batches,
            diff_augment=diff_augment,
            with_features=feature_matching_weight > 0.0,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            class_names=class_names,
            name=name,
        )
        self.n_critic = whole_number("n_critic", n_critic, least=1)
        if not isinstance(schedule, HandicapSchedule | None):
            raise ValueError(
                f"schedule must be a HandicapSchedule or None. Received: schedule={schedule!r}"
            )
        if schedule is not None and self.n_critic > 1:
            raise ValueError(
                "A model has either n_critic or a schedule. "
                f"Received: n_critic={n_critic}, schedule={schedule}"
            )
        self.schedule = schedule
        self.feature_matching_weight = feature_matching_weight
        self.r1_weight = r1_weight
        if r1_weight:
            warn_if_it_normalizes_batches(discriminator)
        # What only a step of training has, and `evaluate` does not.
        optional = {"gate_open": schedule is not None, "r1_penalty": r1_weight > 0.0}
        self._of_steps = [metric for metric, is_there in optional.items() if is_there]
        self.trackers = {
            metric: keras.metrics.Mean(metric) for metric in (*self.metric_names, *self._of_steps)
        }
        # It is no weight, because `evaluate` resets it.
        self._test_batches = tf.Variable(
            0,
            dtype=tf.int64,
            trainable=False,
            aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
        )
        self.built = True

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns the discriminator's loss, a scalar."""
        raise NotImplementedError(f"{type(self).__name__} must define discriminator_loss")

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns the generator's loss, a scalar.

        Args:
            real: The outputs for reals, where `generator_sees_reals`, or else `None`.
            fake: The outputs for fakes.
        """
        raise NotImplementedError(f"{type(self).__name__} must define generator_loss")

    def train_step(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """Trains on one batch, in the order that the class describes."""
        reals = self.real_batch(data)
        with tf.control_dependencies([reals.images]):  # No weight moves before the checks.
            if self.schedule is None:
                self.update_discriminator(reals)
                self.batches_seen.assign_add(1)
                self.update_if_due(lambda: self.update_generator(reals))
            else:
                generator_loss = self.update_generator_repeatedly(reals, self.schedule)
                self.update_discriminator(reals, generator_loss)
                self.batches_seen.assign_add(1)
        return self.results()

    @property
    def iterations_seen(self) -> int:
        """How many iterations, of `n_critic` batches each, the model was trained on."""
        return int(self.batches_seen.value.numpy()) // self.n_critic

    def without_training_aids(self) -> "AdversarialModel":
        """Returns the model without networks that only its training looks through: by default, all.

        Objectives that have such networks return a model of another objective, with this one's
        networks.
        """
        return self

    def continue_after(self, batches: int) -> None:
        """Counts batches as seen, for a model whose weights were trained on them.

        A pretraining or a curriculum that was over stays over, and the average of the generator's
        weights goes on from what it is.

        Args:
            batches: How many batches of `fit`, at least 0.
        """
        batches = whole_number("batches", batches, least=0)
        self.batches_seen.assign(batches)
        if self.averaged_updates is not None:
            self.averaged_updates.assign(batches // self.n_critic)

    def generator_is_due(self, batches: tf.Tensor) -> tf.Tensor:
        """Returns whether the generator moves after a batch, a boolean scalar.

        Args:
            batches: How many batches were seen, this one included.
        """
        return tf.equal(tf.math.floormod(batches, self.n_critic), 0)

    def branch(self) -> tuple[int, ...]:
        """Returns whether the generator moves after the next batch, where `n_critic` decides it."""
        if self.schedule is not None:
            return (1,)
        return (int(self.generator_is_due(self.batches_seen.value + 1)),)

    def update_if_due(self, update: Callable[[], tf.Tensor]) -> None:
        """Makes the generator's update, which returns a scalar, if it is due after this batch."""
        if computes_on_replica():
            # Replicas cannot meet within a branch of a graph; see `ReplicatedStep`.
            if self.branch_of_graph[0]:
                update()
            return
        due = self.generator_is_due(self.batches_seen.value)
        # Both branches return one type, whatever that of the loss is.
        tf.cond(due, lambda: tf.cast(update(), tf.float32), lambda: tf.constant(0.0))

    def update_discriminator(
        self, reals: LabelledImages, generator_loss: tf.Tensor | None = None
    ) -> None:
        """Makes one update of the discriminator on reals and fresh fakes.

        Args:
            reals: The reals.
            generator_loss: The generator's last loss, for the gate of a `HandicapSchedule`.
        """
        fakes = self.draw_fakes(reals, f"{self.player} latents")
        with tf.GradientTape() as tape:
            real, fake = self.discriminate_both(reals, fakes, self.player)
            loss = self.discriminator_loss(real, fake)
            penalized = self._with_penalty(loss, real)

        def move() -> None:
            networks = self.discriminator_networks
            self.minimize(self.discriminator_optimizer, penalized, tape, *networks)

        if self.schedule is None:
            move()
        else:
            # All replicas decide alike, from the losses of the global batch.
            is_open = self.schedule.gate_is_open(*global_mean((generator_loss, loss)))
            self.update_where(is_open, move, self.moved_state("discriminator_optimizer"))
            self.track(gate_open=tf.cast(is_open, tf.float32))
        self.track(**{f"{self.player}_loss": loss})

    def _with_penalty(self, loss: tf.Tensor, real: DiscriminatorOutput) -> tf.Tensor:
        if not self.r1_weight:
            return loss
        slope = squared_slope(self.discriminator, real.images, training=real.training)
        self.track(r1_penalty=slope)
        return loss + self.r1_weight / 2.0 * slope

    def update_generator(self, reals: LabelledImages, turn: int = 0) -> tf.Tensor:
        """Makes one update of the generator on as many fresh fakes as reals; returns its loss.

        Args:
            reals: The reals.
            turn: The number of this update among those on this batch, from 0.
        """
        with tf.GradientTape() as tape:
            fakes = self.draw_fakes(reals, f"generator latents {turn}")
            loss = self.generator_loss_on(reals, fakes, f"generator {turn}")
        self.minimize(self.generator_optimizer, loss, tape, *self.generator_networks)
        self.track(generator_loss=loss)
        self.update_ema()
        return loss

    def update_generator_repeatedly(
        self, reals: LabelledImages, schedule: HandicapSchedule
    ) -> tf.Tensor:
        """Makes as many updates of the generator as a schedule has; returns the last loss."""
        loss = self.update_generator(reals)
        for turn in range(1, schedule.handicap):
            loss = self._update_generator_unless_ahead(reals, turn, loss, schedule)
        return loss

    def _update_generator_unless_ahead(
        self, reals: LabelledImages, turn: int, loss: tf.Tensor, schedule: HandicapSchedule
    ) -> tf.Tensor:
        if schedule.stop_generator_below is None:
            return self.update_generator(reals, turn)
        is_ahead = global_mean(loss) < schedule.stop_generator_below
        if not computes_on_replica():
            return tf.cond(is_ahead, lambda: loss, lambda: self.update_generator(reals, turn))
        moved = self.moved_state("generator_optimizer")
        moved += [variable for each in self.trackers.values() for variable in each.variables]
        if self.ema_generator is not None and self.averaged_updates is not None:
            moved += [self.averaged_updates, *self.ema_generator.variables]
        moved += self.discriminator.non_trainable_variables
        later = []
        self.update_where(
            ~is_ahead, lambda: later.append(self.update_generator(reals, turn)), moved
        )
        return tf.where(is_ahead, loss, later[0])

    def generator_loss_on(
        self, reals: LabelledImages, fakes: LabelledImages, purpose: str
    ) -> tf.Tensor:
        """Returns the generator's loss on fakes, feature matching included, a scalar."""
        if self.generator_sees_reals or self.joint_batches or self.feature_matching_weight:
            real, fake = self.discriminate_both(reals, fakes, purpose)
        else:
            real, fake = None, self.discriminate_fakes(fakes, purpose)
        return self._generator_loss_with_features(real, fake)

    def _generator_loss_with_features(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        try:
            loss = self.generator_loss(real, fake)
        except AttributeError as error:
            if real is None and error.obj is None:
                raise ValueError(
                    f"generator_loss of {type(self).__name__} takes what reals give, which it is "
                    f"given only with the class attribute generator_sees_reals = True. Received: "
                    f"real=None, of which it takes {error.name!r}"
                ) from error
            raise
        if self.feature_matching_weight:
            features = real.features  # pyright: ignore[reportOptionalMemberAccess] (see caller)
            loss += self.feature_matching_weight * feature_matching_loss(features, fake.features)
        return loss

    def results(self) -> dict[str, tf.Tensor]:
        """Returns the metrics' means since they were reset; NaN for what was not updated."""
        means = {
            name: tf.where(tracker.count > 0, tracker.result(), float("nan"))
            for name, tracker in self.trackers.items()
        }
        means = global_mean(means)
        return {"loss": means[self.main_loss], **means}

    @property
    def noise(self) -> Noise:
        """The random numbers of the step: those of `evaluate` count its own batches, from 0."""
        return self._test_noise if _IS_TEST.get() else super().noise

    @property
    def _test_noise(self) -> Noise:
        return Noise(self.seed, self._test_batches, "test ")

    @property
    def main_loss(self) -> str:
        """The metric that the logs have as `loss` too, for callbacks that look for one."""
        return f"{self.player}_loss"

    def get_metrics_result(self) -> dict[str, tf.Tensor]:
        return self.results()

    def test_step(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """Measures the losses on held-out reals and as many fakes, out of training.

        The fakes are drawn as `generate` draws them, and nothing is augmented.
        """
        reals = self.real_batch(data)
        # The means are over images: the last batch may have fewer.
        count = tf.cast(tf.shape(reals.images)[0], tf.float32)
        with tracked_images(count), value_within(_IS_TEST, True):
            self.measure_losses(reals)
        self._test_batches.assign_add(1)
        return {name: value for name, value in self.results().items() if name not in self._of_steps}

    def measure_losses(self, reals: LabelledImages) -> None:
        """Tracks the losses on held-out reals and as many fakes, out of training."""
        self.measure_players(reals, self.draw_test_fakes(reals))

    def measure_players(self, reals: LabelledImages, fakes: LabelledImages) -> None:
        """Tracks the losses of both players on given reals and fakes, out of training."""
        real = self._call_discriminator(reals, training=False)
        fake = self._call_discriminator(fakes, training=False)
        self.track_test_losses(real, fake)

    def track_test_losses(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> None:
        """Tracks the losses of both players, from the outputs out of training."""
        self.track(**{f"{self.player}_loss": self.discriminator_loss(real, fake)})
        self.track(generator_loss=self._generator_loss_with_features(real, fake))

    def draw_test_fakes(self, reals: LabelledImages) -> LabelledImages:
        """Generates as many fakes as reals out of training, with the labels of the reals."""
        shape = (tf.shape(reals.images)[0], self.latent_dim)
        latents = self._test_noise.normal(shape, "latents")
        labels = {name: reals.labels[name] for name in self.condition}
        inputs = [latents, *labels.values()] if labels else latents
        images = self.sampling_generator(inputs, training=False)
        return LabelledImages(images, reals.labels)

    def evaluate(self, *args, **kwargs) -> float | list | dict:
        self._test_batches.assign(0)
        return super().evaluate(*args, **kwargs)

    def get_config(self) -> dict:
        check_config_is_whole(type(self))
        config = {
            "name": self.name,
            **{
                name: keras.saving.serialize_keras_object(getattr(self, name))
                for name in self.network_names
            },
            "n_critic": self.n_critic,
            "schedule": msgspec.to_builtins(self.schedule),
            "joint_batches": self.joint_batches,
            "diff_augment": list(self.diff_augment),
            "feature_matching_weight": self.feature_matching_weight,
            "r1_weight": self.r1_weight,
            "ema_decay": self.ema_decay,
            "image_range": [self.image_range.low, self.image_range.high],
            "seed": self.seed,
            "class_names": {name: list(names) for name, names in self.class_names.items()},
        }
        taken = arguments(type(self))
        return {name: value for name, value in config.items() if name in taken}

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "AdversarialModel":
        networks = {
            name: keras.saving.deserialize_keras_object(config[name], custom_objects)
            for name in cls.network_names
        }
        config = {**config, **networks}
        if "schedule" in config:
            config["schedule"] = msgspec.convert(config["schedule"], HandicapSchedule | None)
        return cls(**config)
