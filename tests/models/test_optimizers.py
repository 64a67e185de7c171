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
    optimizer = optimizer_for(identifier, network)
    assert isinstance(optimizer, keras.optimizers.RMSprop)
    assert optimizer.built
    np.testing.assert_allclose(optimizer.learning_rate, 0.001)
    shapes = [variable.shape for variable in optimizer.variables]
    assert all(weight.shape in shapes for weight in network.trainable_variables)


def test_unknown_name_is_refused(linear_generator):
    with pytest.raises(ValueError, match="adamm"):
        optimizer_for("adamm", linear_generator())


@pytest.mark.parametrize(
    ("policy", "scales"),
    [("float32", False), ("mixed_bfloat16", False), ("mixed_float16", True)],
)
def test_losses_are_scaled_only_for_float16(linear_generator, policy, scales):
    with dtype_policy(policy):
        network = linear_generator()
    optimizer = optimizer_for("sgd", network)
    assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer) == scales
    again = optimizer_for(keras.optimizers.serialize(optimizer), network)
    assert type(again) is type(optimizer)
    assert not (scales and isinstance(again.inner_optimizer, keras.optimizers.LossScaleOptimizer))


def test_an_optimizer_of_several_networks_has_slots_for_all_of_them(
    linear_generator, linear_encoder
):
    networks = linear_encoder(), linear_generator()
    optimizer = optimizer_for(keras.optimizers.SGD(0.1, momentum=0.5), *networks)
    weights = [weight for network in networks for weight in network.trainable_variables]
    optimizer.apply([2.0 * weight.value for weight in weights], weights)
    slots = [slot.path for slot in optimizer.variables if "momentum" in slot.path]
    assert len(slots) == len(weights) == 6


@pytest.mark.parametrize("low", [0, 1])
def test_one_float16_network_among_several_is_enough_to_scale_losses(
    linear_generator, linear_encoder, low
):
    def build(number, network):
        with dtype_policy("mixed_float16" if number == low else "float32"):
            return network()

    networks = [build(i, network) for i, network in enumerate((linear_encoder, linear_generator))]
    assert isinstance(optimizer_for("sgd", *networks), keras.optimizers.LossScaleOptimizer)
