import inspect

import pytest

from kerasgan import models, networks
from kerasgan.recipes.values import NETWORK, OBJECTIVE

SIZES = {"image_size", "channels", "latent_dim", "label_dim", "width", "dense_width"}
SIZES |= {"base_width", "depth", "kernel_size", "smallest", "feature_size"}
COUNTS = {"minibatch_discrimination", "octaves", "directions", "mapping_depth"}
# They are checked after the sizes.
OTHERS = {"classes": {"genre": 2}, "stage_one": None}
BUILDERS = {
    name: inspect.signature(getattr(networks, name)).parameters for name in networks.__all__
}


@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize("value", [0, -3, 2.5, 64.0, True])
def test_every_builder_names_a_size_that_is_not_a_whole_number_above_zero(builder, value):
    parameters = BUILDERS[builder]
    needed = {name: OTHERS[name] for name in parameters if name in OTHERS}
    # The sizes of a second stage's images depend on those of the first.
    names = SIZES.intersection(parameters) - ({"image_size"} if "stage_one" in needed else set())
    assert names
    for name in names:
        with pytest.raises(ValueError, match=rf"{name} must be.*Received: .*{name}={value}"):
            getattr(networks, builder)(**{**needed, name: value})


@pytest.mark.parametrize("value", [-3, 2.5, 4.0, True])
@pytest.mark.parametrize(
    ("builder", "name"),
    [(builder, name) for builder, has in BUILDERS.items() for name in has if name in COUNTS],
)
def test_every_builder_names_a_count_that_is_not_a_whole_number(builder, name, value):
    needed = {each: OTHERS[each] for each in BUILDERS[builder] if each in OTHERS}
    with pytest.raises(ValueError, match=rf"{name} must be.*Received: .*{name}={value}"):
        getattr(networks, builder)(**{**needed, name: value})


# A value out of the range of each number that is neither a size nor a count.
NUMBERS = {
    "batch_norm_epsilon": 0.0,
    "batch_norm_momentum": 1.0,
    "class_dropout": 1.0,
    "coordinate_scale": 0.0,
    "dropout": -0.1,
    "kernel_stddev": 0.0,
    "latent_scale": -1.0,
    "leak": 1.0,
    "logit_range": -1.0,
    "projection_seed": -1,
    "refinements": -1,
    "scales": 5,
    "weight_stddev": -1.0,
}
NUMBERED = [(builder, name) for builder, has in BUILDERS.items() for name in has if name in NUMBERS]


@pytest.mark.parametrize(("builder", "name"), NUMBERED)
def test_every_builder_names_its_own_argument_and_not_that_of_a_layer(builder, name):
    needed = {each: OTHERS[each] for each in BUILDERS[builder] if each in OTHERS}
    if "stage_one" in needed:
        needed["stage_one"] = networks.pokemon_generator(image_size=32, base_width=1)
    value = NUMBERS[name]
    with pytest.raises(ValueError, match=rf"^{name} must be.*Received: {name}={value}"):
        getattr(networks, builder)(**{**needed, name: value})


def test_every_number_of_a_builder_and_of_an_objective_has_a_range_in_recipes():
    objectives = [getattr(models, name) for name in models.__all__]
    parameters = {
        name: each
        for cls in objectives
        if issubclass(cls, models.AdversarialModel)
        for name, each in inspect.signature(cls).parameters.items()
    }
    assert _numbers(parameters) - {"seed"} <= set(OBJECTIVE)
    parameters = {name: each for has in BUILDERS.values() for name, each in has.items()}
    assert _numbers(parameters) | set(NUMBERS) | SIZES | COUNTS <= set(NETWORK)


def _numbers(parameters):
    return {name for name, each in parameters.items() if type(each.default) in (int, float)}
