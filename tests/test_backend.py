import keras
import pytest

from kerasgan.backend import check_backend
from kerasgan.errors import UserError


def test_only_the_tensorflow_backend_is_accepted(monkeypatch):
    check_backend()
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    with pytest.raises(UserError, match=r"KERAS_BACKEND.*jax"):
        check_backend()
