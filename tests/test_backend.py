import keras
import pytest

from kerasgan.backend import check_backend
from kerasgan.errors import UserError


def test_only_the_tensorflow_backend_is_accepted(monkeypatch):
    check_backend()
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    with pytest.raises(UserError, match=r"KERAS_BACKEND.*jax"):
        check_backend()


def test_images_with_their_channels_first_are_refused(monkeypatch):
    monkeypatch.setattr(keras.config, "image_data_format", lambda: "channels_first")
    with pytest.raises(UserError, match=r"channels_last.*channels_first"):
        check_backend()
