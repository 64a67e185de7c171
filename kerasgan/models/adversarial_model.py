"""What every objective shares: two networks, their optimizers, their images and their noise."""

import keras
import tensorflow as tf

from kerasgan import stateless
from kerasgan.models.image_checks import checked_shape, readable_errors
from kerasgan.models.image_range import ImageRange
from kerasgan.models.moving_average import averaged_copy, update_average
from kerasgan.models.optimizers import optimizer_for
from kerasgan.models.sampling import Sampling


class AdversarialModel(Sampling, keras.Model):
    """A generator and a discriminator, without the rules of their game.

    A subclass gives the rules: `discriminator_loss`, `generator_loss`, the `train_step` that
    schedules the players' updates, and `metric_names`, what it logs.

    Images given to `fit` are float in [0, 1] or uint8, `(batch, height, width, channels)`, alone
    or with labels; the model maps them to the generator's range. Noise is a pure function of
    `seed` and the number of batches seen, so a restored model goes on as if never stopped.

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: Model from images to scores `(batch, 1)`, its last layer linear.
        joint_batches: Whether the discriminator sees reals and fakes in one batch. Where it
            normalizes batches, this lets it see a difference of means, which separate batches
            hide.
        ema_decay: Decay of an exponential moving average of the generator's weights, in (0, 1),
            which `generate` then draws from. `None` keeps no average.
        image_range: `(low, high)` of the generator's output; `None` reads it off its last layer.
        seed: Seed of all noise.
    """

    metric_names: tuple[str, ...] = ()

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        joint_batches: bool = False,
        ema_decay: float | None = None,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        if ema_decay is not None and not 0.0 < ema_decay < 1.0:
            raise ValueError(f"ema_decay must be in (0, 1). Received: ema_decay={ema_decay}")
        _check_networks_match(generator, discriminator)
        self.generator = generator
        self.discriminator = discriminator
        self.joint_batches = joint_batches
        self.ema_decay = ema_decay
        self.ema_generator = None if ema_decay is None else averaged_copy(generator)
        self.image_range = ImageRange(*image_range) if image_range else ImageRange.of(generator)
        self.seed = seed
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
        jit_compile: bool = False,
        **kwargs,
    ) -> None:
        """Sets one optimizer for each player.

        Args:
            generator_optimizer: A Keras optimizer, its name, or its configuration. Learning-rate
                schedules work as everywhere in Keras.
            discriminator_optimizer: Likewise, for the discriminator or critic.
            jit_compile: Whether to compile the step with XLA, which is slower on processors.
            **kwargs: `run_eagerly` and `steps_per_execution` of `keras.Model.compile`.

        Raises:
            ValueError: Both players are given one optimizer, which can serve only one.
        """
        if generator_optimizer is discriminator_optimizer and isinstance(
            generator_optimizer, keras.optimizers.Optimizer
        ):
            raise ValueError(
                "Each player needs an optimizer of its own. Received: the same "
                f"{type(generator_optimizer).__name__} for both"
            )
        super().compile(optimizer=None, loss=None, jit_compile=jit_compile, **kwargs)
        self.generator_optimizer = optimizer_for(self.generator, generator_optimizer)
        self.discriminator_optimizer = optimizer_for(self.discriminator, discriminator_optimizer)

    def get_compile_config(self) -> dict | None:
        """Returns the arguments of `compile`, so that a saved model is restored compiled."""
        if not self.compiled:
            return None
        serialize = keras.optimizers.serialize
        return {
            "run_eagerly": self.run_eagerly,
            "steps_per_execution": self.steps_per_execution,
            "jit_compile": self.jit_compile,
            "generator_optimizer": serialize(self.generator_optimizer),
            "discriminator_optimizer": serialize(self.discriminator_optimizer),
        }

    def compile_from_config(self, config: dict) -> None:
        """Compiles with what `get_compile_config` returned."""
        self.compile(**config)

    def fit(self, *args, **kwargs) -> keras.callbacks.History:
        """Trains as `keras.Model.fit` does; see the class for the data.

        Raises:
            ValueError: Images are outside [0, 1], or not of the generator's shape.
        """
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

    def real_images(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> tf.Tensor:
        """Takes the images out of a batch of `fit`, checks them and maps them to the range.

        In a graph the checks hold back only what waits for the images that are returned.
        """
        images, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        images = checked_shape(tf.convert_to_tensor(images), self.image_shape)
        return self.image_range.from_user(images)

    def latents(self, count: tf.Tensor | int, purpose: str) -> tf.Tensor:
        """Draws the latents `(count, latent_dim)` of this batch for one purpose."""
        return stateless.normal(
            (count, self.latent_dim), seed=self.seed, step=self.batches_seen.value, purpose=purpose
        )

    def scores(self, real_images: tf.Tensor, fake_images: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns the discriminator's scores of reals and of fakes, as it sees them in training."""
        if self.joint_batches:
            # In the precision that the discriminator computes in there is less to copy.
            precision = self.discriminator.compute_dtype
            both = tf.concat([tf.cast(real_images, precision), tf.cast(fake_images, precision)], 0)
            both = self.discriminator(both, training=True)
            return tf.split(both, [tf.shape(real_images)[0], tf.shape(fake_images)[0]])
        return (
            self.discriminator(real_images, training=True),
            self.discriminator(fake_images, training=True),
        )

    def discriminator_loss(self, real_scores: tf.Tensor, fake_scores: tf.Tensor) -> tf.Tensor:
        """Returns the discriminator's loss, a scalar, from the scores `(batch, 1)`."""
        raise NotImplementedError

    def generator_loss(self, fake_scores: tf.Tensor) -> tf.Tensor:
        """Returns the generator's loss, a scalar, from the scores `(batch, 1)` of fakes."""
        raise NotImplementedError

    def update_generator(self, real_images: tf.Tensor, turn: int = 0) -> tf.Tensor:
        """Makes one generator update on as many fresh fakes as reals and returns its loss."""
        latents = self.latents(tf.shape(real_images)[0], f"generator latents {turn}")
        with tf.GradientTape() as tape:
            fake_images = self.generator(latents, training=True)
            if self.joint_batches:
                _, fake_scores = self.scores(real_images, fake_images)
            else:
                fake_scores = self.discriminator(fake_images, training=True)
            loss = self.generator_loss(fake_scores)
        self.minimize(self.generator, self.generator_optimizer, loss, tape)
        self.track(generator_loss=loss)
        if self.ema_generator is not None:
            update_average(
                self.ema_generator,
                self.generator,
                decay=self.ema_decay,
                updates=keras.ops.convert_to_tensor(self.generator_optimizer.iterations),
            )
        return loss

    def minimize(
        self,
        network: keras.Model,
        optimizer: keras.optimizers.Optimizer,
        loss: tf.Tensor,
        tape: tf.GradientTape,
    ) -> None:
        """Applies the gradient of `loss`, recorded on `tape`, to a network's weights."""
        weights = network.trainable_variables
        scale = optimizer.scale_loss(tf.ones_like(loss))
        optimizer.apply(tape.gradient(loss, weights, output_gradients=scale), weights)

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
            "ema_decay": self.ema_decay,
            "image_range": [self.image_range.low, self.image_range.high],
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "AdversarialModel":
        networks = {
            name: keras.saving.deserialize_keras_object(config[name], custom_objects)
            for name in ("generator", "discriminator")
        }
        return cls(**{**config, **networks})


def _check_networks_match(generator: keras.Model, discriminator: keras.Model) -> None:
    drawn, judged = generator.outputs[0].shape[1:], discriminator.inputs[0].shape[1:]
    if len(drawn) != len(judged) or any(
        None not in (one, other) and one != other for one, other in zip(drawn, judged, strict=True)
    ):
        raise ValueError(
            "The discriminator must take the images that the generator draws. Received: generator "
            f"drawing {tuple(drawn)}, discriminator taking {tuple(judged)}"
        )
