"""The schedule of objectives whose critic should be near its optimum."""

import keras
import tensorflow as tf

from kerasgan.models.adversarial_model import AdversarialModel
from kerasgan.models.judged import Judged, Labelled
from kerasgan.models.number_checks import whole_number


class CriticFirst(AdversarialModel):
    """The critic moves every batch, the generator after every `n_critic` of them.

    The critic f estimates the earth mover's distance between the data and the generator,

        W = max_f E_x[f(x)] - E_z[f(G(z))]

    over functions that are kept Lipschitz in the subclass's way. Each batch of `fit` is one
    critic update on fresh images.

    Args:
        generator: As in `AdversarialModel`.
        discriminator: The critic, a model from images to unbounded scores `(batch, 1)`.
        n_critic: Critic updates for each generator update, at least 1.
        pretraining: Batches at the beginning during which only the critic moves, against the
            untrained generator.
        **kwargs: Those of `AdversarialModel`.

    Reference:
        Arjovsky, Chintala and Bottou, "Wasserstein GAN", 2017,
        https://arxiv.org/abs/1701.07875, equation 2 and algorithm 1.
    """

    metric_names = ("generator_loss", "critic_loss", "wasserstein_distance")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        n_critic: int = 5,
        pretraining: int = 0,
        **kwargs,
    ) -> None:
        super().__init__(generator, discriminator, **kwargs)
        self.n_critic = whole_number("n_critic", n_critic, least=1)
        self.pretraining = whole_number("pretraining", pretraining, least=0)

    @property
    def critic(self) -> keras.Model:
        """The discriminator by its name in the paper."""
        return self.discriminator

    @property
    def is_pretraining(self) -> tf.Tensor:
        """Whether this batch is one of those before the generator's first, a boolean scalar."""
        return self.batches_seen.value < self.pretraining

    def train_step(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """Makes one critic update, and every `n_critic` batches one generator update."""
        reals = self.real_batch(data)
        with tf.control_dependencies([reals.images]):  # Nothing moves before they are checked.
            self.update_critic(reals)
            self.batches_seen.assign_add(1)
            seen = self.batches_seen.value
            tf.cond(
                (seen % self.n_critic == 0) & (seen > self.pretraining),
                lambda: self.update_generator(reals),
                lambda: tf.constant(0.0),
            )
        return self.results()

    def update_critic(self, reals: Labelled) -> None:
        """Makes one critic update on the reals and fresh fakes."""
        fakes = self.draw(reals.images, "critic latents")
        with tf.GradientTape() as tape:
            real, fake = self.judge(reals, fakes, "critic")
            loss = self.discriminator_loss(real, fake)
        self.minimize(self.discriminator_optimizer, loss, tape, self.critic)
        distance = tf.reduce_mean(real.scores) - tf.reduce_mean(fake.scores)
        self.track(critic_loss=loss, wasserstein_distance=distance)

    def generator_loss(self, fake: Judged) -> tf.Tensor:
        """Returns L_G = -E_z[f(G(z))], a scalar."""
        return -tf.reduce_mean(fake.scores)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "n_critic": self.n_critic,
            "pretraining": self.pretraining,
        }
