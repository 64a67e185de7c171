import re

import keras
import numpy as np
import pytest

from kerasgan.models.base.checks import (
    check_not_negative,
    check_players,
    warn_if_it_normalizes_batches,
)
from kerasgan.precision import dtype_policy
from kerasgan.whole_number import whole_number


@pytest.mark.parametrize("value", [1, 7, np.int64(3), np.uint8(200)])
def test_whole_numbers_are_taken_as_they_are(value):
    found = whole_number("n", value, least=1)
    assert (type(found), found) == (int, int(value))


@pytest.mark.parametrize("value", [0, -1, 2.0, float("nan"), "3", None, [1]])
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
