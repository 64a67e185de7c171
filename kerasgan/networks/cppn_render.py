"""Images of any size from a compositional pattern-producing network."""

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from kerasgan.layers import CoordinateDense, LatentModulation


class CPPNLayers(NamedTuple):
    """The layers of a CPPN, in their order.

    Attributes:
        mapping: Those that make of the latent what the others take in its place; mostly none.
        first: The one that takes the coordinates.
        hidden: Those after it, each of which takes what the one before it gives.
    """

    mapping: list[keras.layers.Layer]
    first: CoordinateDense
    hidden: list[keras.layers.Layer]

    def mapped(self, latents: tf.Tensor, *, training: bool = False) -> tf.Tensor:
        """Returns what the layers before the `CoordinateDense` make of latents.

        Args:
            latents: `(n, latent_dim)`.
            training: Whether layers behave as in training.
        """
        for layer in self.mapping:
            latents = layer(latents, training=training)
        return latents

    def images(self, maps: tf.Tensor, latents: tf.Tensor, *, training: bool = False) -> tf.Tensor:
        """Applies the layers that follow the `CoordinateDense`.

        Args:
            maps: What the `CoordinateDense` returned, `(n, rows, columns, units)`.
            latents: What that took, `mapped` latents.
            training: Whether layers behave as in training.

        Returns:
            Images `(n, rows, columns, channels)`, float32 in the generator's own range: [0, 1] for
            a `cppn_generator`.
        """
        for layer in self.hidden:
            taken = [maps, latents] if isinstance(layer, LatentModulation) else maps
            maps = layer(taken, training=training)
        return maps


def is_cppn(generator: keras.Model) -> bool:
    """Tells whether `cppn_render` can draw with `generator`: whether it has `cppn_layers`."""
    return cppn_layers(generator) is not None


def cppn_layers(generator: keras.Model) -> CPPNLayers | None:
    """Returns the layers of a CPPN; `None` for any other network.

    They are one chain from the latents to the images, with one `CoordinateDense` in it, after which
    `LatentModulation` layers may take what that takes as latents once more.
    """
    if len(getattr(generator, "inputs", None) or ()) != 1 or len(generator.outputs) != 1:
        return None
    layers = [each for each in generator.layers if not isinstance(each, keras.layers.InputLayer)]
    places = [at for at, each in enumerate(layers) if isinstance(each, CoordinateDense)]
    if len(places) != 1:
        return None
    (place,) = places
    maps, latents = generator.inputs[0], layers[place].input
    for number, layer in enumerate(layers):
        taken = tf.nest.flatten(layer.input)
        is_modulation = number > place and isinstance(layer, LatentModulation)
        wanted = [maps, latents] if is_modulation else [maps]
        if len(taken) != len(wanted) or any(
            one is not other for one, other in zip(taken, wanted, strict=True)
        ):
            return None
        maps = layer.output
    if maps is not generator.outputs[0]:
        return None
    return CPPNLayers(layers[:place], layers[place], layers[place + 1 :])


def known_cppn_layers(generator: keras.Model) -> CPPNLayers:
    """Returns the layers of a network that must be a CPPN.

    Raises:
        ValueError: It is none.
    """
    if (found := cppn_layers(generator)) is None:
        raise ValueError(
            "Only a compositional pattern-producing network draws at any size: a chain of layers "
            "from latents to images, one of which is a CoordinateDense. "
            f"Received: generator={getattr(generator, 'name', generator)!r}"
        )
    return found


def cppn_render(
    generator: keras.Model,
    latents: tf.Tensor,
    *,
    height: int | tf.Tensor,
    width: int | tf.Tensor,
    zoom: float | tf.Tensor = 1.0,
    centre: tuple[float, float] | tf.Tensor = (0.0, 0.0),
    rows: tuple[int, int] | tf.Tensor | None = None,
    columns: tuple[int, int] | tf.Tensor | None = None,
    training: bool = False,
) -> tf.Tensor:
    """Evaluates a generator's weights at the pixels of images of any size, or of a part of them.

    The shorter side spans what the generator draws itself; the longer side
    shows more. At the generator's own size the images are those that it draws itself.

    It can be traced in a `tf.function` whose sizes, zoom, centre, rows and columns are tensors, so
    that one graph serves all. Coordinates are float32: they tell the pixels of a picture of 1,000
    apart up to zooms of about 10,000.

    Args:
        generator: A CPPN, such as one of `cppn_generator`; see `cppn_layers`.
        latents: `(n, latent_dim)`.
        height: Rows of the whole image, int or scalar int32.
        width: Columns of the whole image, int or scalar int32.
        zoom: Above 1 looks closer: the shorter side spans 1 / zoom of what the generator draws.
        centre: What is in the middle, (x, y), x to the right and y downwards; (0, 0) is the middle
            of what the generator draws and (1, 1) its lower right corner.
        rows: (first, end) of the rows to draw, end excluded; `None` is all.
        columns: (first, end) of the columns to draw; `None` is all.
        training: Whether layers, such as a dropout, behave as in training.

    Returns:
        Images `(n, height, width, channels)`, or only the requested rows and columns, float32 in
        the generator's own range: [0, 1] for a `cppn_generator`.

    Raises:
        ValueError: The generator is no CPPN, the latents have another shape, or a size, zoom,
            centre, row or column is impossible. A value that only the running graph
            knows fails there with the same sentence, as an `InvalidArgumentError`.

    Example:
    >>> generator = cppn_generator(image_size=8, width=4)
    >>> latents = keras.random.normal((2, 128))
    >>> cppn_render(generator, latents, height=20, width=30).shape
    TensorShape([2, 20, 30, 1])
    """
    layers = known_cppn_layers(generator)
    latents = tf.convert_to_tensor(latents, tf.float32)
    if not latents.shape.is_compatible_with((None, generator.inputs[0].shape[-1])):
        raise ValueError(
            f"latents must have the shape (n, {generator.inputs[0].shape[-1]}). "
            f"Received: latents of shape {tuple(latents.shape)}"
        )
    height = _checked("height", height, tf.int32, "be at least 1", lambda count: count >= 1)
    width = _checked("width", width, tf.int32, "be at least 1", lambda count: count >= 1)
    zoom = _checked(
        "zoom",
        zoom,
        tf.float32,
        "be positive and finite",
        lambda zoom: (zoom > 0.0) & tf.math.is_finite(zoom),
    )
    centre = _checked(
        "centre", centre, tf.float32, "be (x, y), finite", tf.math.is_finite, shape=(2,)
    )

    latents, first = layers.mapped(latents, training=training), layers.first
    x, y = first.coordinates(height, width, zoom=zoom, centre=centre)
    maps = first.at(latents, _part("columns", x, columns), _part("rows", y, rows))
    return layers.images(maps, latents, training=training)


def _part(
    name: str, coordinates: tf.Tensor, interval: tuple[int, int] | tf.Tensor | None
) -> tf.Tensor:
    """Returns `coordinates[first:end]`."""
    if interval is None:
        return coordinates
    count = tf.shape(coordinates)[0]
    interval = _checked(
        name,
        interval,
        tf.int32,
        "be (first, end) with 0 <= first < end, inside the image",
        lambda ends: (ends[0] >= 0) & (ends[0] < ends[1]) & (ends[1] <= count),
        shape=(2,),
    )
    return coordinates[interval[0] : interval[1]]


def _checked(
    name: str,
    value: Any,
    dtype: tf.DType,
    rule: str,
    holds: Callable[[tf.Tensor], tf.Tensor],
    *,
    shape: tuple[int, ...] = (),
) -> tf.Tensor:
    """Returns `value` as a tensor of `dtype` and `shape` of which `holds` is true throughout."""
    sentence = f"{name} must {rule}. Received: {name}="
    try:
        if tf.is_tensor(value):
            tensor = tf.cast(value, dtype)
        elif dtype.is_integer:
            # TensorFlow would cut the fraction off numpy's floats.
            whole = [operator.index(each) for each in value] if shape else operator.index(value)
            tensor = tf.constant(whole, dtype)
        else:
            tensor = tf.constant(value, dtype)
    except (TypeError, ValueError):
        raise ValueError(f"{sentence}{value}") from None
    if not tensor.shape.is_compatible_with(shape):
        raise ValueError(f"{sentence}{value}")
    tensor = tf.ensure_shape(tensor, shape)
    condition = tf.reduce_all(holds(tensor))
    known = tf.get_static_value(condition)
    if known is None:
        with tf.control_dependencies([tf.debugging.Assert(condition, [sentence, tensor])]):
            return tf.identity(tensor)
    if not known:
        raise ValueError(f"{sentence}{value}")
    return tensor
