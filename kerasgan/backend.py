"""The settings of Keras that everything here is written for."""

from kerasgan.errors import UserError


def check_backend() -> None:
    """Raises UserError unless Keras runs on TensorFlow, with the channels of images last."""
    import keras

    if (backend := keras.config.backend()) != "tensorflow":
        raise UserError(
            "kerasgan needs Keras's TensorFlow backend: set the environment variable KERAS_BACKEND "
            f"to tensorflow. Received: {backend}"
        )
    if (order := keras.config.image_data_format()) != "channels_last":
        raise UserError(
            "kerasgan's images have their channels last: call "
            'keras.config.set_image_data_format("channels_last") before importing it, or set '
            f"image_data_format in Keras's keras.json. Received: {order}"
        )
