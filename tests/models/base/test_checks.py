import re

import keras
import numpy as np
import pytest

from kerasgan.argument_checks import check_between, check_not_negative, check_positive, whole_number
from kerasgan.errors import UserError
from kerasgan.models import GAN
from kerasgan.models.base.checks import check_players, warn_if_it_normalizes_batches
from kerasgan.precision import dtype_policy


@pytest.mark.parametrize("value", [1, 7, np.int64(3), np.uint8(200)])
def test_whole_numbers_are_taken_as_they_are(value):
    found = whole_number("n", value, least=1)
    assert (type(found), found) == (int, int(value))


@pytest.mark.parametrize("value", [0, -1, 2.0, float("nan"), "3", None, [1], True])
def test_others_are_refused_by_name(value):
    message = rf"^n_critic .*at least 1\. Received: n_critic={re.escape(repr(value))}$"
    with pytest.raises(ValueError, match=message):
        whole_number("n_critic", value, least=1)


def test_weights_are_zero_or_more():
    check_not_negative(one=0.0, other=3)
    for value in (-0.1, float("nan")):
        with pytest.raises(ValueError, match=rf"^other .*Received: other={value}$"):
            check_not_negative(one=0.0, other=value)


class Within(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.inner = keras.layers.BatchNormalization()

    def call(self, inputs):
        return self.inner(inputs)


@pytest.mark.parametrize("layer", [keras.layers.BatchNormalization, Within])
def test_batch_normalization_is_warned_of_wherever_it_lies(layer):
    network = keras.Sequential([keras.Input((4,)), layer(), keras.layers.Dense(1)], name="mine")
    with pytest.warns(UserWarning, match="'mine'"):
        warn_if_it_normalizes_batches(network)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "layer", [keras.layers.LayerNormalization, keras.layers.GroupNormalization]
)
def test_normalization_of_each_image_is_not_warned_of(layer):
    options = {"groups": 2} if layer is keras.layers.GroupNormalization else {}
    network = keras.Sequential([keras.Input((4,)), layer(**options), keras.layers.Dense(1)])
    warn_if_it_normalizes_batches(network)


def players(*, scores=1):
    generator = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(4, "tanh"), keras.layers.Reshape((2, 2, 1))]
    )
    layers = [keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(scores)]
    return generator, keras.Sequential(layers, name="mine")


def test_networks_that_end_in_half_precision_are_refused_by_their_last_layer():
    check_players(*players())
    with (
        dtype_policy("mixed_bfloat16"),
        pytest.raises(ValueError, match=r"generator=.*'reshape.*bfloat16"),
    ):
        check_players(*players())


def test_a_discriminator_has_one_score():
    with pytest.raises(ValueError, match=r"'mine' with 2$"):
        check_players(*players(scores=2))


@pytest.mark.parametrize("value", ["3", None, [1]])
def test_a_weight_that_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match=re.escape(f"Received: one={value!r}")):
        check_not_negative(one=value)


def test_an_integer_without_a_least_may_be_negative_and_no_fraction():
    assert whole_number("seed", -3) == -3
    for value in (1.5, None):
        message = re.escape(f"seed must be an integer. Received: seed={value}")
        with pytest.raises(ValueError, match=message):
            whole_number("seed", value)


def nested(network):
    return keras.Sequential([keras.Input(network.inputs[0].shape[1:]), network], name="outer")


def ending_in(layer):
    generator, discriminator = players()
    scores = layer(discriminator.outputs[0])
    return generator, keras.Model(discriminator.inputs[0], scores, name="mine")


@pytest.mark.parametrize(
    "layer",
    [
        keras.layers.Activation("sigmoid"),
        keras.ops.sigmoid,
        keras.layers.ReLU(),
        keras.layers.LeakyReLU(),
        keras.ops.tanh,
    ],
    ids=["Activation", "ops.sigmoid", "ReLU", "LeakyReLU", "ops.tanh"],
)
def test_a_discriminator_that_ends_in_an_activation_is_refused_also_within_another(layer):
    generator, discriminator = ending_in(layer)
    for network in (discriminator, nested(discriminator), nested(nested(discriminator))):
        with pytest.raises(ValueError, match="last layers must be linear"):
            check_players(generator, network)


@pytest.mark.parametrize(
    "after", [keras.layers.Reshape((1,)), keras.layers.Activation("linear", dtype="float32")]
)
def test_an_activation_is_found_behind_what_only_arranges_values(after):
    generator, discriminator = ending_in(keras.layers.Dense(1, "sigmoid", name="judge"))
    network = keras.Model(discriminator.inputs[0], after(discriminator.outputs[0]))
    with pytest.raises(ValueError, match=r"must be linear.*'judge' and activation 'sigmoid'"):
        check_players(generator, network)


def test_a_linear_discriminator_within_another_is_taken():
    generator, discriminator = players()
    check_players(generator, nested(nested(discriminator)))


class Subclassed(keras.Model):
    def __init__(self, *layers):
        super().__init__()
        self.all = layers

    def call(self, inputs):
        for layer in self.all:
            inputs = layer(inputs)
        return inputs


def wrapped(shape, *layers):
    inputs = keras.Input(shape)
    return keras.Model(inputs, Subclassed(*layers)(inputs))


def test_a_subclassed_model_plays_in_a_functional_one():
    dense = keras.layers.Dense(4, "sigmoid")
    generator = wrapped((2,), dense, keras.layers.Reshape((2, 2, 1)))
    discriminator = wrapped((2, 2, 1), keras.layers.Flatten(), keras.layers.Dense(1))
    with pytest.raises(ValueError, match="or the range be given as image_range="):
        GAN(generator, discriminator)
    gan = GAN(generator, discriminator, image_range=(0, 1))
    gan.compile(run_eagerly=True)
    before = dense.kernel.numpy()
    gan.fit(np.zeros((4, 2, 2, 1), np.float32), batch_size=2, verbose=0)
    assert (dense.kernel.numpy() != before).any()


def test_a_penalty_on_outputs_is_refused_by_its_layer():
    generator, discriminator = players()
    penalized = keras.layers.Dense(1, activity_regularizer="l2", name="penalized")
    scores = penalized(discriminator.outputs[0])
    with pytest.raises(ValueError, match="'penalized'"):
        check_players(generator, keras.Model(discriminator.inputs[0], scores))


def test_networks_with_more_or_other_ends_are_refused():
    generator, discriminator = players()
    images, latent = generator.outputs[0], generator.inputs[0]
    second = keras.Input((2, 2, 1), name="second")
    both = keras.layers.Add()([discriminator.inputs[0], second])
    taking_two = keras.Model([discriminator.inputs[0], second], keras.layers.Flatten()(both))
    label = keras.Input((3,), name="genre")
    shift = keras.layers.Reshape((1, 1, 1))(keras.layers.Dense(1)(label))
    conditional = keras.Model([latent, label], keras.layers.Add()([images, shift]))
    square = keras.Input((4, 4, 2))
    painter = keras.Model(square, keras.layers.Conv2D(1, 3)(square))
    row = keras.layers.Flatten()(images)
    scorer = keras.Sequential([keras.Input((row.shape[-1],)), keras.layers.Dense(1)])
    for one, other, message in (
        (keras.Model(latent, [images, images]), discriminator, "one output.*Received: 2 outputs"),
        (generator, taking_two, "one input.*Received: 2 inputs"),
        (conditional, discriminator, r"'genre' of shape \(None, 3\)"),
        (painter, discriminator, r"an input of shape \(None, 4, 4, 2\)"),
        (keras.Model(latent, row), scorer, r"images \(batch, height.*Received: .* \(None, \d+\)"),
        (keras.Model(latent, {"images": images}), discriminator, r"a dict with .*\['images'\]"),
    ):
        with pytest.raises(ValueError, match=message):
            check_players(one, other)


def test_an_integer_may_have_a_most():
    assert whole_number("upscale", 16, least=1, most=16) == 16
    with pytest.raises(UserError, match=r"^upscale must be an integer from 1 to 16\. Received"):
        whole_number("upscale", 17, least=1, most=16)


@pytest.mark.parametrize(
    ("ends", "inside", "outside"),
    [("[)", [0.0, 0.5], [1.0]), ("(]", [0.5, 1.0], [0.0]), ("()", [0.5], [0.0, 1.0])],
)
def test_a_number_is_in_an_interval_that_has_its_ends_or_not(ends, inside, outside):
    for value in inside:
        check_between(0.0, 1.0, ends, rate=value)
    for value in [*outside, -0.1, 1.1, float("nan"), "0.5", None]:
        said = re.escape(f"rate must be in {ends[0]}0, 1{ends[1]}. Received: rate={value!r}")
        with pytest.raises(ValueError, match=f"^{said}$"):
            check_between(0.0, 1.0, ends, rate=value)


def test_a_positive_number_is_above_0():
    check_positive(clip_value=1e-9)
    for value in (0.0, -1.0, float("nan"), "1", None):
        with pytest.raises(ValueError, match=rf"Received: clip_value={re.escape(repr(value))}$"):
            check_positive(clip_value=value)
