"""The generative model that combines a variational autoencoder with a GAN."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from kerasgan.argument_checks import check_not_negative, whole_number
from kerasgan.models.base.batch_checks import checked_shape, image_array, readable_errors
from kerasgan.models.base.batches import LabelledImages
from kerasgan.models.base.checks import check_encoder
from kerasgan.models.base.player_optimizers import Optimizer
from kerasgan.models.gan import GAN
from kerasgan.models.schedule import HandicapSchedule

# Added inside the logarithms, as published. It is added to the difference 1 - g, because float32
# would lose it if it were added to 1.
_EPSILON = 1e-10


@keras.saving.register_keras_serializable("kerasgan")
class VAEGAN(GAN):
    """Ha's GAN+VAE: an encoder Q, a generator G that decodes its codes, and a discriminator D.

    For an image x of n pixel values in [0, 1], Q gives the mean mu and log-variance log sigma^2
    of a code, z = mu + sigma * epsilon with epsilon ~ N(0, I), and g = G(z) its reconstruction:

        L_rec = -sum_pixels x log g + (1 - x) log(1 - g)
        L_KL  = -1/2 sum_z 1 + log sigma^2 - mu^2 - sigma^2
        L_VAE = E_x[L_rec + L_KL] / n

    L_D and L_G are those of `GAN`, and the fakes are the reconstructions; only `generate` draws
    latents from N(0, I). Each batch:

    1. `autoencoder_updates` times, Q and G minimize L_VAE;
    2. up to `schedule.handicap` times, Q and G minimize adversarial_weight L_G +
       autoencoder_weight L_VAE, until L_G falls below the schedule's `stop_generator_below`;
    3. D minimizes L_D once, if the gate of the schedule is open.

    With an `adversarial_weight` of 0 only the first remains, and the model is a variational
    autoencoder: D and the generator's optimizer stand still, and the `loss` of logs is L_VAE.

    The author's code has 4 updates and the schedule `HandicapSchedule.named("ha_code")`; his text
    gives that of `HandicapSchedule.named("ha_text")`. The default optimizers are those of his code.

    `evaluate` measures the reconstructions of held-out images from the means of their codes.

    Args:
        generator: Model from latents `(batch, latent_dim)` to images.
        discriminator: Model from images to logits `(batch, 1)`.
        encoder: Q, a model from images to a list of the mean and the log-variance of their codes,
            each `(batch, latent_dim)`.
        autoencoder_updates: Updates of Q and G on L_VAE at the beginning of each batch.
        autoencoder_weight: Weight of L_VAE in the generator's loss, at least 0.
        adversarial_weight: Weight of L_G in it, at least 0; 0 is a pure variational autoencoder.
        schedule: The handicap and the gate; `None` is `HandicapSchedule()`, one update and no
            gate.
        label_smoothing: As in `GAN`.
        joint_batches, diff_augment, feature_matching_weight, r1_weight, ema_decay, image_range,
            seed, name: As in `AdversarialModel`.

    Example:
    >>> gan = VAEGAN(
    ...     cppn_generator(image_size=26, latent_dim=16, width=32, channels=1),
    ...     cppn_discriminator(image_size=26, channels=1),
    ...     cppn_encoder(image_size=26, latent_dim=16, width=64, channels=1),
    ...     autoencoder_updates=4,
    ... )
    >>> gan.compile()
    >>> gan.encode(gan.generate(3)).shape
    (3, 16)

    References:
        Ha, "Generating Large Images from Latent Vectors", 2016.
        Kingma and Welling, "Auto-Encoding Variational Bayes", 2014,
        https://arxiv.org/abs/1312.6114, equation 10 and appendix B.
        Larsen et al., "Autoencoding beyond pixels using a learned similarity metric", 2016,
        https://arxiv.org/abs/1512.09300.
    """

    metric_names = (*GAN.metric_names, "autoencoder_loss", "reconstruction_loss", "kl_loss")
    network_names = (*GAN.network_names, "encoder")
    optimizer_names = (*GAN.optimizer_names, "autoencoder_optimizer")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        encoder: keras.Model,
        *,
        autoencoder_updates: int = 4,
        autoencoder_weight: float = 1.0,
        adversarial_weight: float = 1.0,
        label_smoothing: float = 0.0,
        schedule: HandicapSchedule | None = None,
        joint_batches: bool = False,
        diff_augment: Sequence[str] = (),
        feature_matching_weight: float = 0.0,
        r1_weight: float = 0.0,
        ema_decay: float | None = None,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        name: str | None = None,
    ) -> None:
        check_not_negative(autoencoder_weight=autoencoder_weight)
        check_not_negative(adversarial_weight=adversarial_weight)
        check_encoder(encoder, generator)
        super().__init__(
            generator,
            discriminator,
            label_smoothing=label_smoothing,
            schedule=schedule or HandicapSchedule(),
            joint_batches=joint_batches,
            diff_augment=diff_augment,
            feature_matching_weight=feature_matching_weight,
            r1_weight=r1_weight,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            name=name,
        )
        self.encoder = encoder
        self.autoencoder_updates = whole_number("autoencoder_updates", autoencoder_updates, least=0)
        if not adversarial_weight and not self.autoencoder_updates:
            raise ValueError(
                "An adversarial_weight of 0 leaves the autoencoder's updates alone, so "
                "autoencoder_updates must be at least 1. Received: autoencoder_updates=0"
            )
        self.autoencoder_weight = autoencoder_weight
        self.adversarial_weight = adversarial_weight

    @property
    def generator_networks(self) -> tuple[keras.Model, ...]:
        return (self.encoder, self.generator)

    @property
    def main_loss(self) -> str:
        """The metric that the logs have as `loss` too: L_VAE if there is no game, or else L_D."""
        return super().main_loss if self.adversarial_weight else "autoencoder_loss"

    def compile(
        self,
        *,
        generator_optimizer: Optimizer | None = None,
        discriminator_optimizer: Optimizer | None = None,
        autoencoder_optimizer: Optimizer | None = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool = False,
        **unknown: Any,
    ) -> None:
        """Sets the optimizers of the three kinds of update; see `AdversarialModel.compile`."""
        super().compile(
            generator_optimizer=generator_optimizer,
            discriminator_optimizer=discriminator_optimizer,
            autoencoder_optimizer=autoencoder_optimizer,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=jit_compile,
            **unknown,
        )

    def default_optimizer(self, name: str) -> keras.optimizers.Optimizer:
        rate = 5e-3 if name == "generator_optimizer" else 1e-3
        return keras.optimizers.Adam(rate, beta_1=0.65)

    def train_step(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """Makes the autoencoder's updates, the generator's, and one of D if the gate opens."""
        reals = self.real_batch(data)
        with tf.control_dependencies([reals.images]):  # No weight moves before the checks.
            for turn in range(self.autoencoder_updates):
                self.update_autoencoder(reals.images, turn)
            if self.adversarial_weight:
                loss = self.update_generator_repeatedly(reals, self.schedule)
                self.update_discriminator(reals, loss)
            self.batches_seen.assign_add(1)
        return self.results()

    def update_autoencoder(self, real_images: tf.Tensor, turn: int = 0) -> None:
        """Makes one update of Q and G on L_VAE."""
        with tf.GradientTape() as tape:
            loss = self.autoencoder_loss(real_images, f"autoencoder {turn}")
        self.minimize(self.autoencoder_optimizer, loss, tape, *self.generator_networks)
        if not self.adversarial_weight:
            self.update_ema(self.autoencoder_optimizer)

    def autoencoder_loss(self, real_images: tf.Tensor, purpose: str) -> tf.Tensor:
        """Returns L_VAE, a scalar."""
        return self._autoencoder_loss(real_images, *self._reconstructed(real_images, purpose))

    def draw_fakes(self, reals: LabelledImages, purpose: str) -> LabelledImages:
        """Reconstructs the reals, as in training."""
        return LabelledImages(self._reconstructed(reals.images, purpose)[0], {})

    def measure_losses(self, reals: LabelledImages) -> None:
        """Tracks the losses on held-out reals and their reconstructions from the means of codes."""
        mean, log_variance = self.encoder(reals.images, training=False)
        images = self.sampling_generator(mean, training=False)
        self._autoencoder_loss(reals.images, images, mean, log_variance)
        self.measure_players(reals, LabelledImages(images, {}))

    def update_generator(self, reals: LabelledImages, turn: int = 0) -> tf.Tensor:
        """Makes one update of Q and G on the sum of L_G and L_VAE by their weights; returns L_G."""
        with tf.GradientTape() as tape:
            images, *code = self._reconstructed(reals.images, f"generator latents {turn}")
            loss = self.generator_loss_on(reals, LabelledImages(images, {}), f"generator {turn}")
            autoencoder_loss = self._autoencoder_loss(reals.images, images, *code)
            total = self.adversarial_weight * loss + self.autoencoder_weight * autoencoder_loss
        self.minimize(self.generator_optimizer, total, tape, *self.generator_networks)
        self.track(generator_loss=loss)
        self.update_ema()
        return loss

    def encode(self, images: np.ndarray, *, batch_size: int = 64) -> np.ndarray:
        """Returns the mean codes of images.

        Args:
            images: `(n, height, width, channels)`, float in [0, 1] or uint8.
            batch_size: Images seen at once.

        Returns:
            Codes `(n, latent_dim)`, float32.

        Raises:
            ValueError: There are no images, they are outside [0, 1], or not of the generator's
                shape, or `batch_size` is no integer of at least 1.
        """
        batch_size = whole_number("batch_size", batch_size, least=1)
        images = image_array(images)

        def codes(batch: np.ndarray) -> np.ndarray:
            tensor = checked_shape(tf.convert_to_tensor(batch), self.image_shape)
            with readable_errors():
                tensor = self.image_range.from_user(tensor)
            return np.asarray(self.encoder(tensor, training=False)[0])

        firsts = range(0, len(images), batch_size)
        return np.concatenate([codes(images[first : first + batch_size]) for first in firsts])

    def _reconstructed(
        self, real_images: tf.Tensor, purpose: str
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """Returns G(mu + sigma * epsilon), mu and log sigma^2 of reals, in training."""
        mean, log_variance = self.encoder(real_images, training=True)
        epsilon = self.noise.normal(tf.shape(mean), purpose)
        codes = mean + tf.exp(log_variance / 2.0) * epsilon
        return self.generator(codes, training=True), mean, log_variance

    def _autoencoder_loss(
        self,
        real_images: tf.Tensor,
        fake_images: tf.Tensor,
        mean: tf.Tensor,
        log_variance: tf.Tensor,
    ) -> tf.Tensor:
        x, g = self.image_range.to_user(real_images), self.image_range.to_user(fake_images)
        # The rectifier changes no value. Without it TensorFlow's graph optimizer joins the
        # constants of epsilon + (1 - g), and a saturated pixel's logarithm is that of 0.
        not_g = tf.nn.relu(1.0 - g)
        reconstruction = -tf.reduce_sum(
            x * tf.math.log(_EPSILON + g) + (1.0 - x) * tf.math.log(_EPSILON + not_g),
            axis=[1, 2, 3],
        )
        kl = -0.5 * tf.reduce_sum(
            1.0 + log_variance - tf.square(mean) - tf.exp(log_variance), axis=1
        )
        pixels = float(np.prod(real_images.shape[1:]))
        reconstruction = tf.reduce_mean(reconstruction) / pixels
        kl = tf.reduce_mean(kl) / pixels
        loss = reconstruction + kl
        self.track(autoencoder_loss=loss, reconstruction_loss=reconstruction, kl_loss=kl)
        return loss

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "autoencoder_updates": self.autoencoder_updates,
            "autoencoder_weight": self.autoencoder_weight,
            "adversarial_weight": self.adversarial_weight,
        }
