"""The first layer of a compositional pattern-producing network."""

import math

import keras
import tensorflow as tf

from kerasgan.argument_checks import whole_number


@keras.saving.register_keras_serializable("kerasgan")
class CoordinateDense(keras.layers.Layer):
    """A dense layer over a latent and a pixel's place, for all pixels of an image at once.

    At the pixel in row i and column j, with r_ij = sqrt(x_j^2 + y_i^2), it gives

        a_ij = W_z (latent_scale * z) + W_x x_j + W_y y_i + W_r r_ij + b

    The latent's product is taken once for an image, that of x once for a column and that of y
    once for a row; they meet in a broadcast sum. No pixel ever holds a copy of its latent.

    With `octaves`, plane waves enter as well: for each direction d = 0, ..., directions - 1 and
    each octave k = 0, ..., octaves - 1

        sin(2^k pi u_d / s), cos(2^k pi u_d / s)
        u_d = x cos(pi d / directions) + y sin(pi d / directions)

    where s is `coordinate_scale`, so that the first wave's period is the image's side and each
    further one's is half of that before. A network of coordinates alone learns fine detail late.
    Waves in two directions, along x and y, leave a lattice in pictures of many slanted edges.

    Coordinates run over [-coordinate_scale, coordinate_scale], from the middle of the first pixel
    to the middle of the last, x to the right and y downwards. Where sides differ the shorter one
    spans that interval and the longer one runs over it with the same step, so nothing that was
    learned in the square is cut off, and what lies beside it comes into view.

    Input: latents `(batch, latent_dim)`. Output: `(batch, height, width, units)`. Both are float32
    under every dtype policy unless `dtype` says otherwise: in bfloat16, neighbouring pixels of a
    large image would have the same coordinates.

    Args:
        units: Length of the output at each pixel.
        height: Rows of the image.
        width: Columns of the image.
        coordinate_scale: Positive float, the coordinate of the last pixel.
        latent_scale: Float that latents are multiplied by.
        octaves: Number of waves in each direction, at least 0.
        directions: Number of directions of waves, at least 1.
        latent_initializer: Initializer of W_z, `(latent_dim, units)`.
        coordinate_initializer: Initializer of W_x, W_y and W_r, and of what the waves are
            multiplied by, the rows of one
            `(3 + 2 * directions * octaves, units)` kernel.
        bias_initializer: Initializer of b, `(units,)`.

    Example:
    >>> layer = CoordinateDense(128, height=28, width=28)
    >>> layer(keras.random.normal((2, 32))).shape
    TensorShape([2, 28, 28, 128])

    References:
        Ha, "Generating Large Images from Latent Vectors", 2016,
            https://blog.otoro.net/2016/04/01/generating-large-images-from-latent-vectors/
        Mildenhall et al., "NeRF: Representing Scenes as Neural Radiance Fields for View
            Synthesis", 2020, https://arxiv.org/abs/2003.08934, equation 4 (the waves).
    """

    def __init__(
        self,
        units: int,
        height: int,
        width: int,
        *,
        coordinate_scale: float = 8.0,
        latent_scale: float = 1.0,
        octaves: int = 0,
        directions: int = 4,
        latent_initializer: str | keras.initializers.Initializer = "glorot_uniform",
        coordinate_initializer: str | keras.initializers.Initializer = "glorot_uniform",
        bias_initializer: str | keras.initializers.Initializer = "zeros",
        dtype: str | keras.DTypePolicy = "float32",
        **kwargs,
    ) -> None:
        super().__init__(dtype=dtype, **kwargs)
        if not coordinate_scale > 0.0:
            raise ValueError(
                f"coordinate_scale must be positive. Received: coordinate_scale={coordinate_scale}"
            )
        self.units = whole_number("units", units, least=1)
        self.height = whole_number("height", height, least=1)
        self.width = whole_number("width", width, least=1)
        self.coordinate_scale = coordinate_scale
        self.latent_scale = latent_scale
        self.octaves = whole_number("octaves", octaves, least=0)
        self.directions = whole_number("directions", directions, least=1)
        self.latent_initializer = keras.initializers.get(latent_initializer)
        self.coordinate_initializer = keras.initializers.get(coordinate_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if len(input_shape) != 2:
            raise ValueError(
                "CoordinateDense takes latents (batch, latent_dim). "
                f"Received: input_shape={input_shape}"
            )
        self.latent_kernel = self.add_weight(
            shape=(input_shape[-1], self.units),
            initializer=self.latent_initializer,
            name="latent_kernel",
        )
        self.coordinate_kernel = self.add_weight(
            shape=(3 + 2 * self.directions * self.octaves, self.units),
            initializer=self.coordinate_initializer,
            name="coordinate_kernel",
        )
        self.bias = self.add_weight(
            shape=(self.units,), initializer=self.bias_initializer, name="bias"
        )

    def call(self, latents: tf.Tensor) -> tf.Tensor:
        return self.at(latents, *self.coordinates(self.height, self.width))

    def at(self, latents: tf.Tensor, x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
        """Evaluates the layer on the grid of any coordinates.

        Args:
            latents: `(batch, latent_dim)`.
            x: `(columns,)`.
            y: `(rows,)`.

        Returns:
            `(batch, rows, columns, units)`.
        """
        latents, x, y = (tf.cast(value, self.compute_dtype) for value in (latents, x, y))
        kernel = tf.convert_to_tensor(self.coordinate_kernel)
        w_x, w_y, w_r = tf.unstack(kernel[:3])
        columns, rows = x[:, tf.newaxis], y[:, tf.newaxis, tf.newaxis]
        r = tf.sqrt(columns**2 + rows**2)
        # What all images share is summed before it meets the batch: so is its gradient after.
        places = columns * w_x + rows * w_y + r * w_r
        if self.octaves:
            waves = self.waves(*tf.meshgrid(x, y))
            places += tf.tensordot(waves, kernel[3:], axes=1)
        images = tf.matmul(self.latent_scale * latents, self.latent_kernel) + self.bias
        return images[:, tf.newaxis, tf.newaxis] + places

    def waves(self, x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
        """Returns the waves at places, whose x and y have the same shape.

        Returns:
            `(*x.shape, 2 * directions * octaves)`: of each direction in turn the sines of all
            octaves, then the cosines.
        """
        angles = [math.pi * d / self.directions for d in range(self.directions)]
        frequencies = [2.0**k * math.pi / self.coordinate_scale for k in range(self.octaves)]
        waves = []
        for angle in angles:
            u = math.cos(angle) * x + math.sin(angle) * y
            phases = u[..., tf.newaxis] * tf.constant(frequencies, u.dtype)
            waves += [tf.sin(phases), tf.cos(phases)]
        return tf.concat(waves, axis=-1)

    def coordinates(
        self,
        height: int | tf.Tensor,
        width: int | tf.Tensor,
        *,
        zoom: float | tf.Tensor = 1.0,
        centre: tuple[float, float] | tf.Tensor = (0.0, 0.0),
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns the coordinates of the pixels of an image of any size.

        Args:
            height: Rows, int or scalar int32.
            width: Columns, int or scalar int32.
            zoom: Above 1 looks closer: the shorter side spans 2 * coordinate_scale / zoom.
            centre: What is in the middle, (x, y) in units of `coordinate_scale`.

        Returns:
            x `(width,)` and y `(height,)`, float32.
        """
        # A side of one pixel has no step of its own; it takes that of two.
        intervals = tf.cast(tf.maximum(tf.minimum(height, width) - 1, 1), tf.float32)

        def axis(count: int | tf.Tensor, middle: tf.Tensor) -> tf.Tensor:
            # Twice the steps from the middle, so that they are whole numbers: an image of 2n - 1
            # pixels has the coordinates of that of n to the last bit.
            steps = tf.cast(2 * tf.range(count) - (count - 1), tf.float32)
            return self.coordinate_scale * (middle + steps / intervals / zoom)

        middle_x, middle_y = tf.unstack(tf.cast(centre, tf.float32), num=2)
        return axis(width, middle_x), axis(height, middle_y)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], self.height, self.width, self.units)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "units": self.units,
            "height": self.height,
            "width": self.width,
            "coordinate_scale": self.coordinate_scale,
            "latent_scale": self.latent_scale,
            "octaves": self.octaves,
            "directions": self.directions,
            "latent_initializer": keras.initializers.serialize(self.latent_initializer),
            "coordinate_initializer": keras.initializers.serialize(self.coordinate_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
        }
