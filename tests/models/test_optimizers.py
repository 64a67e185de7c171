import keras
import numpy as np
import pytest

from kerasgan.models.optimizers import optimizer_for
from kerasgan.precision import dtype_policy


@pytest.mark.parametrize(
    "identifier",
    [
        "rmsprop",
        keras.optimizers.RMSprop(0.001),
        keras.optimizers.serialize(keras.optimizers.RMSprop(0.001)),
    ],
    ids=["name", "optimizer", "configuration"],
)
def test_each_way_to_name_an_optimizer_gives_it_built(linear_generator, identifier):
    network = linear_generator()
    optimizer = optimizer_for(network, identifier)
    assert isinstance(optimizer, keras.optimizers.RMSprop)
    assert optimizer.built
    np.testing.assert_allclose(optimizer.learning_rate, 0.001)
    shapes = [variable.shape for variable in optimizer.variables]
    assert all(weight.shape in shapes for weight in network.trainable_variables)


def test_unknown_name_is_refused(linear_generator):
    with pytest.raises(ValueError, match="adamm"):
        optimizer_for(linear_generator(), "adamm")


@pytest.mark.parametrize(
    ("policy", "scales"),
    [("float32", False), ("mixed_bfloat16", False), ("mixed_float16", True)],
)
def test_losses_are_scaled_only_for_float16(linear_generator, policy, scales):
    with dtype_policy(policy):
        network = linear_generator()
    optimizer = optimizer_for(network, "sgd")
    assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer) == scales
    again = optimizer_for(network, keras.optimizers.serialize(optimizer))
    assert type(again) is type(optimizer)
    assert not (scales and isinstance(again.inner_optimizer, keras.optimizers.LossScaleOptimizer))
