"""What every objective shares: two networks, their optimizers, their images and their noise."""

import keras
import tensorflow as tf

from kerasgan import stateless
from kerasgan.models.class_names import check_class_names
from kerasgan.models.diff_augment import check_policies
from kerasgan.models.image_checks import checked_shape, readable_errors
from kerasgan.models.image_range import ImageRange
from kerasgan.models.judged import Judged, Labelled
from kerasgan.models.judging import Judging, class_heads, discriminator_caller
from kerasgan.models.label_checks import checked_labels
from kerasgan.models.moving_average import averaged_copy, update_average
from kerasgan.models.network_checks import check_players
from kerasgan.models.number_checks import check_not_negative
from kerasgan.models.optimizers import apply_together, check_distinct, optimizer_for
from kerasgan.models.sampling import Sampling


class AdversarialModel(Sampling, Judging, keras.Model):
    """A generator and a discriminator, without the rules of their game.

    A subclass gives the rules: `discriminator_loss`, `generator_loss`, the `train_step` that
    schedules the players' updates, and `metric_names`, what it logs.

    Images given to `fit` are float in [0, 1] or uint8, `(batch, height, width, channels)`, alone
    or with labels; the model maps them to the generator's range. All randomness is a pure function
    of `seed` and the number of batches seen, so a restored model goes on as if never stopped; only
    `jit_compile` makes it another function.

    A discriminator with class heads gives a list, the scores and then the logits of each label
    set, from layers that bear the names of the sets. A generator with several inputs takes the
    latents and then the labels of each set.

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: Model from images to scores `(batch, 1)`, its last layer linear.
        joint_batches: Whether the discriminator sees reals and fakes in one batch. Where it
            normalizes batches, this lets it see a difference of means, which separate batches
            hide.
        diff_augment: The discriminator sees reals and fakes through these random transformations,
            any of `"color"`, `"translation"`, `"cutout"`; see
            `kerasgan.models.diff_augment.diff_augment`.
        feature_matching: Weight of ||E_x[f(x)] - E_z[f(G(z))]||^2 in the generator's loss, where
            f is the discriminator's layer `"features"` (Salimans et al., 2016, section 3.1). It
            holds the generator to the statistics of the whole batch, against mode collapse.
        ema_decay: Decay of an exponential moving average of the generator's weights, in (0, 1),
            which `generate` then draws from. `None` keeps no average.
        image_range: `(low, high)` of the generator's output; `None` reads it off its last layer.
        seed: Seed of all noise.
        class_names: The name of each class of each label set, for `generate`.
    """

    metric_names: tuple[str, ...] = ()
    network_names: tuple[str, ...] = ("generator", "discriminator")
    optimizer_names: tuple[str, ...] = ("generator_optimizer", "discriminator_optimizer")
    takes_classes = False  # Whether the discriminator has class heads.
    draws_classes = False  # Whether the generator is conditioned on them.

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        joint_batches: bool = False,
        diff_augment: list[str] = (),
        feature_matching: float = 0.0,
        ema_decay: float | None = None,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        class_names: dict[str, list[str]] | None = None,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        if ema_decay is not None and not 0.0 < ema_decay < 1.0:
            raise ValueError(f"ema_decay must be in (0, 1). Received: ema_decay={ema_decay}")
        check_not_negative(feature_matching=feature_matching)
        check_players(generator, discriminator)
        self.generator = generator
        self.discriminator = discriminator
        self.joint_batches = joint_batches
        self.diff_augment = check_policies(diff_augment)
        self.feature_matching = feature_matching
        self.ema_decay = ema_decay
        self.ema_generator = None if ema_decay is None else averaged_copy(generator)
        self.image_range = ImageRange(*image_range) if image_range else ImageRange.of(generator)
        self.seed = seed
        self.classes = class_heads(discriminator)
        if bool(self.classes) != self.takes_classes:
            heads = ", ".join(map(repr, self.classes)) or "none"
            wanted = "class heads" if self.takes_classes else "no class heads"
            raise ValueError(
                f"{type(self).__name__} needs a discriminator with {wanted}. "
                f"Received: discriminator={discriminator.name!r} with class heads {heads}"
            )
        if self.condition and not self.draws_classes:
            raise ValueError(
                f"{type(self).__name__} needs a generator that takes latents alone. Received: "
                f"generator={generator.name!r} taking {list(self.condition)} too"
            )
        self.class_names = check_class_names(class_names, self.classes)
        self._call_discriminator = discriminator_caller(
            discriminator, with_features=feature_matching > 0.0
        )
        self.batches_seen = self.add_weight(
            name="batches_seen", shape=(), dtype="int64", initializer="zeros", trainable=False
        )
        self.trackers = {name: keras.metrics.Mean(name) for name in self.metric_names}
        self.built = True

    def compile(
        self,
        generator_optimizer: keras.optimizers.Optimizer | str | dict = "adam",
        discriminator_optimizer: keras.optimizers.Optimizer | str | dict = "adam",
        *,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool = False,
    ) -> None:
        """Sets one optimizer for each player.

        Args:
            generator_optimizer: A Keras optimizer, its name, or its configuration. To change its
                learning rate in training give it one of `keras.optimizers.schedules`: Keras's
                callbacks for that look for a model's only optimizer.
            discriminator_optimizer: Likewise, for the discriminator or critic.
            run_eagerly: As in `keras.Model.compile`.
            steps_per_execution: As in `keras.Model.compile`.
            jit_compile: Whether to compile the step with XLA. It is slower on processors, leaves
                out the checks of the values of images and labels, and draws other noise from the
                same seed.

        Raises:
            ValueError: Both players are given one optimizer, which can serve only one.
        """
        check_distinct(
            generator_optimizer=generator_optimizer,
            discriminator_optimizer=discriminator_optimizer,
        )
        super().compile(
            optimizer=None,
            loss=None,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=jit_compile,
        )
        self.generator_optimizer = optimizer_for(generator_optimizer, *self.generator_networks)
        self.discriminator_optimizer = optimizer_for(
            discriminator_optimizer, *self.discriminator_networks
        )

    def get_compile_config(self) -> dict | None:
        """Returns the arguments of `compile`, so that a saved model is restored compiled."""
        if not self.compiled:
            return None
        return {
            "run_eagerly": self.run_eagerly,
            "steps_per_execution": self.steps_per_execution,
            "jit_compile": self.jit_compile,
            **{
                name: keras.optimizers.serialize(getattr(self, name))
                for name in self.optimizer_names
            },
        }

    def compile_from_config(self, config: dict) -> None:
        """Compiles with what `get_compile_config` returned."""
        self.compile(**config)

    def fit(self, *args, **kwargs) -> keras.callbacks.History:
        """Trains as `keras.Model.fit` does; see the class for the data.

        Raises:
            ValueError: Images are outside [0, 1], or not of the generator's shape; or the model
                was made in the scope of a strategy of several replicas.
        """
        strategy = self.distribute_strategy
        if (replicas := strategy.num_replicas_in_sync) > 1:
            raise ValueError(
                f"{type(self).__name__} trains on one device: make, compile and fit it outside of "
                f"the strategy's scope. Received: {type(strategy).__name__} of {replicas} replicas"
            )
        with readable_errors():
            return super().fit(*args, **kwargs)

    def train_on_batch(self, *args, **kwargs) -> float | list | dict:
        """Makes one step as `keras.Model.train_on_batch` does; raises as `fit` does."""
        with readable_errors():
            return super().train_on_batch(*args, **kwargs)

    def test_step(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """Refuses `evaluate` and `validation_data`: the players' losses measure no quality."""
        raise NotImplementedError(
            f"{type(self).__name__} has no loss on held-out images: compare what `generate` draws "
            "with them instead"
        )

    @property
    def generator_networks(self) -> tuple[keras.Model, ...]:
        """The networks that the generator's turn moves."""
        return (self.generator,)

    @property
    def discriminator_networks(self) -> tuple[keras.Model, ...]:
        """The networks that the discriminator's turn moves."""
        return (self.discriminator,)

    def real_batch(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> Labelled:
        """Takes a batch of `fit` apart, checks it, and maps the images to the generator's range.

        In a graph the checks hold back only what waits for the images that are returned.
        """
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        labels = checked_labels(labels, self.classes)
        images = checked_shape(tf.convert_to_tensor(images), self.image_shape)
        with tf.control_dependencies(list(labels.values())):
            return Labelled(tf.identity(self.image_range.from_user(images)), labels)

    def latents(self, count: tf.Tensor | int, purpose: str) -> tf.Tensor:
        """Draws the latents `(count, latent_dim)` of this batch for one purpose."""
        return stateless.normal(
            (count, self.latent_dim), seed=self.seed, step=self.batches_seen.value, purpose=purpose
        )

    def draw_labels(self, count: tf.Tensor | int, purpose: str) -> dict[str, tf.Tensor]:
        """Draws the labels that this batch's fakes are asked for; none by default."""
        return {}

    def draw(self, real_images: tf.Tensor, purpose: str) -> Labelled:
        """Draws as many fakes as reals, in training, with the labels that they are asked for."""
        count = tf.shape(real_images)[0]
        latents, labels = self.latents(count, purpose), self.draw_labels(count, purpose)
        inputs = [latents, *labels.values()] if labels else latents
        return Labelled(self.generator(inputs, training=True), labels)

    def discriminator_loss(self, real: Judged, fake: Judged) -> tf.Tensor:
        """Returns the discriminator's loss, a scalar."""
        raise NotImplementedError

    def generator_loss(self, fake: Judged) -> tf.Tensor:
        """Returns the generator's loss, a scalar."""
        raise NotImplementedError

    def update_generator(self, reals: Labelled, turn: int = 0) -> tf.Tensor:
        """Makes one generator update on as many fresh fakes as reals and returns its loss."""
        with tf.GradientTape() as tape:
            fakes = self.draw(reals.images, f"generator latents {turn}")
            loss = self.generator_turn_loss(reals, fakes, f"generator {turn}")
        self.minimize(self.generator_optimizer, loss, tape, *self.generator_networks)
        self.track(generator_loss=loss)
        self.update_ema()
        return loss

    def update_ema(self) -> None:
        """Moves the average of the generator's weights, where one is kept."""
        if self.ema_generator is not None:
            update_average(
                self.ema_generator,
                self.generator,
                decay=self.ema_decay,
                updates=keras.ops.convert_to_tensor(self.generator_optimizer.iterations),
            )

    def generator_turn_loss(self, reals: Labelled, fakes: Labelled, purpose: str) -> tf.Tensor:
        """Returns the generator's loss on fakes, feature matching included."""
        if not (self.joint_batches or self.feature_matching):
            return self.generator_loss(self.judge_fakes(fakes, purpose))
        real, fake = self.judge(reals, fakes, purpose)
        loss = self.generator_loss(fake)
        if self.feature_matching:
            loss += self.feature_matching * _squared_distance_of_means(real.features, fake.features)
        return loss

    def minimize(
        self,
        optimizer: keras.optimizers.Optimizer,
        loss: tf.Tensor,
        tape: tf.GradientTape,
        *networks: keras.Model,
    ) -> None:
        """Applies the gradient of `loss`, recorded on `tape`, to the weights of networks."""
        weights = [weight for network in networks for weight in network.trainable_variables]
        scale = optimizer.scale_loss(tf.ones_like(loss))
        apply_together(optimizer, tape.gradient(loss, weights, output_gradients=scale), weights)

    def track(self, **values: tf.Tensor) -> None:
        """Adds values to the metrics of the same names."""
        for name, value in values.items():
            self.trackers[name].update_state(value)

    def results(self) -> dict[str, tf.Tensor]:
        """Returns the metrics' means since they were last reset."""
        return {name: tracker.result() for name, tracker in self.trackers.items()}

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "joint_batches": self.joint_batches,
            "diff_augment": list(self.diff_augment),
            "feature_matching": self.feature_matching,
            "ema_decay": self.ema_decay,
            "image_range": [self.image_range.low, self.image_range.high],
            "seed": self.seed,
            "class_names": {name: list(names) for name, names in self.class_names.items()},
        }

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "AdversarialModel":
        networks = {
            name: keras.saving.deserialize_keras_object(config[name], custom_objects)
            for name in cls.network_names
        }
        return cls(**{**config, **networks})


def _squared_distance_of_means(one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
    difference = tf.reduce_mean(tf.cast(one, tf.float32), 0) - tf.reduce_mean(
        tf.cast(other, tf.float32), 0
    )
    return tf.reduce_sum(tf.square(difference))
