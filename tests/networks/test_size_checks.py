import inspect

import pytest

from kerasgan import networks

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
