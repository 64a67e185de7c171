import keras
import numpy as np
import pytest

from kerasgan.layers import UpConv2D
from kerasgan.networks.can import can_generator
from kerasgan.networks.gangogh import gangogh_generator
from kerasgan.networks.pokemon import pokemon_generator
from kerasgan.networks.strided_convolution import downsample, upsample


def middles(operation, other_side, kernel_size, side=8):
    """For each place of the smaller map, the middle of its pixels in the larger one."""
    inputs = keras.Input((side, side, 1))
    options = {"kernel_initializer": "ones", "use_bias": False}
    outputs = operation(inputs, 1, kernel_size, other_side=other_side, **options)
    model = keras.Model(inputs, outputs)
    probes = np.eye(side, dtype="float32")[:, :, None, None] * np.ones((1, 1, side, 1), "float32")
    answers = model(probes).numpy().sum((2, 3))
    if operation is downsample:
        answers = answers.T
    if other_side:  # The smaller map is turned.
        answers = answers[::-1]
    return (answers * np.arange(answers.shape[1])).sum(1) / answers.sum(1)


@pytest.mark.parametrize("kernel_size", [3, 5])
@pytest.mark.parametrize(("other_side", "shift"), [(False, 0.5), (True, -0.5)])
def test_odd_kernels_shift_by_half_a_pixel_to_the_chosen_side(kernel_size, other_side, shift):
    # Of a doubling's two pixels for each place, the middle of place 3's is 6.5.
    assert middles(upsample, other_side, kernel_size)[3] - 6.5 == pytest.approx(shift)
    assert middles(downsample, other_side, kernel_size)[2] - 4.5 == pytest.approx(shift)


def test_even_kernels_have_no_sides():
    for operation in (upsample, downsample):
        for kernel_size in (2, 4):
            sides = (middles(operation, x, kernel_size) for x in (True, False))
            np.testing.assert_allclose(*sides, rtol=1e-6)


@pytest.mark.parametrize("kernel_size", [1, 2, 3, 4, 5, 7])
@pytest.mark.parametrize("other_side", [False, True])
def test_sides_are_halved_and_doubled(kernel_size, other_side):
    x = keras.Input((8, 8, 1))
    assert downsample(x, 2, kernel_size, other_side=other_side).shape == (None, 4, 4, 2)
    assert upsample(x, 2, kernel_size, other_side=other_side).shape == (None, 16, 16, 2)


@pytest.mark.parametrize("side", [4, 16])
def test_a_flat_map_has_no_checkerboard_after_nearest_upsampling(side):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((side, side, 3))
    network = keras.Model(inputs, upsample(inputs, 2, 3, upsampling="nearest"))
    inner = network(np.ones((1, side, side, 3), "float32")).numpy()[0, 2:-2, 2:-2]
    np.testing.assert_allclose(inner, np.broadcast_to(inner[0, 0], inner.shape), rtol=1e-5)


@pytest.mark.parametrize("build", [can_generator, pokemon_generator, gangogh_generator])
def test_generators_double_by_either_way(build):
    options = {"classes": {"genre": 2}} if build is gangogh_generator else {}
    count = sum(
        isinstance(layer, UpConv2D)
        for layer in build(
            image_size=32, base_width=2, kernel_size=3, upsampling="nearest", **options
        ).layers
    )
    assert count == (2 if build is can_generator else 3)
    with pytest.raises(ValueError, match="upsampling='bilinear'"):
        build(image_size=32, upsampling="bilinear", **options)
    with pytest.raises(ValueError, match="kernel_size=4"):
        build(image_size=32, base_width=2, kernel_size=4, upsampling="nearest", **options)
