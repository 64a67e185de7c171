"""FastGAN: the hinge game with a discriminator that reconstructs the reals."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from kerasgan.argument_checks import check_not_negative
from kerasgan.models.base.batches import DiscriminatorOutput, LabelledImages
from kerasgan.models.base.checks import check_ends_in_float32, check_is_functional
from kerasgan.models.base.shared_fakes_model import SharedFakesModel

# Margins of the hinge are drawn from [0.8, 1), as in the authors' code: a smoothing of labels.
_LOWEST_MARGIN = 0.8


@keras.saving.register_keras_serializable("kerasgan")
class FastGAN(SharedFakesModel):
    """The model of Liu et al. for small sets of pictures: hinge loss and self-supervision.

    The discriminator gives a score for each part of an image, and its features are decoded to the
    image again, whole and in part. With T the differentiable augmentation, the players minimize

        L_D = E[max(0, m - D(T(x)))] + E[max(0, m + D(T(G(z))))] + w L_rec
        L_G = -E[D(T(G(z)))]

    where the margin m is drawn from [0.8, 1) for each score, as in the authors' code (in the
    paper it is 1), and, with f_8 and f_16 the discriminator's maps and g_8 and g_16 the decoders,

        L_rec = E[|g_8(f_8(T(x))) - small(T(x))|^2] + E[|g_16(crop(f_16)) - small(crop(T(x)))|^2]

    as means over pixels. `crop` is one of the four quarters, drawn for each batch, and `small`
    shrinks to the decoder's size by averaging. The paper measures the distance in L_rec by a
    pretrained network's features; here it is the squared error of pixels, which needs no download.

    Each batch is one update of the discriminator with its decoder, and then one of the generator
    on the same fakes.

    Args:
        generator: Model from latents `(batch, latent_dim)` to images, ending in tanh.
        discriminator: Model from images to scores `(batch, ...)`, with layers of the names of the
            decoder's inputs; those of `fastgan_decoder` are `"features_8"` and `"features_16"`.
        decoder: Model from two maps of the discriminator, the second at half its sides, to two
            pictures `(batch, height, width, channels)` in the generator's range: the whole image
            and the quarter that the second map is cropped to, both shrunk by the same whole number.
        reconstruction_weight: w, at least 0.
        diff_augment, ema_decay, image_range, seed, name: As in `AdversarialModel`.

    Raises:
        ValueError: The discriminator has no layer of the name of a decoder's input, or the maps or
            pictures have other shapes.

    Example:
    >>> gan = FastGAN(fastgan_generator(), fastgan_discriminator(), fastgan_decoder())
    >>> gan.compile()
    >>> gan.fit(dataset, epochs=100)

    Reference:
        Liu, Zhu, Song and Elgammal, "Towards Faster and Stabilized GAN Training for High-fidelity
        Few-shot Image Synthesis", 2021, https://arxiv.org/abs/2101.04775, section 3.
    """

    metric_names = ("generator_loss", "discriminator_loss", "reconstruction_loss")
    network_names = (*SharedFakesModel.network_names, "decoder")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        decoder: keras.Model,
        *,
        reconstruction_weight: float = 2.0,
        diff_augment: Sequence[str] = ("color", "translation"),
        ema_decay: float | None = 0.999,
        image_range: tuple[float, float] | None = None,
        seed: int = 0,
        name: str | None = None,
    ) -> None:
        check_not_negative(reconstruction_weight=reconstruction_weight)
        super().__init__(
            generator,
            discriminator,
            diff_augment=diff_augment,
            ema_decay=ema_decay,
            image_range=image_range,
            seed=seed,
            name=name,
        )
        _check_decoder(decoder, generator)
        self.decoder = decoder
        self.reconstruction_weight = reconstruction_weight
        network = _with_maps(discriminator, decoder)
        # A function, because a model kept as an attribute would be saved a second time.
        self._scores_and_maps = lambda images, training: network(images, training=training)

    @property
    def discriminator_networks(self) -> tuple[keras.Model, ...]:
        return (self.discriminator, self.decoder)

    def update_discriminator_on(self, reals: LabelledImages, fakes: LabelledImages) -> None:
        """Makes one update of the discriminator and the decoder on given fakes."""
        reals = self.augmented(reals, "discriminator reals")
        with tf.GradientTape() as tape:
            scores, *maps = self._scores_and_maps(reals.images, True)
            real = DiscriminatorOutput(reals.images, {}, scores, {}, None)
            fake = self.discriminate_fakes(fakes, "discriminator")
            reconstruction_loss = self.reconstruction_loss(reals.images, *maps)
            loss = self.discriminator_loss(real, fake)
            total = loss + self.reconstruction_weight * reconstruction_loss
            total += self.added_discriminator_loss(real, fake)
        self.minimize(self.discriminator_optimizer, total, tape, *self.discriminator_networks)
        self.track(discriminator_loss=loss, reconstruction_loss=reconstruction_loss)

    def added_discriminator_loss(
        self, real: DiscriminatorOutput, fake: DiscriminatorOutput
    ) -> tf.Tensor | float:
        """Returns what a subclass adds to L_D, a scalar, and tracks it if it is to be logged."""
        return 0.0

    def discriminator_loss(self, real: DiscriminatorOutput, fake: DiscriminatorOutput) -> tf.Tensor:
        """Returns L_D without the reconstruction, a scalar."""
        real_loss = tf.reduce_mean(tf.nn.relu(self._margins(real, "reals") - real.scores))
        fake_loss = tf.reduce_mean(tf.nn.relu(self._margins(fake, "fakes") + fake.scores))
        return real_loss + fake_loss

    def generator_loss(
        self, real: DiscriminatorOutput | None, fake: DiscriminatorOutput
    ) -> tf.Tensor:
        """Returns L_G, a scalar."""
        return -tf.reduce_mean(fake.scores)

    def reconstruction_loss(
        self,
        images: tf.Tensor,
        map_8: tf.Tensor,
        map_16: tf.Tensor,
        *,
        training: bool = True,
    ) -> tf.Tensor:
        """Returns L_rec, a scalar.

        Args:
            images: Reals as the discriminator saw them, `(batch, height, width, channels)`.
            map_8: f_8, which is decoded whole.
            map_16: f_16, of which a quarter is decoded.
            training: Whether the decoder's layers behave as in training.
        """
        quarter = self.noise.integers((2,), 2, "reconstructed quarter", axis=None)
        maps = [map_8, _quarter(map_16, quarter)]
        whole, part = self.decoder(maps, training=training)
        losses = [
            tf.reduce_mean(tf.square(drawn - _shrunk(target, drawn.shape[1])))
            for drawn, target in ((whole, images), (part, _quarter(images, quarter)))
        ]
        return tf.add_n(losses)

    def measure_losses(self, reals: LabelledImages) -> None:
        """Tracks the losses on held-out reals, L_rec included, and as many fakes."""
        _, *maps = self._scores_and_maps(reals.images, False)
        loss = self.reconstruction_loss(reals.images, *maps, training=False)
        self.track(reconstruction_loss=loss)
        super().measure_losses(reals)

    def _margins(self, output: DiscriminatorOutput, of_what: str) -> tf.Tensor:
        """Draws the margin m of each score."""
        draws = self.noise.uniform(tf.shape(output.scores), f"margins {of_what}")
        return _LOWEST_MARGIN + (1.0 - _LOWEST_MARGIN) * draws

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "reconstruction_weight": self.reconstruction_weight,
        }


def _check_decoder(decoder: keras.Model, generator: keras.Model) -> None:
    """Checks that a decoder's pictures, whole and in part, can be compared with images."""
    check_is_functional("decoder", decoder)
    check_ends_in_float32("decoder", decoder)
    if len(decoder.inputs) != 2:
        raise ValueError(
            "The decoder must take two maps of the discriminator. Received: "
            f"decoder={decoder.name!r} with {len(decoder.inputs)} inputs"
        )
    height, width, channels = generator.outputs[0].shape[1:]
    if height is None or width is None:
        raise ValueError(
            "The generator's pictures must have a fixed size, which the decoder's are compared "
            f"with. Received: generator={generator.name!r} drawing {generator.outputs[0].shape}"
        )
    shapes = [tuple(output.shape[1:]) for output in decoder.outputs]
    sides = ((height, width), (height // 2, width // 2))
    if len(shapes) != 2 or not all(
        len(shape) == 3
        and shape[2] == channels
        and all(side % one == 0 for side, one in zip(target, shape[:2], strict=True))
        and target[0] // shape[0] == target[1] // shape[1]
        for shape, target in zip(shapes, sides, strict=True)
    ):
        raise ValueError(
            f"The decoder must give two pictures of {channels} channels, whose sides divide "
            f"{height}x{width} and half of that. Received: decoder={decoder.name!r} giving {shapes}"
        )


def _with_maps(discriminator: keras.Model, decoder: keras.Model) -> keras.Model:
    """Returns a model from images to the scores and the two maps that the decoder sees."""
    check_is_functional("discriminator", discriminator)
    maps = []
    for given in decoder.inputs:
        try:
            maps.append(discriminator.get_layer(given.name).output)
        except ValueError:
            raise ValueError(
                f"The discriminator must have a layer named {given.name!r}, which the decoder "
                f"takes. Received: discriminator={discriminator.name!r} without one"
            ) from None
    wanted = [given.shape[1:] for given in decoder.inputs]
    (whole, crop), offered = maps, [given.shape[1:] for given in maps]
    halved = (crop.shape[1] // 2, crop.shape[2] // 2, crop.shape[3])
    if wanted != [tuple(whole.shape[1:]), halved]:
        raise ValueError(
            f"The decoder must take the maps {offered}, the second at half its sides. "
            f"Received: decoder={decoder.name!r} taking {wanted}"
        )
    return keras.Model(discriminator.inputs[0], [*discriminator.outputs, *maps])


def _quarter(maps: tf.Tensor, index: tf.Tensor) -> tf.Tensor:
    """Returns one quarter of maps; `index` is its row and column, 0 or 1 each."""
    _, height, width, channels = maps.shape
    sides = tf.constant([height // 2, width // 2])
    begin = tf.concat([[0], index * sides, [0]], axis=0)
    quarter = tf.slice(maps, begin, [-1, height // 2, width // 2, channels])
    return tf.ensure_shape(quarter, [None, height // 2, width // 2, channels])


def _shrunk(images: tf.Tensor, side: int) -> tf.Tensor:
    """Returns images of a side that divides theirs, by averaging."""
    factor = images.shape[1] // side
    return tf.nn.avg_pool2d(images, factor, factor, "VALID") if factor > 1 else images
