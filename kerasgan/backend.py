"""The backend of Keras that everything here is written for."""

from kerasgan.errors import UserError


def check_backend() -> None:
    """Raises UserError unless Keras runs on TensorFlow."""
    import keras

    if (backend := keras.config.backend()) != "tensorflow":
        raise UserError(
            "kerasgan needs Keras's TensorFlow backend: set the environment variable KERAS_BACKEND "
            f"to tensorflow. Received: {backend}"
        )
