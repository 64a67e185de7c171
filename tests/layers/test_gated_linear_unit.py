import numpy as np
import pytest

from kerasgan.layers import GatedLinearUnit


def test_is_the_first_half_times_the_sigmoid_of_the_second():
    x = np.random.default_rng(0).normal(size=(2, 3, 3, 8)).astype("float32")
    layer = GatedLinearUnit()
    np.testing.assert_allclose(layer(x), x[..., :4] / (1 + np.exp(-x[..., 4:])), rtol=1e-5)
    assert layer.compute_output_shape(x.shape) == (2, 3, 3, 4)


def test_an_odd_number_of_channels_is_refused():
    with pytest.raises(ValueError, match="even number of channels"):
        GatedLinearUnit()(np.zeros((1, 3), "float32"))
