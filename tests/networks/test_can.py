import keras
import numpy as np
import pytest

from kerasgan.layers import CPUConv2D, FusedBatchNormalization, MinMaxScaling
from kerasgan.networks import can_discriminator, can_generator
from tests.networks.checks import (
    assert_gradients_of_gradients_are_finite,
    assert_heads_are_float32_under_mixed_precision,
    assert_rebuilt_from_json,
    images_for,
    inputs_of,
    shapes,
    trainable_size,
)

RNG = np.random.default_rng(0)
STYLES = {"style": 7}
TINY = {"image_size": 32, "dense_width": 8, "base_width": 2}


def test_generator_has_the_rows_of_the_papers_table():
    model = can_generator()
    assert model.input_shape == (None, 100)
    assert shapes(model, keras.layers.Dense) == [(1024,), (8 * 8 * 128,)]
    assert shapes(model, keras.layers.Reshape) == [(8, 8, 128)]
    doubled = [(16, 16, 64), (32, 32, 32), (64, 64, 3)]
    assert shapes(model, keras.layers.Conv2DTranspose) == doubled
    assert model.output_shape == (None, 64, 64, 3)
    assert model.layers[-1].activation is keras.activations.sigmoid
    assert not shapes(model, FusedBatchNormalization)


def test_generator_has_the_papers_number_of_parameters():
    dense = (100 + 1) * 1024 + (1024 + 1) * 8192
    convolutions = sum(
        25 * before * after + after for before, after in [(128, 64), (64, 32), (32, 3)]
    )
    assert trainable_size(can_generator()) == dense + convolutions == 8_758_723


def test_each_image_spans_the_sigmoid_of_the_interval():
    model = can_generator(**TINY)
    model.layers[-3].kernel.assign(model.layers[-3].kernel * 100.0)
    images = model(inputs_of(model)).numpy()
    low, high = 1 / (1 + np.exp(4)), 1 / (1 + np.exp(-4))
    np.testing.assert_allclose(images.min((1, 2, 3)), low, rtol=1e-4)
    np.testing.assert_allclose(images.max((1, 2, 3)), high, rtol=1e-4)


def test_interval_is_an_option():
    (scaling,) = [x for x in can_generator(logit_range=2.5, **TINY).layers if "min_max" in x.name]
    assert (scaling.low, scaling.high) == (-2.5, 2.5)
    for none in (None, 0.0):
        assert not shapes(can_generator(logit_range=none, **TINY), MinMaxScaling)


def test_refinements_are_convolutions_at_the_side_of_each_hidden_map():
    plain, refined = can_generator(**TINY), can_generator(refinements=2, **TINY)
    assert shapes(refined, CPUConv2D) == [(8, 8, 4)] * 2 + [(16, 16, 2)] * 2
    further = sum(2 * (9 * width * width + width) for width in (4, 2))
    assert trainable_size(refined) == trainable_size(plain) + further
    with pytest.raises(ValueError, match="Received: refinements=-1"):
        can_generator(refinements=-1, **TINY)


def test_batch_normalization_replaces_the_biases_before_every_hidden_activation():
    model = can_generator(normalization="batch", **TINY)
    assert len(shapes(model, FusedBatchNormalization)) == len(shapes(model, keras.layers.LeakyReLU))
    *hidden, last = [x for x in model.layers if hasattr(x, "use_bias")]
    assert not any(layer.use_bias for layer in hidden)
    assert last.use_bias
    assert model(inputs_of(model)).shape == (3, 32, 32, 3)


def test_discriminator_has_the_rows_of_the_papers_table():
    model = can_discriminator(classes=STYLES)
    assert model.input_shape == (None, 64, 64, 3)
    assert shapes(model, keras.layers.Conv2D) == [(64, 64, 32), (32, 32, 64), (16, 16, 128)]
    pooled = [(32, 32, 32), (16, 16, 64), (8, 8, 128)]
    assert shapes(model, keras.layers.AveragePooling2D) == pooled
    assert model.get_layer("features").output.shape == (None, 8192)
    assert sorted(shapes(model, keras.layers.Dense)) == [(1,), (7,), (1024,), (1024,)]
    assert model.output_shape == [(None, 1), (None, 7)]
    assert model.output_names == ["scores", "style"]


def test_discriminator_has_the_papers_number_of_parameters():
    convolutions = sum(
        25 * before * after + after for before, after in [(3, 32), (32, 64), (64, 128)]
    )
    stacks = 2 * (8192 + 1) * 1024 + (1024 + 1) * (1 + 7)
    assert trainable_size(can_discriminator(classes=STYLES)) == convolutions + stacks == 17_046_088


def test_stacks_run_in_parallel_from_the_features():
    model = can_discriminator(classes=STYLES, **TINY)
    images = images_for(model)
    before = [output.numpy() for output in model(images)]
    for name, changed in (("scores", 0), ("style", 1)):
        hidden = model.get_layer(name).input
        dense = next(x for x in model.layers if x.output is hidden).input
        layer = next(x for x in model.layers if x.output is dense)
        layer.kernel.assign(-layer.kernel)
        after = [output.numpy() for output in model(images)]
        layer.kernel.assign(-layer.kernel)
        differ = [not np.array_equal(x, y) for x, y in zip(before, after, strict=True)]
        assert differ == [changed == 0, changed == 1]


@pytest.mark.parametrize("minibatch_stddev", [False, True])
def test_without_classes_there_are_scores_only_and_features(minibatch_stddev):
    model = can_discriminator(**TINY, minibatch_stddev=minibatch_stddev)
    assert model.output_shape == (None, 1)
    assert len(model.get_layer("features").output.shape) == 2


@pytest.mark.parametrize(
    "option", [{"minibatch_stddev": True}, {"minibatch_discrimination": 3}, {}]
)
def test_diversity_layers_let_the_scores_and_not_the_logits_see_the_neighbours(option):
    model = can_discriminator(classes=STYLES, **option, **TINY)
    images = images_for(model, batch=4)
    scores, logits = model(images)
    alone, logits_alone = model(images[:1])
    assert (abs(float(scores[0, 0] - alone[0, 0])) > 1e-5) == bool(option)
    np.testing.assert_allclose(logits[:1], logits_alone, atol=1e-5)


def test_both_diversity_layers_work_together():
    model = can_discriminator(
        classes={"style": 7, "genre": 3}, minibatch_stddev=True, minibatch_discrimination=5, **TINY
    )
    assert model.get_layer("scores").input.shape == (None, 8)
    # 8x8 maps of 4 channels, one map of the deviation, and five sums.
    assert (8 * 8 * 5 + 5, 8) in [weight.shape for weight in model.weights]
    assert model.output_names == ["scores", "style", "genre"]
    assert_gradients_of_gradients_are_finite(model)


@pytest.mark.parametrize(("image_size", "width"), [(32, 4), (64, 8), (128, 16)])
def test_each_doubling_of_the_size_doubles_the_widest_map(image_size, width):
    options = {"image_size": image_size, "dense_width": 8, "base_width": 2, "channels": 1}
    generator = can_generator(**options)
    assert generator.output_shape == (None, image_size, image_size, 1)
    assert shapes(generator, keras.layers.Reshape) == [(8, 8, width)]
    discriminator = can_discriminator(**options)
    assert shapes(discriminator, keras.layers.AveragePooling2D)[-1] == (8, 8, width)


def test_gradient_penalty_is_differentiable():
    assert_gradients_of_gradients_are_finite(can_discriminator(classes=STYLES, **TINY))


def test_heads_are_float32_under_mixed_precision():
    assert_heads_are_float32_under_mixed_precision(
        lambda: can_generator(normalization="batch", **TINY), keras.layers.Conv2DTranspose
    )
    assert_heads_are_float32_under_mixed_precision(
        lambda: can_discriminator(classes=STYLES, minibatch_discrimination=2, **TINY),
        keras.layers.Conv2D,
    )


def test_networks_are_rebuilt_from_their_json():
    assert_rebuilt_from_json(can_generator(**TINY))
    assert_rebuilt_from_json(
        can_discriminator(classes=STYLES, minibatch_stddev=True, minibatch_discrimination=2, **TINY)
    )


def test_bad_options_are_named():
    with pytest.raises(ValueError, match="Received: logit_range=-4"):
        can_generator(logit_range=-4.0)
    with pytest.raises(ValueError, match="Received: minibatch_discrimination=-1"):
        can_discriminator(minibatch_discrimination=-1)
    for build in (can_generator, can_discriminator):
        with pytest.raises(ValueError, match=r"64.* Received: image_size=100"):
            build(image_size=100)
