"""The creative adversarial network whose generator looks some steps ahead."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from kerasgan.models.batches import DiscriminatorOutput, LabelledImages
from kerasgan.models.can import CAN
from kerasgan.models.checks import whole_number
from kerasgan.models.schedule import HandicapSchedule
from kerasgan.replicas import global_mean


@keras.saving.register_keras_serializable("kerasgan")
class UnrolledCAN(CAN):
    """The creative adversarial network with the unrolled generator of Metz et al.

    A generator that answers the discriminator of the moment wanders from one mode to another.
    Here it answers the one that its fakes would lead to. With the weights theta of D and K =
    `unrolling` steps of gradient descent at the rate eta = `unrolled_rate`,

        theta_0 = theta
        theta_{k+1} = theta_k - eta dL_D(theta_k) / dtheta_k

    the generator minimizes L_G of D at theta_K, and its gradient runs through all the steps. D
    itself moves as in `CAN`, from theta. L_D and L_G are those of `CAN`; each step sees the same
    reals and fakes.

    Args:
        generator: As in `CAN`.
        discriminator: As in `CAN`. It must be twice differentiable, as a gradient penalty needs.
        unrolling: K, at least 0; 0 is `CAN`.
        unrolled_rate: eta, positive.
        joint_batches: Must be false.
        ambiguity, style_weight, ambiguity_weight, separate_styles: As in `CAN`.
        label_smoothing: As in `GAN`.
        n_critic, schedule, diff_augment, feature_matching, ema_decay, image_range, seed,
            class_names, name: As in `AdversarialModel`.

    Raises:
        ValueError: An argument is out of range, or `joint_batches` is set.

    References:
        Metz, Poole, Pfau and Sohl-Dickstein, "Unrolled Generative Adversarial Networks", 2017,
        https://arxiv.org/abs/1611.02163, equations 6 to 8.
        Ahn, Lee and Huang, "Implementing Creative Adversarial Networks", section 3, which names it
        as a remedy.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        unrolling: int = 5,
        unrolled_rate: float = 0.01,
        ambiguity: str = "sigmoid",
        style_weight: float = 1.0,
        ambiguity_weight: float = 1.0,
        separate_styles: bool = False,
        label_smoothing: float = 0.0,
        n_critic: int = 1,
        schedule: HandicapSchedule | None = None,
        joint_batches: bool = False,
        diff_augment: Sequence[str] = (),
        feature_matching: float = 0.0,
        ema_decay: float | None = None,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        class_names: Mapping[str, Sequence[str]] | None = None,
        name: str | None = None,
    ) -> None:
        if joint_batches:
            raise ValueError("UnrolledCAN has no joint_batches. Received: joint_batches=True")
        if not unrolled_rate > 0.0:
            raise ValueError(
                f"unrolled_rate must be positive. Received: unrolled_rate={unrolled_rate}"
            )
        super().__init__(
            generator,
            discriminator,
            ambiguity=ambiguity,
            style_weight=style_weight,
            ambiguity_weight=ambiguity_weight,
            separate_styles=separate_styles,
            label_smoothing=label_smoothing,
            n_critic=n_critic,
            schedule=schedule,
            diff_augment=diff_augment,
            feature_matching=feature_matching,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            class_names=class_names,
            name=name,
        )
        self.unrolling = whole_number("unrolling", unrolling, least=0)
        self.unrolled_rate = unrolled_rate
        self._looks_ahead = False

    def generator_loss_on(
        self, reals: LabelledImages, fakes: LabelledImages, purpose: str
    ) -> tf.Tensor:
        """Returns L_G of the discriminator at theta_K, a scalar."""
        reals = self.augmented(reals, f"{purpose} reals")
        fakes = self.augmented(fakes, f"{purpose} fakes")
        weights = [tf.convert_to_tensor(each) for each in self.discriminator.trainable_weights]
        # The steps ahead are none of the discriminator's own, which the log tells of.
        self._looks_ahead = True
        for _ in range(self.unrolling):
            with tf.GradientTape() as tape:
                tape.watch(weights)
                real, fake = self._output(reals, weights), self._output(fakes, weights)
                loss = self.discriminator_loss(real, fake)
            gradients = tape.gradient(
                loss, weights, unconnected_gradients=tf.UnconnectedGradients.ZERO
            )
            gradients = global_mean(gradients)  # theta_k is the same on all replicas.
            weights = [
                weight - self.unrolled_rate * gradient  # pyright: ignore[reportOperatorIssue]
                for weight, gradient in zip(weights, gradients, strict=True)
            ]
        self._looks_ahead = False
        real = self._output(reals, weights) if self.feature_matching else None
        return self._generator_loss_with_features(real, self._output(fakes, weights))

    def track(self, **values: tf.Tensor) -> None:
        if not self._looks_ahead:
            super().track(**values)

    def _output(self, batch: LabelledImages, weights: list[tf.Tensor]) -> DiscriminatorOutput:
        """Returns what the discriminator would say with other weights, and leaves its own."""
        return self._outputs.with_weights(batch, weights)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "unrolling": self.unrolling,
            "unrolled_rate": self.unrolled_rate,
        }
