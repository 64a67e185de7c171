import keras
import numpy as np
import pytest

from kerasgan.layers import (
    FusedBatchNormalization,
    GatedLinearUnit,
    NoiseInjection,
    SpectralConv2D,
    SpectralUpConv2D,
)
from kerasgan.networks import fastgan_decoder, fastgan_discriminator, fastgan_generator
from tests.networks.checks import (
    assert_heads_are_float32_under_mixed_precision,
    assert_rebuilt_from_json,
    images_for,
    inputs_of,
    shapes,
    trainable_size,
)
from tests.random_seed import seed_keras

TINY = {"image_size": 64, "base_width": 2}


def test_generator_has_the_rows_of_its_table():
    model = fastgan_generator()
    units = [(4, 4, 512), (8, 8, 256), (8, 8, 256), (16, 16, 128), (32, 32, 64), (32, 32, 64)]
    units += [(64, 64, 64), (128, 128, 32), (128, 128, 32)]
    assert shapes(model, GatedLinearUnit) == units
    assert shapes(model, keras.layers.Multiply) == [(64, 64, 64), (128, 128, 32)]
    assert len(shapes(model, NoiseInjection)) == 6
    assert not shapes(fastgan_generator(**TINY, noise=False), NoiseInjection)
    assert model.output_shape == (None, 128, 128, 3)
    assert model.layers[-1].activation is keras.activations.tanh


@pytest.mark.parametrize(
    ("image_size", "last", "gates"), [(64, (64, 64, 8), 1), (256, (256, 256, 2), 3)]
)
def test_generator_of_other_sizes(image_size, last, gates):
    model = fastgan_generator(image_size=image_size, base_width=4)
    assert shapes(model, keras.layers.Multiply)[-1] == last
    assert len(shapes(model, keras.layers.Multiply)) == gates
    assert model.output_shape == (None, image_size, image_size, 3)


def test_generator_has_the_number_of_parameters_of_its_table():
    b = 32
    convolutions = 128 * 16 * 32 * b  # The latent.
    convolutions += 9 * b * b * (16 * 16 + 8 * 16 + 8 * 8 + 4 * 4 + 2 * 4 + 2 * 4 + 2 * 2 + 1 * 2)
    convolutions += 9 * b * 3
    gates = 16 * (16 * b) * (2 * b) + (2 * b) ** 2 + 16 * (8 * b) * b + b**2
    gammas_and_betas = 2 * b * (32 + 2 * 16 + 8 + 2 * 4 + 4 + 2 * 2)
    total = convolutions + gates + gammas_and_betas + 6
    assert trainable_size(fastgan_generator()) == total


def test_labels_are_five_times_a_learned_vector_beside_the_latent_and_zero_at_first():
    seed_keras(0)
    classes = {"genre": 3, "style": 2}
    model = fastgan_generator(**TINY, classes=classes, latent_dim=5, label_dim=4)
    assert [each.name for each in model.inputs] == ["latent", "genre", "style"]
    latents = np.random.default_rng(0).normal(size=(3, 5)).astype("float32")
    one, other = [latents, [0, 1, 2], [0, 0, 1]], [latents, [2, 2, 0], [1, 0, 0]]
    one, other = ([each[0], *map(np.int32, each[1:])] for each in (one, other))
    np.testing.assert_array_equal(model(one), model(other))
    (dense,) = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    table = np.random.default_rng(1).normal(size=(5, 4))
    dense.set_weights([table])
    (concatenated,) = [
        layer.output
        for layer in model.layers
        if isinstance(layer, keras.layers.Concatenate) and layer.output.shape[-1] == 9
    ]
    vectors = table[[0, 1, 2]] + table[[3, 3, 4]]
    np.testing.assert_allclose(
        keras.Model(model.inputs, concatenated)(one), np.hstack([latents, 5 * vectors]), rtol=1e-5
    )
    assert np.abs(model(one) - model(other)).max() > 1e-3


def test_a_map_is_multiplied_by_the_gate_of_a_smaller_one():
    model = fastgan_generator(**TINY)
    (excited,) = [layer for layer in model.layers if isinstance(layer, keras.layers.Multiply)]
    parts = keras.Model(model.input, [*excited.input, excited.output])
    maps, gate, product = parts(inputs_of(model))
    assert gate.shape == (3, 1, 1, 4)
    assert np.all((np.asarray(gate) > 0) & (np.asarray(gate) < 1))
    np.testing.assert_allclose(product, np.asarray(maps) * np.asarray(gate), rtol=1e-5)


@pytest.mark.parametrize("image_size", [64, 128, 256])
def test_each_gate_comes_from_the_map_of_a_sixteenth_of_the_side(image_size):
    model = fastgan_generator(image_size=image_size, base_width=2)
    side = 64
    while side <= image_size:
        excited = model.get_layer(f"excited_{side}")
        layer = excited.input[1]._keras_history.operation
        while not isinstance(layer, keras.layers.AveragePooling2D):
            layer = layer.input._keras_history.operation
        assert layer.input.shape[1] == side // 16
        side *= 2


def test_discriminator_and_decoder_have_the_numbers_of_parameters_of_their_tables():
    def down(n, m):  # Three convolutions, each with its normalization.
        return 16 * n * m + 9 * m * m + n * m + 3 * 2 * m

    maps = 16 * 3 * 32 + down(32, 64) + down(64, 128) + down(128, 256)
    scores = 256 * 256 + 2 * 256 + 16 * 256
    assert trainable_size(fastgan_discriminator()) == maps + scores

    def up(n, m):  # Twice the channels, of which the gate leaves half.
        return 9 * n * 2 * m + 2 * 2 * m

    pictures = 2 * (up(32, 16) + 9 * 16 * 3)
    assert trainable_size(fastgan_decoder()) == up(256, 32) + up(128, 32) + pictures


def test_discriminator_has_the_rows_of_its_table():
    model = fastgan_discriminator()
    assert shapes(model, keras.layers.Average) == [(32, 32, 64), (16, 16, 128), (8, 8, 256)]
    assert model.get_layer("features_16").output.shape == (None, 16, 16, 128)
    assert model.get_layer("features_8").output.shape == (None, 8, 8, 256)
    assert model.output_shape == (None, 5, 5, 1)


@pytest.mark.parametrize("image_size", [64, 256])
def test_discriminator_of_other_sizes_ends_in_the_same_maps(image_size):
    model = fastgan_discriminator(image_size=image_size, base_width=4)
    assert model.get_layer("features_16").output.shape == (None, 16, 16, 16)
    assert model.get_layer("features_8").output.shape == (None, 8, 8, 32)
    assert model(images_for(model)).shape == (3, 5, 5, 1)


def test_a_block_of_the_discriminator_is_the_mean_of_its_two_paths():
    model = fastgan_discriminator(**TINY)
    block = next(layer for layer in model.layers if isinstance(layer, keras.layers.Average))
    main, direct, mean = keras.Model(model.input, [*block.input, block.output])(images_for(model))
    assert not np.allclose(main, direct)
    np.testing.assert_allclose(mean, (np.asarray(main) + np.asarray(direct)) / 2, rtol=1e-5)


def test_decoder_draws_both_pictures_from_features_of_8x8():
    model = fastgan_decoder(base_width=4)
    assert model.input_shape == [(None, 8, 8, 32), (None, 8, 8, 16)]
    whole, part = model([np.ones((2, 8, 8, 32)), np.ones((2, 8, 8, 16))])
    assert whole.shape == part.shape == (2, 32, 32, 3)
    assert shapes(model, GatedLinearUnit) == [(16, 16, 4)] * 2 + [(32, 32, 2)] * 2


@pytest.mark.parametrize("build", [fastgan_generator, fastgan_discriminator])
def test_every_convolution_is_spectrally_normalized_and_has_no_bias(build):
    model = build(**TINY)
    assert not shapes(model, keras.layers.Conv2D, keras.layers.Dense, keras.layers.Conv2DTranspose)
    normalized = [x for x in model.layers if isinstance(x, SpectralConv2D | SpectralUpConv2D)]
    normalizations = [x for x in model.layers if isinstance(x, FusedBatchNormalization)]
    noises = [x for x in model.layers if isinstance(x, NoiseInjection)]
    weights = len(normalized) + 2 * len(normalizations) + len(noises)
    assert len(model.trainable_weights) == weights


@pytest.mark.parametrize("build", [fastgan_generator, fastgan_discriminator])
def test_networks_are_rebuilt_from_json(build):
    assert_rebuilt_from_json(build(**TINY))


@pytest.mark.parametrize("build", [fastgan_generator, fastgan_discriminator])
def test_heads_are_float32_under_mixed_precision(build):
    assert_heads_are_float32_under_mixed_precision(lambda: build(**TINY), SpectralConv2D)


@pytest.mark.parametrize(
    ("build", "options", "received"),
    [
        (fastgan_generator, {"image_size": 96}, "image_size=96"),
        (fastgan_generator, {"base_width": 3}, "base_width=3"),
        (fastgan_discriminator, {"image_size": 32}, "image_size=32"),
        (fastgan_discriminator, {"base_width": 0}, "base_width=0"),
        (fastgan_decoder, {"base_width": 1}, "base_width=1"),
    ],
)
def test_arguments_that_cannot_be_are_refused(build, options, received):
    with pytest.raises(ValueError, match=received):
        build(**options)
