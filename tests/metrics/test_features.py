import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from kerasgan.errors import UserError
from kerasgan.metrics import Features, named_features
from kerasgan.metrics.features import prepare
from kerasgan.metrics.known_features import _efficientnet_lite1, _inception
from kerasgan.precision import dtype_policy


def pillow_resized(image, size):
    """Resizes each channel of a float image in Pillow's way."""
    channels = [
        np.asarray(
            Image.fromarray(channel.astype(np.float32)).resize(
                (size, size), Image.Resampling.BICUBIC
            )
        )
        for channel in np.moveaxis(image, -1, 0)
    ]
    return np.clip(np.stack(channels, axis=-1), 0.0, 255.0)


@pytest.mark.parametrize("size", [11, 40, 128])
def test_images_are_resized_as_pillow_does(size):
    images = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
    found = prepare(tf.constant(images), size, channels=3, scale=255.0)
    expected = np.stack([pillow_resized(image, size) for image in images])
    np.testing.assert_allclose(found, expected, atol=0.01)


def test_images_of_the_networks_size_are_left_as_they_are():
    images = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), dtype=np.uint8)
    np.testing.assert_array_equal(prepare(tf.constant(images), 16, channels=3, scale=255), images)


def test_float_images_are_rounded_as_a_picture_file_is():
    images = np.random.default_rng(0).random((2, 8, 8, 3), np.float32)
    as_saved = np.rint(images * 255).astype(np.uint8)
    np.testing.assert_array_equal(
        prepare(tf.constant(images), 8, channels=3, scale=1.0),
        prepare(tf.constant(as_saved), 8, channels=3, scale=1.0),
    )


def test_grey_images_are_repeated_to_three_channels():
    images = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 1), dtype=np.uint8)
    found = prepare(tf.constant(images), 8, channels=3, scale=255.0)
    np.testing.assert_array_equal(found, np.repeat(images, 3, axis=-1))


def test_features_of_a_network_are_those_of_images_between_0_and_1(network, squares):
    model, images = network(), squares(70)
    features = named_features(model)
    np.testing.assert_allclose(features(images), model(images / 255.0), rtol=1e-5, atol=1e-6)
    assert features.protocol["features"] == "tiny"
    assert named_features(features) is features


def test_grey_and_coloured_images_of_any_size_follow_each_other(network, squares):
    features = named_features(network(channels=3))
    for size in (8, 12):
        grey = squares(3, size=size)
        coloured = np.repeat(grey, 3, axis=-1)
        np.testing.assert_array_equal(features(grey), features(coloured))
        np.testing.assert_allclose(features(coloured / 255.0), features(coloured), rtol=1e-6)


def test_other_weights_have_another_identity(network):
    first, second = network(), network()
    assert named_features(first).identity == named_features(second).identity
    second.set_weights([weights + 1 for weights in second.get_weights()])
    assert named_features(first).identity != named_features(second).identity


def test_features_without_a_name_among_the_known_are_an_error():
    with pytest.raises(UserError, match=r"'inceptoin'.*inception"):
        named_features("inceptoin")


@pytest.mark.parametrize("wrong", [["inception"], None, 3])
def test_features_of_another_type_are_an_error(wrong):
    with pytest.raises(UserError, match=r"a keras\.Model or Features\. Received: features="):
        named_features(wrong)


def test_a_network_that_gives_no_rows_of_features_is_an_error():
    images = keras.Input((8, 8, 1))
    with pytest.raises(UserError, match=r"\(None, 8, 8, 1\)"):
        named_features(keras.Model(images, keras.layers.Conv2D(2, 3)(images)))


def test_inception_without_its_download_is_one_line(monkeypatch):
    def fail(**_):
        raise OSError("URL fetch failure")

    monkeypatch.setattr(keras.applications, "InceptionV3", fail)
    with pytest.raises(UserError, match=r"URL fetch failure.*efficientnet_lite1"):
        named_features("inception")


def test_the_default_is_efficientnet_at_128_pixels():
    features = named_features("efficientnet_lite1")
    assert isinstance(features, Features)
    assert features.protocol == {
        "features": "efficientnet_lite1",
        "feature_image_size": 128,
        "resizer": "antialiased bicubic",
    }
    assert features(np.zeros((2, 28, 28, 1), np.uint8)).shape == (2, 1280)


def test_inception_sees_images_between_minus_1_and_1(monkeypatch):
    def mean_of_pixels(**_):
        images = keras.Input((299, 299, 3))
        return keras.Model(images, keras.layers.GlobalAveragePooling2D()(images))

    monkeypatch.setattr(keras.applications, "InceptionV3", mean_of_pixels)
    _inception.cache_clear()
    images = np.array([0, 255, 51], np.uint8)[:, None, None, None] * np.ones((1, 4, 4, 3), np.uint8)
    try:
        features = named_features("inception")
        np.testing.assert_allclose(features(images)[:, 0], [-1.0, 1.0, -0.6], atol=1e-3)
        assert features.protocol["feature_image_size"] == 299
    finally:
        _inception.cache_clear()


def test_features_are_float32_in_any_policy():
    images = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), np.uint8)
    _efficientnet_lite1.cache_clear()
    plain = named_features("efficientnet_lite1")(images)
    _efficientnet_lite1.cache_clear()
    with dtype_policy("mixed_bfloat16"):
        np.testing.assert_array_equal(named_features("efficientnet_lite1")(images), plain)
    _efficientnet_lite1.cache_clear()
