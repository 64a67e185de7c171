"""The Wasserstein GAN with gradient penalty, trained on small pictures first."""

import contextvars
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from kerasgan.curriculum import Curriculum
from kerasgan.distribution.replicas import computes_on_replica, value_within
from kerasgan.models.base.batches import DiscriminatorCall, LabelledImages
from kerasgan.models.wgan_gp import WGANGP
from kerasgan.networks.cppn_render import cppn_render, is_cppn
from kerasgan.networks.growing_critic import critic_at, critic_sizes


class _Level(NamedTuple):
    """What a size of the curriculum is played with."""

    size: int
    critic: keras.Model


# The level that is being played or traced; outside of a step there is none.
_LEVEL: contextvars.ContextVar[_Level | None] = contextvars.ContextVar("level", default=None)


class _CallAtLevel(DiscriminatorCall):
    """Calls the critic of the level that is played, and outside of a step that of all sizes."""

    def __init__(self, whole: keras.Model) -> None:
        super().__init__(whole)

        def call(images: tf.Tensor, training: bool) -> Any:
            level = _LEVEL.get()
            return (whole if level is None else level.critic)(images, training=training)

        self._call = call


@keras.saving.register_keras_serializable("kerasgan")
class GrowingWGANGP(WGANGP):
    """`WGANGP` for a generator that draws at any size, through a curriculum of sizes.

    At each size the game is that of `WGANGP`: the reals are averaged down to it, the generator, a
    compositional pattern-producing network, draws the same picture at it, and the critic is that
    of this size. The generator's weights serve all sizes. Where a size begins, the critic gets a
    new first layer, which is faded in with a weight that rises evenly from 0 to 1 over the
    curriculum's `fade` iterations. That layer's moments begin anew, while an optimizer counts its
    steps for all layers: Adam's correction of the moments has run out by then, and the layer's
    first step is (1 - beta_1) / sqrt(1 - beta_2) times the learning rate, 3.2 times by default.

    The batches of `fit` are of the largest size throughout, and so is what `generate` draws. The
    size and the weight are functions of the number of batches seen: a restored model continues as
    if it had never stopped.

    Args:
        generator: A model of `cppn_generator`, of the curriculum's last size.
        discriminator: A model of `growing_cppn_critic`, of the curriculum's sizes.
        curriculum: The sizes, and the iterations at which they begin; an iteration is `n_critic`
            batches.
        penalty_weight, penalized_fraction, n_critic: As in `WGANGP`.
        diff_augment, ema_decay, image_range, seed, name: As in `AdversarialModel`.

    Example:
    >>> from kerasgan.models import Curriculum
    >>> gan = GrowingWGANGP(
    ...     cppn_generator(image_size=32, width=16),
    ...     growing_cppn_critic(image_size=32, smallest=16, base_width=8),
    ...     curriculum=Curriculum(sizes=[16, 32], begins=[1000], fade=500),
    ... )
    >>> gan.compile()
    >>> gan.generate(2).shape
    (2, 32, 32, 1)

    Reference:
        Karras et al., "Progressive Growing of GANs for Improved Quality, Stability, and
        Variation", 2018, https://arxiv.org/abs/1710.10196, whose generator has to grow too.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        curriculum: Curriculum,
        penalty_weight: float = 10.0,
        penalized_fraction: float = 1.0,
        n_critic: int = 5,
        diff_augment: Sequence[str] = (),
        ema_decay: float | None = None,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        name: str | None = None,
    ) -> None:
        if not isinstance(curriculum, Curriculum):
            raise ValueError(f"curriculum must be a Curriculum. Received: curriculum={curriculum}")
        if not is_cppn(generator):
            raise ValueError(
                "GrowingWGANGP needs a generator that draws at any size, such as cppn_generator. "
                f"Received: generator={generator.name!r}"
            )
        if (known := critic_sizes(discriminator)) != curriculum.sizes:
            raise ValueError(
                "GrowingWGANGP needs a growing_cppn_critic of the curriculum's sizes. Received: "
                f"discriminator={discriminator.name!r} of sizes {known}, {curriculum}"
            )
        super().__init__(
            generator,
            discriminator,
            penalty_weight=penalty_weight,
            penalized_fraction=penalized_fraction,
            n_critic=n_critic,
            diff_augment=diff_augment,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            name=name,
        )
        self.curriculum = curriculum
        critics = [critic_at(discriminator, size) for size in curriculum.sizes]
        levels = [
            _Level(size, critic) for size, critic in zip(curriculum.sizes, critics, strict=True)
        ]
        # A function, because Keras would save the critics that are kept in an attribute once more.
        self._level_of: Callable[[int], _Level] = lambda number: levels[number]
        self._call_discriminator = _CallAtLevel(discriminator)

    @property
    def critic(self) -> keras.Model:
        """The critic of the size that is played; outside of a step, that of all sizes."""
        level = _LEVEL.get()
        return self.discriminator if level is None else level.critic

    @property
    def discriminator_networks(self) -> tuple[keras.Model, ...]:
        return (self.critic,)

    @property
    def iteration(self) -> tf.Tensor:
        """The number of iterations before this batch, an int64 scalar."""
        return self.batches_seen.value // self.n_critic

    def train_step(self, data: tf.Tensor | tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """Makes the step of `WGANGP` at the size that is due."""
        reals = self.real_batch(data)
        with tf.control_dependencies([reals.images]):  # No weight moves before the checks.
            self._set_fades()
            plays = [
                partial(self._step_at_level, self._level_of(level), reals)
                for level in range(len(self.curriculum.sizes))
            ]
            if computes_on_replica():
                plays[self.branch_of_graph[1]]()
            else:
                tf.switch_case(self._number_of_level(), plays)
        return self.results()

    def branch(self) -> tuple[int, ...]:
        """Returns whether the generator moves after the next batch, and the level of it."""
        return (*super().branch(), int(self._number_of_level()))

    def _number_of_level(self) -> tf.Tensor:
        begun = [self.iteration >= begin for begin in self.curriculum.begins]
        return tf.add_n([tf.cast(each, tf.int32) for each in begun])

    def _set_fades(self) -> None:
        """Sets how far the critic's layer of each size is faded in."""
        for size, begin in zip(self.curriculum.sizes[1:], self.curriculum.begins, strict=True):
            done = tf.cast(self.iteration - begin, tf.float32)
            # Without a fade the layer is there at once.
            amount = done / self.curriculum.fade if self.curriculum.fade else done + 1.0
            layer = self.discriminator.get_layer(f"fade_{size}")
            layer.amount.assign(tf.clip_by_value(amount, 0.0, 1.0))

    def _step_at_level(self, level: _Level, reals: LabelledImages) -> tf.Tensor:
        """Makes one step at a level; returns a scalar, because `tf.switch_case` needs one."""
        with value_within(_LEVEL, level):
            factor = self.curriculum.sizes[-1] // level.size
            images = tf.nn.avg_pool2d(reals.images, factor, factor, "VALID")
            self._update_players(reals._replace(images=images))
        return tf.constant(0.0)

    def _update_players(self, reals: LabelledImages) -> None:
        """Makes the updates of `WGANGP.train_step` on reals that are checked."""
        self.update_discriminator(reals)
        self.batches_seen.assign_add(1)
        self.update_if_due(lambda: self.update_generator(reals))

    def draw_fakes(self, reals: LabelledImages, purpose: str) -> LabelledImages:
        """Draws as many fakes as reals, at their size, from fresh latents, in training."""
        count, side = tf.shape(reals.images)[0], reals.images.shape[1]
        latents = self.latents(count, purpose)
        images = cppn_render(self.generator, latents, height=side, width=side, training=True)
        return LabelledImages(tf.ensure_shape(images, (None, *reals.images.shape[1:])), {})

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "curriculum": {
                "sizes": self.curriculum.sizes,
                "begins": self.curriculum.begins,
                "fade": self.curriculum.fade,
            },
        }

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "GrowingWGANGP":
        curriculum = Curriculum(**config["curriculum"])
        return super().from_config({**config, "curriculum": curriculum}, custom_objects)
