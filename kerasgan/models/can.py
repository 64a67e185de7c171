"""The creative adversarial network."""

import contextvars
import math
from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from kerasgan.argument_checks import check_choice, check_not_negative, check_positive, whole_number
from kerasgan.distribution.replicas import global_batch, global_mean, value_within
from kerasgan.models.base.batches import DiscriminatorOutput, LabelledImages
from kerasgan.models.gan import GAN
from kerasgan.models.loss_terms import class_accuracy
from kerasgan.models.schedule import HandicapSchedule

AMBIGUITIES = ("sigmoid", "softmax")

# Whether a step is one ahead, which is not logged: the discriminator does not really make it.
_LOOKS_AHEAD = contextvars.ContextVar("looks_ahead", default=False)


@keras.saving.register_keras_serializable("kerasgan")
class CAN(GAN):
    """The creative adversarial network of Elgammal et al., as Ahn, Lee and Huang implement it.

    The discriminator has two heads, D_r ("this is art") and D_c ("this is art of style c"). The
    generator is rewarded for images that are taken for art and fit no style:

        min_G max_D E_x[log D_r(x) + log D_c(c|x)]
                    + E_z[log(1 - D_r(G(z))) - A(G(z))]

    where the style ambiguity, which the generator maximizes, is

        A(x) = sum_c 1/K log D_c(c|x) + (1 - 1/K) log(1 - D_c(c|x))

    over the K styles, largest where each D_c(c|x) is 1/K. The discriminator sees no A: printed as
    above, it would also make its own verdicts on fakes less ambiguous. Its style term is taken
    as the same cross entropy against the true style, 1 for it and 0 for the others: the printed
    term alone, log D_c(c|x), would teach K independent sigmoids to say yes to every style. The
    real/fake terms of both losses are those of `GAN`; the generator's is non-saturating. `GAN`
    halves the discriminator's, so the default `style_weight` of 1 gives styles twice the paper's
    weight in it; 0.5 gives the paper's.

    With `ambiguity="softmax"`, D_c is a softmax over the styles, its term the usual cross entropy,
    and A(x) = sum_c 1/K log D_c(c|x), as in public implementations.

    Ahn, Lee and Huang make two generator updates for each of the discriminator:
    `schedule=HandicapSchedule(handicap=2)`. The bounds of Ha's gates are for `GAN` and `VAEGAN`,
    whose losses have no terms of styles.

    One of the remedies that they name for a generator that repeats itself is the unrolled
    generator of Metz et al., which answers not the discriminator of the moment, but the one that
    its fakes would lead to. With the weights theta of D, S = `unrolling` and eta = `unrolled_rate`,

        theta_0 = theta
        theta_{k+1} = theta_k - eta dL_D(theta_k) / dtheta_k

    the generator minimizes L_G of D at theta_S, and its gradient runs through all the steps, each
    on the same reals and fakes. D itself moves as without it, from theta.

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in sigmoid or tanh.
        discriminator: Model from images to logits `(batch, 1)` and the logits of each style.
        ambiguity: `"sigmoid"` or `"softmax"`.
        style_weight: Weight of the style term in the discriminator's loss, at least 0; 0.5 is the
            paper's ratio.
        ambiguity_weight: Weight of -A in the generator's loss, at least 0.
        separate_styles: Whether the style head and the real/fake head learn from different
            images, as in Ahn, Lee and Huang: each from one half of every batch. A batch of one
            image serves both.
        unrolling: S, the steps of gradient descent that the generator looks ahead; 0 for none. With
            them the discriminator must be twice differentiable, as a gradient penalty needs, and
            there are no `joint_batches` and no `r1_weight`.
        unrolled_rate: eta, positive.
        label_smoothing: As in `GAN`.
        n_critic, schedule, joint_batches, diff_augment, feature_matching_weight, r1_weight,
            ema_decay, image_range, seed, class_names, name: As in `AdversarialModel`.

    Raises:
        ValueError: An argument is out of range, `unrolling` is set with `joint_batches` or
            `r1_weight`, or the gate of the schedule could never open, because L_G, of which the
            ambiguity loss is a part, is always larger than its bound.

    Example:
    >>> gan = CAN(
    ...     can_generator(dense_width=32, base_width=8),
    ...     can_discriminator(classes={"style": 5}, dense_width=32, base_width=8),
    ...     class_names={"style": ["Cubism", "Fauvism", "Pointillism", "Pop_Art", "Ukiyo_e"]},
    ... )
    >>> gan.compile()
    >>> gan.generate(2).shape
    (2, 64, 64, 3)

    References:
        Elgammal et al., "CAN: Creative Adversarial Networks", 2017,
        https://arxiv.org/abs/1706.07068 (style ambiguity).
        Ahn, Lee and Huang, "Implementing Creative Adversarial Networks", equations 2 and 3.
        Metz, Poole, Pfau and Sohl-Dickstein, "Unrolled Generative Adversarial Networks", 2017,
        https://arxiv.org/abs/1611.02163.
    """

    metric_names = (*GAN.metric_names, "style_loss", "style_accuracy", "ambiguity_loss")
    takes_classes = True

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        ambiguity: str = "sigmoid",
        style_weight: float = 1.0,
        ambiguity_weight: float = 1.0,
        separate_styles: bool = False,
        unrolling: int = 0,
        unrolled_rate: float = 0.01,
        label_smoothing: float = 0.0,
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
        check_choice(AMBIGUITIES, ambiguity=ambiguity)
        check_not_negative(style_weight=style_weight, ambiguity_weight=ambiguity_weight)
        check_positive(unrolled_rate=unrolled_rate)
        unrolling = whole_number("unrolling", unrolling, least=0)
        if unrolling and (joint_batches or r1_weight):
            raise ValueError(
                "A CAN with unrolling has no joint_batches and no r1_weight. Received: "
                f"unrolling={unrolling}, joint_batches={joint_batches}, r1_weight={r1_weight}"
            )
        super().__init__(
            generator,
            discriminator,
            label_smoothing=label_smoothing,
            n_critic=n_critic,
            schedule=schedule,
            joint_batches=joint_batches,
            diff_augment=diff_augment,
            feature_matching_weight=feature_matching_weight,
            r1_weight=r1_weight,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            class_names=class_names,
            name=name,
        )
        self.ambiguity = ambiguity
        self.style_weight = style_weight
        self.ambiguity_weight = ambiguity_weight
        self.separate_styles = separate_styles
        self.unrolling = unrolling
        self.unrolled_rate = unrolled_rate
        self._check_gate_can_open()

    def _check_gate_can_open(self) -> None:
        bound = None if self.schedule is None else self.schedule.generator_loss_below
        least = self.ambiguity_weight * sum(map(self._least_ambiguity_loss, self.classes.values()))
        if bound is not None and bound <= least:
            raise ValueError(
                f"generator_loss_below must be above {least:.4g}, the least that the weighted "
                "ambiguity loss can be, or the discriminator would never move. "
                f"Received: generator_loss_below={bound}"
            )

    def _least_ambiguity_loss(self, styles: int) -> float:
        """Returns -A where each D_c(c|x) is 1/K."""
        least = math.log(styles)
        if self.ambiguity == "sigmoid" and styles > 1:
            least += (styles - 1) * math.log(styles / (styles - 1))
        return least

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_D, a scalar."""
        of_realness, of_styles = real, real
        if self.separate_styles and real.training:
            real = real._replace(
                scores=global_batch(real.scores),
                labels={name: global_batch(labels) for name, labels in real.labels.items()},
                class_logits={
                    name: global_batch(logits) for name, logits in real.class_logits.items()
                },
            )
            batch = tf.shape(real.scores)[0]
            half = (batch + 1) // 2
            first = tf.minimum(half, batch - 1)  # A batch of one image serves both heads.
            of_realness = real._replace(scores=real.scores[:half])
            of_styles = real._replace(
                labels={name: labels[first:] for name, labels in real.labels.items()},
                class_logits={name: logits[first:] for name, logits in real.class_logits.items()},
            )
        style_loss = self.style_loss(of_styles)
        self.track(style_loss=style_loss, style_accuracy=class_accuracy(of_styles))
        return super().discriminator_loss(of_realness, fake) + self.style_weight * style_loss

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns L_G, a scalar."""
        ambiguity_loss = self.ambiguity_loss(fake)
        self.track(ambiguity_loss=ambiguity_loss)
        return super().generator_loss(real, fake) + self.ambiguity_weight * ambiguity_loss

    def generator_loss_on(
        self, reals: LabelledImages, fakes: LabelledImages, purpose: str
    ) -> tf.Tensor:
        """Returns L_G of the discriminator, of the one at theta_S with `unrolling`, a scalar."""
        if not self.unrolling:
            return super().generator_loss_on(reals, fakes, purpose)
        reals = self.augmented(reals, f"{purpose} reals")
        fakes = self.augmented(fakes, f"{purpose} fakes")
        weights = self._weights_ahead(reals, fakes)
        real = (
            self._call_discriminator.with_weights(reals, weights)
            if self.feature_matching_weight
            else None
        )
        fake = self._call_discriminator.with_weights(fakes, weights)
        return self._generator_loss_with_features(real, fake)

    def _weights_ahead(self, reals: LabelledImages, fakes: LabelledImages) -> list[tf.Tensor]:
        """Returns theta_S."""
        weights = [tf.convert_to_tensor(each) for each in self.discriminator.trainable_weights]
        for _ in range(self.unrolling):
            with tf.GradientTape() as tape, value_within(_LOOKS_AHEAD, True):
                tape.watch(weights)
                real, fake = (
                    self._call_discriminator.with_weights(each, weights) for each in (reals, fakes)
                )
                loss = self.discriminator_loss(real, fake)
            gradients = tape.gradient(
                loss, weights, unconnected_gradients=tf.UnconnectedGradients.ZERO
            )
            gradients = global_mean(gradients)  # theta_k is the same on all replicas.
            weights = [
                weight - self.unrolled_rate * gradient  # pyright: ignore[reportOperatorIssue]
                for weight, gradient in zip(weights, gradients, strict=True)
            ]
        return weights

    def track(self, **values: tf.Tensor) -> None:
        if not _LOOKS_AHEAD.get():
            super().track(**values)

    def style_loss(self, real: DiscriminatorOutput) -> tf.Tensor:
        """Returns the cross entropy of D_c(c|x) against the true styles, a scalar."""
        return self._cross_entropy(
            real,
            {name: tf.one_hot(real.labels[name], count) for name, count in self.classes.items()},
        )

    def ambiguity_loss(self, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns -E_z[A(G(z))], a scalar."""
        return self._cross_entropy(
            fake,
            {
                name: tf.ones_like(logits) / self.classes[name]
                for name, logits in fake.class_logits.items()
            },
        )

    def _cross_entropy(
        self, output: DiscriminatorOutput, targets: dict[str, tf.Tensor]
    ) -> tf.Tensor:
        """Returns the mean over images of the cross entropy to the targets `(batch, K)`."""
        sums = []
        for name, logits in output.class_logits.items():
            if self.ambiguity == "softmax":
                each = tf.nn.softmax_cross_entropy_with_logits(targets[name], logits)
            else:
                each = tf.nn.sigmoid_cross_entropy_with_logits(targets[name], logits)
                each = tf.reduce_sum(each, axis=1)
            sums.append(tf.reduce_mean(each))
        return tf.add_n(sums)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "ambiguity": self.ambiguity,
            "style_weight": self.style_weight,
            "ambiguity_weight": self.ambiguity_weight,
            "separate_styles": self.separate_styles,
            "unrolling": self.unrolling,
            "unrolled_rate": self.unrolled_rate,
        }
