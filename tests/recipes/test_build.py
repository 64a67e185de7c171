import random

import keras
import msgspec
import numpy as np
import pytest

from kerasgan import networks
from kerasgan.errors import UserError
from kerasgan.layers import MinMaxScaling
from kerasgan.models import GAN, WGAN, HandicapSchedule
from kerasgan.recipes.build import build_model
from kerasgan.recipes.recipe_file import read_recipe, recipe_from_dict


def test_model_is_what_the_recipe_says(recipe):
    model = build_model(recipe("model.clip_value=0.5"))
    assert type(model) is WGAN
    assert (model.n_critic, model.clip_value, model.ema_decay, model.seed) == (2, 0.5, 0.9, 3)
    assert model.latent_dim == 8
    assert model.image_shape == (32, 32, 3)
    assert type(model.generator_optimizer) is keras.optimizers.Adam
    assert type(model.discriminator_optimizer) is keras.optimizers.RMSprop
    np.testing.assert_allclose(model.generator_optimizer.learning_rate.numpy(), 1e-3)
    np.testing.assert_allclose(model.discriminator_optimizer.learning_rate.numpy(), 5e-4)


def test_other_objective_is_built_by_name(recipe):
    other = {"objective": "GAN", "schedule": {"handicap": 2, "generator_loss_below": 1}}
    model = build_model(msgspec.structs.replace(recipe(), model=other))
    assert type(model) is GAN
    assert model.schedule == HandicapSchedule(handicap=2, generator_loss_below=1.0)


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ({"handicap": 0}, r"model\.schedule: .*Received: handicap=0"),
        ({"handicap": 2.5}, r"model\.schedule: .*int.*float.*handicap"),
        ({"handicaps": 2}, r"model\.schedule: .*unknown field .*handicaps"),
        ({"generator_loss_below": "low"}, r"model\.schedule: .*float.*str.*generator_loss_below"),
    ],
)
def test_mistakes_in_a_schedule_are_named(recipe, schedule, message):
    model = {"objective": "GAN", "schedule": schedule}
    with pytest.raises(UserError, match=message):
        build_model(msgspec.structs.replace(recipe(), model=model))


def test_a_schedule_is_no_objective(recipe):
    with pytest.raises(UserError, match="unknown objective 'HandicapSchedule'"):
        build_model(recipe("model.objective=HandicapSchedule"))


def test_networks_are_built_for_the_images_of_the_data(recipe):
    built = recipe("data.image_size=64", "data.channels=1")
    for table in (built.generator, built.discriminator):
        table.pop("image_size", None)
        table.pop("channels", None)
    assert build_model(built).image_shape == (64, 64, 1)


def test_a_recipe_may_ask_for_no_interval_of_the_logits(recipe):
    own = {"network": "can_generator", "base_width": 2, "dense_width": 8, "logit_range": 0.0}
    table = recipe().as_dict() | {"generator": own}
    generator = build_model(recipe_from_dict(table, where="here")).generator
    assert not any(isinstance(layer, MinMaxScaling) for layer in generator.layers)


def test_same_seed_gives_the_same_weights_in_bits_and_another_seed_others(recipe):
    def weights(*overrides):
        model = build_model(recipe(*overrides))
        return [weight.tobytes() for weight in model.get_weights()]

    first = weights()
    keras.utils.set_random_seed(99)
    states = random.getstate(), np.random.get_state()
    assert weights() == first
    # A notebook's own random numbers go on as they were.
    assert random.getstate() == states[0]
    np.testing.assert_array_equal(np.random.get_state()[1], states[1][1])
    assert weights("training.seed=4") != first


def test_precision_is_the_networks_alone(recipe):
    model = build_model(recipe("training.precision=mixed_bfloat16"))
    assert model.discriminator.layers[1].compute_dtype == "bfloat16"
    assert keras.config.dtype_policy().name == "float32"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            "generator.network=cppn_generatr",
            r"\[generator\] unknown network 'cppn_generatr'; did you mean cppn_generator",
        ),
        ("discriminator.network=nothing", r"\[discriminator\] unknown network 'nothing'; known"),
        ("model.objective=WGANN", r"\[model\] unknown objective 'WGANN'; did you mean WGAN"),
        ("model.objective=AdversarialModel", r"\[model\] unknown objective 'AdversarialModel'"),
        ("generator.widht=2", r"unknown key generator\.widht; did you mean width"),
        ("model.n_critics=2", r"unknown key model\.n_critics; did you mean n_critic"),
        ("model.handicap=2", r"unknown key model\.handicap"),
        ("generator.width=wide", r"generator\.width: expected int, got str"),
        ("model.ema_decay=[0.5]", r"model\.ema_decay: expected float . null, got array"),
        ("discriminator.image_size=33", r"\[discriminator\] image_size must be one of"),
    ],
)
def test_mistakes_in_networks_and_model_are_named(recipe, override, message):
    with pytest.raises(UserError, match=message):
        build_model(recipe(override))


def test_labels_may_only_select_the_images_of_an_objective_without_classes():
    recipe = msgspec.structs.replace(
        read_recipe("wikiart_fastgan", ["data.image_size=32"]),
        model={"objective": "HingeGAN"},
        generator={"network": "residual_generator", "base_width": 1},
        discriminator={"network": "residual_discriminator", "base_width": 1},
        decoder=None,
        projected_discriminator=None,
    )
    assert list(recipe.data.labels) == ["genre"]
    model = build_model(recipe)
    assert (model.condition, model.classes) == ((), {})


def test_the_classes_of_a_can_are_those_of_its_discriminator_alone():
    model = build_model(
        msgspec.structs.replace(
            read_recipe("wikiart_can"),
            generator={"network": "residual_generator", "base_width": 1},
        )
    )
    assert (model.condition, dict(model.classes)) == ((), {"style": 5})


def test_required_argument_that_is_missing_is_named(recipe, monkeypatch):
    def needy(*, width: int) -> keras.Model:
        raise AssertionError("called without its argument")

    monkeypatch.setattr(networks, "needy", needy, raising=False)
    monkeypatch.setattr(networks, "__all__", [*networks.__all__, "needy"])
    with pytest.raises(UserError, match=r"missing key generator\.width"):
        build_model(msgspec.structs.replace(recipe(), generator={"network": "needy"}))


def test_sizes_that_disagree_are_refused_with_both(recipe):
    with pytest.raises(UserError, match=r"\[generator\].*\(64, 64, 3\).*\[data\].*\(32, 32, 3\)"):
        build_model(recipe("generator.image_size=64"))
    with pytest.raises(UserError, match=r"\(32, 32, 3\).*discriminator taking \(64, 64, 3\)"):
        build_model(recipe("discriminator.image_size=64"))
    with pytest.raises(UserError, match=r"\(32, 32, 3\).*\(32, 32, 1\)"):
        build_model(recipe("data.channels=1"))


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("optimizer=Adamm", r"\[training\.generator_optimizer\] unknown optimizer 'Adamm'; did"),
        ("optimizer=LossScaleOptimizer", "unknown optimizer 'LossScaleOptimizer'"),
        ("learning_rat=1", r"unknown key training\.generator_optimizer\.learning_rat; did you"),
        ("learning_rate=fast", r"learning_rate must be a number, got 'fast'"),
        ("learning_rate=true", r"learning_rate must be a number, got True"),
        ("beta_1=x", r"training\.generator_optimizer\.beta_1 must be a number, got 'x'"),
        ("amsgrad=1", r"training\.generator_optimizer\.amsgrad must be true or false, got 1"),
        ("clipnorm=x", r"training\.generator_optimizer\.clipnorm must be a number, got 'x'"),
        ("use_ema=true", r"^\[training\] No optimizer may average weights.*ema_decay"),
        ("kwargs=1", r"unknown key training\.generator_optimizer\.kwargs"),
        ("learning_rate={schedule='Steps'}", r"learning_rate\] unknown schedule 'Steps'; known"),
        ("learning_rate={decay_steps=3}", r"learning_rate\] unknown schedule 'None'"),
        (
            "learning_rate={schedule='ExponentialDecay', decay_step=3}",
            r"unknown key training\.generator_optimizer\.learning_rate\.decay_step; did you mean",
        ),
        (
            "learning_rate={schedule='ExponentialDecay', decay_steps=3}",
            r"learning_rate\] .*missing.*initial_learning_rate",
        ),
        (
            "learning_rate={schedule='ExponentialDecay', initial_learning_rate='x'}",
            r"learning_rate\.initial_learning_rate must be a number, got 'x'",
        ),
    ],
)
def test_mistakes_in_an_optimizer_are_named(recipe, override, message):
    with pytest.raises(UserError, match=message):
        build_model(recipe(f"training.generator_optimizer.{override}"))


def test_optimizer_is_known_only_by_its_own_arguments(recipe):
    with pytest.raises(UserError, match=r"generator_optimizer\.beta_1"):
        build_model(
            recipe("training.generator_optimizer={optimizer = 'RMSprop', beta_1 = 0.5}"),
        )


def test_learning_rate_table_follows_the_schedules_formula(recipe):
    model = build_model(
        recipe(
            "training.generator_optimizer.learning_rate={schedule = 'ExponentialDecay', "
            "initial_learning_rate = 0.1, decay_steps = 10, decay_rate = 0.5, staircase = true}",
            "training.discriminator_optimizer.learning_rate={schedule = "
            "'PiecewiseConstantDecay', boundaries = [3, 5], values = [1.0, 0.5, 0.25]}",
        )
    )
    for steps in (0, 9, 10, 25):
        model.generator_optimizer.iterations.assign(steps)
        rate = float(model.generator_optimizer.learning_rate)
        np.testing.assert_allclose(rate, 0.1 * 0.5 ** (steps // 10), rtol=1e-6)
    for steps, expected in ((0, 1.0), (3, 1.0), (4, 0.5), (6, 0.25)):
        model.discriminator_optimizer.iterations.assign(steps)
        assert float(model.discriminator_optimizer.learning_rate) == expected


def test_a_schedule_may_be_named(recipe):
    def build(name):
        named = {"objective": "GAN", "schedule": name}
        return build_model(msgspec.structs.replace(recipe(), model=named))

    assert build("ha_code").schedule == HandicapSchedule.named("ha_code")
    with pytest.raises(UserError, match=r"model\.schedule: .* Received: 'ha'"):
        build("ha")
