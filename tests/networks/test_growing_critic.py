import keras
import numpy as np
import pytest

from kerasgan.networks import cppn_critic, growing_cppn_critic
from kerasgan.networks.growing_critic import critic_at, critic_sizes
from tests.networks.checks import (
    assert_gradients_of_gradients_are_finite,
    assert_heads_are_float32_under_mixed_precision,
    assert_rebuilt_from_json,
)

RNG = np.random.default_rng(0)
OPTIONS = {"channels": 3, "kernel_size": 3, "leak": 0.01}


@pytest.fixture(scope="module")
def critic():
    """Of images of 8, 16 and 32; the layers of 16 and 32 are not faded in."""
    return growing_cppn_critic(image_size=32, smallest=8, base_width=2, **OPTIONS)


def images(side):
    return RNG.uniform(size=(2, side, side, 3)).astype("float32")


def halved(x):
    return x.reshape(len(x), x.shape[1] // 2, 2, x.shape[2] // 2, 2, 3).mean((2, 4))


def plain(critic, side):
    """The critic of one size from `cppn_critic`, with the growing one's weights."""
    model = cppn_critic(image_size=side, base_width=2 * 32 // side, **OPTIONS)
    names = [f"entry_{side}", *(f"block_{s}" for s in (16, 8) if s < side), "scores"]
    model.set_weights([w for name in names for w in critic.get_layer(name).get_weights()])
    return model


def fade(critic, **amounts):
    for size in (16, 32):
        critic.get_layer(f"fade_{size}").amount.assign(amounts.get(f"to_{size}", 0.0))


@pytest.mark.parametrize("side", [8, 16, 32])
def test_each_size_has_the_plain_critic_once_it_is_faded_in(critic, side):
    fade(critic, to_16=float(side >= 16), to_32=float(side >= 32))
    seen = whole = images(32)
    while seen.shape[1] > side:
        seen = halved(seen)
    expected = plain(critic, side)(seen)
    np.testing.assert_allclose(critic_at(critic, side)(seen), expected, atol=1e-5)
    # The critic of all sizes sees the same in images that have not been averaged.
    np.testing.assert_allclose(critic(whole), expected, atol=1e-5)


def test_a_layer_is_faded_in_between_the_maps_of_two_sizes(critic):
    fade(critic, to_16=0.25)
    x = images(16)
    small, large = plain(critic, 8), plain(critic, 16)
    maps = [
        keras.Model(model.input, model.get_layer("features").output)(seen)
        for model, seen in ((large, x), (small, halved(x)))
    ]
    kernel, bias = critic.get_layer("scores").get_weights()
    expected = (0.25 * maps[0] + 0.75 * maps[1]) @ kernel + bias
    np.testing.assert_allclose(critic_at(critic, 16)(x), expected, atol=1e-5)


def test_critics_of_all_sizes_share_their_weights_and_the_model_has_them_all(critic):
    assert critic_sizes(critic) == [8, 16, 32]
    other = keras.Sequential([keras.Input((8,))])
    for name in ("entry_8", "entry_of_mine", "entry_", "entry_08", "my_entry_16"):
        other.add(keras.layers.Dense(1, name=name))
    assert critic_sizes(other) == [8]
    known = {id(weight) for weight in critic.weights}
    assert all({id(w) for w in critic_at(critic, size).weights} <= known for size in (8, 16, 32))
    assert len(critic.weights) == 2 * (3 + 2 + 1) + 2


def test_gradient_penalty_is_differentiable(critic):
    assert_gradients_of_gradients_are_finite(critic_at(critic, 16))


def test_network_is_rebuilt_from_its_json(critic):
    assert_rebuilt_from_json(critic)


def test_heads_are_float32_under_mixed_precision():
    def build():
        return growing_cppn_critic(image_size=16, smallest=8, base_width=2)

    assert_heads_are_float32_under_mixed_precision(build, keras.layers.Conv2D)


@pytest.mark.parametrize(("smallest", "image_size"), [(4, 16), (16, 16), (12, 24), (8, 48)])
def test_other_sizes_are_refused(smallest, image_size):
    with pytest.raises(ValueError, match=f"Received: smallest={smallest}, image_size={image_size}"):
        growing_cppn_critic(smallest=smallest, image_size=image_size)
