import keras
import numpy as np
import pytest

from kerasgan.layers import ConditionalGate, FusedBatchNormalization, InverseTanh, StageOne
from kerasgan.networks import gangogh_generator, stackgan_generator
from tests.networks.checks import assert_rebuilt_from_json, shapes, trainable_size

RNG = np.random.default_rng(0)
TWO_SETS = {"genre": 3, "style": 2}
CLASSES_OF_ONE = [4, 0, 2]
TINY = {"image_size": 64, "base_width": 2, "depth": 1}


def stage_one(classes=None, **options):
    options = {"image_size": 32, "base_width": 1, "latent_dim": 5, **options}
    return gangogh_generator(classes=classes or {"genre": 5}, **options)


def build(**options):
    options = {"classes": TWO_SETS, "stage_one_classes": {"genre": CLASSES_OF_ONE}, **options}
    return stackgan_generator(stage_one(), **{**TINY, **options})


def inputs():
    latents = RNG.normal(size=(3, 5)).astype("float32")
    return [latents, np.array([0, 2, 1]), np.array([1, 0, 1])]


def test_layers_and_parameters_are_those_of_the_table():
    model = stackgan_generator(
        stage_one({"genre": 5}, image_size=64),
        classes=TWO_SETS,
        stage_one_classes={"genre": CLASSES_OF_ONE},
        base_width=8,
    )
    maps = [(32, 32, 16), (16, 16, 32), (16, 16, 32), *[(16, 16, 32)] * 4]
    enlarged = [(32, 32, 32), (64, 64, 16), (128, 128, 8)]
    assert shapes(model, FusedBatchNormalization) == [*maps, *enlarged]
    assert shapes(model, ConditionalGate) == [(32, 32, 16), (64, 64, 8), (128, 128, 4)]
    assert model.output_shape == (None, 128, 128, 3)
    encoder = (27 * 8 + 8) + 16 * (8 * 16 + 16 * 32) + 9 * (32 + 5) * 32
    residual = 4 * 9 * 32 * 32
    decoder = 9 * (32 * 32 + 16 * 16 + 8 * 8) + (9 * 4 * 3 + 3)
    gates = 5 * (32 + 16 + 8)
    normalizations = 2 * (16 + 32 + 32 + 4 * 32 + 32 + 16 + 8)
    assert trainable_size(model) == encoder + residual + decoder + gates + normalizations


def test_a_residual_block_whose_last_normalization_is_silent_passes_its_input():
    model = build()
    (added,) = [layer for layer in model.layers if isinstance(layer, keras.layers.Add)]
    direct, refined = added.input
    silent = refined._keras_history.operation
    silent.set_weights([np.zeros_like(weight) for weight in silent.get_weights()])
    after = next(
        x for x in model.layers if isinstance(x, keras.layers.ReLU) and x.input is added.output
    )
    before, passed = keras.Model(model.inputs, [direct, after.output])(inputs())
    assert np.abs(before).max() > 0
    np.testing.assert_allclose(passed, before, atol=1e-6)
    # The first convolution, two that halve, the join of the labels, and two in the block.
    assert len(shapes(model, keras.layers.ReLU)) == 1 + 2 + 1 + 2


def test_stage_one_draws_its_own_pictures_of_the_translated_classes_even_in_training():
    one = stage_one()
    model = stackgan_generator(
        one, classes=TWO_SETS, stage_one_classes={"genre": CLASSES_OF_ONE}, **TINY
    )
    layer = model.get_layer("stage_one")
    latents, genres, styles = inputs()
    drawn = keras.Model(model.inputs, layer.output)([latents, genres, styles], training=True)
    np.testing.assert_allclose(drawn, one([latents, np.take(CLASSES_OF_ONE, genres)]), atol=1e-6)
    assert not layer.trainable_weights
    assert {id(weight) for weight in layer.weights} <= {id(weight) for weight in model.weights}


def test_pictures_of_a_sigmoid_reach_the_second_stage_from_minus_one_to_one():
    latent = keras.Input((2,))
    one = keras.Model(latent, keras.layers.Reshape((1, 1, 2))(latent))
    drawn = StageOne(one, image_range=(0.0, 1.0))(np.float32([[0.0, 0.75]]))
    np.testing.assert_allclose(drawn[0, 0, 0], [-1.0, 0.5])


def test_its_inputs_may_be_a_list_or_a_tuple():
    latent, genre = keras.Input((2,)), keras.Input((3,))
    drawn = keras.layers.Reshape((1, 1, 5))(keras.layers.Concatenate()([latent, genre]))
    layer = StageOne(keras.Model([latent, genre], drawn), classes={"genre": [2, 0]})
    inputs = np.float32([[0.0, 0.5]]), np.float32([[0.0, 1.0]])
    np.testing.assert_array_equal(layer(inputs), layer([*inputs]))
    shapes = [(None, 2), (None, 2)]
    for kind in (list, tuple):
        assert layer.compute_output_shape(kind(shapes)) == (None, 1, 1, 5)
    assert layer.compute_output_shape((None, 2)) == (None, 1, 1, 5)


def test_with_skip_a_silent_last_convolution_leaves_stage_ones_picture_enlarged():
    model = build(skip=True)
    last = next(x for x in model.layers[::-1] if isinstance(x, keras.layers.Conv2D))
    last.set_weights([np.zeros_like(weight) for weight in last.get_weights()])
    picture = keras.Model(model.inputs, model.get_layer("stage_one").output)(inputs())
    enlarged = keras.layers.UpSampling2D(2, interpolation="bilinear")(picture)
    np.testing.assert_allclose(model(inputs()), np.clip(enlarged, -0.99, 0.99), atol=1e-4)
    x = np.float32([-1.0, -0.3, 0.0, 0.8])
    np.testing.assert_allclose(InverseTanh()(x), np.arctanh(np.clip(x, -0.99, 0.99)), atol=1e-6)


def test_both_label_sets_change_the_picture():
    model, (latents, genres, styles) = build(kernel_stddev=0.3), inputs()
    first = model([latents, genres, styles]).numpy()
    for labels in ([(genres + 1) % 3, styles], [genres, 1 - styles]):
        assert np.abs(model([latents, *labels]) - first).max(axis=(1, 2, 3)).min() > 1e-4


def test_network_is_rebuilt_from_its_json():
    model = build(skip=True)
    assert_rebuilt_from_json(model)
    again = keras.models.model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    given = inputs()
    np.testing.assert_array_equal(again(given), model(given))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image_size": 96}, "one of .*256.* Received: image_size=96"),
        ({"one": {"image_size": 64}}, "side, 64, doubled once or more. Received: image_size=64"),
        ({"one": {"channels": 1}}, "same channels. Received: stage one with 1, channels=3"),
        ({"classes": {"style": 2}}, "5 classes of 'genre', .* Received: classes={'style': 2}"),
        ({"classes": {"genre": 3}, "stage_one_classes": {"genre": [0, 1, 5]}}, "among them"),
        ({"classes": {"genre": 6}}, "5 classes of 'genre'.*'genre': 6"),
    ],
)
def test_stages_that_do_not_fit_are_refused(options, message):
    one = stage_one(**options.pop("one", {}))
    with pytest.raises(ValueError, match=message):
        stackgan_generator(one, **{"classes": {"genre": 5}, **TINY, **options})


def test_freezing_and_setting_free_leaves_the_first_stage_frozen():
    model = build()
    before = trainable_size(model)
    model.trainable = False
    assert trainable_size(model) == 0
    model.trainable = True
    assert trainable_size(model) == before
