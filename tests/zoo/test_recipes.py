import pytest

from kerasgan import recipes
from kerasgan.errors import UserError
from kerasgan.recipes import build_model, find_recipe, read_recipe

pytestmark = pytest.mark.early

OBJECTIVES = {
    "casia_cppn_wgan_gp": "WGANGP",
    "casia_cppn_wgan_gp_curriculum": "GrowingWGANGP",
    "cifar10_cppn_wgan_gp": "WGANGP",
    "cifar10_cppn_wgan_gp_curriculum": "GrowingWGANGP",
    "fastgan": "FastGAN",
    "mnist_cppn_gan": "GAN",
    "mnist_cppn_ha_gan": "GAN",
    "mnist_cppn_ha_vae": "VAEGAN",
    "mnist_cppn_ha_vaegan": "VAEGAN",
    "mnist_cppn_ha_vaegan_code": "VAEGAN",
    "mnist_cppn_part1_gan": "GAN",
    "mnist_cppn_part1_lsgan": "LSGAN",
    "mnist_cppn_vaegan": "VAEGAN",
    "mnist_cppn_wgan_gp": "WGANGP",
    "pokemon_fastgan": "VisionAidedFastGAN",
    "pokemon_wgan": "WGAN",
    "pokemon_wgan_dropout": "WGAN",
    "pokemon_wgan_paper": "WGAN",
    "pokemon_wgan_gp": "WGANGP",
    "pokemon_wgan_unaugmented": "WGAN",
    "projected_gan": "ProjectedGAN",
    "vision_aided_fastgan": "VisionAidedFastGAN",
    "wikiart_can": "CAN",
    "wikiart_can_dense": "CAN",
    "wikiart_can_unrolled": "CAN",
    "wikiart_fastgan": "VisionAidedFastGAN",
    "wikiart_gangogh": "WassersteinACGAN",
    "wikiart_gangogh_stage2": "WassersteinACGAN",
}


def test_every_system_has_a_recipe():
    assert set(recipes.list()) == set(OBJECTIVES)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_a_shipped_recipe_builds_its_model_for_its_data(name):
    recipe = read_recipe(find_recipe(name))
    model = build_model(recipe)
    assert type(model).__name__ == OBJECTIVES[name]
    side = recipe.data.side
    assert model.image_shape == (side, side, recipe.data.channels)
    # It is not conditional: its classes only choose the images.
    chosen = {} if name == "wikiart_fastgan" else recipe.data.classes
    assert model.class_names == {key: tuple(value) for key, value in chosen.items()}


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (['data.classes.genre=["marina"]'], r"\[stage_one\] .* no genre 'marina'"),
        (["stage_one.model=nowhere"], r"\[stage_one\] There is no model 'nowhere'"),
        (["generator.image_size=64"], r"\[generator\] image_size must be stage one's side, 64"),
        (["generator.network=gangogh_generator"], r"unknown key generator\.depth"),
        (
            ['data.labels=["style"]', 'data.classes={style=["Cubism"]}', "data.balanced=style"],
            r"draws classes of genre; add it to data\.labels",
        ),
    ],
)
def test_stages_that_do_not_fit_are_refused_before_the_training(overrides, message):
    with pytest.raises(UserError, match=message):
        build_model(read_recipe("wikiart_gangogh_stage2", overrides))


def test_the_recipes_of_has_comparison_differ_in_their_objectives_alone():
    gan, vae, both = (
        read_recipe(f"mnist_cppn_ha_{system}").as_flat_dict() for system in ("gan", "vae", "vaegan")
    )

    def different(one, other):
        return {key for key in {*one, *other} if one.get(key) != other.get(key)}

    assert {key.partition(".")[0] for key in different(gan, both)} == {
        "encoder",
        "model",
        "training",
    }
    assert different(vae, both) == {"model.adversarial_weight", "model.schedule"}
    keys = {key for key in different(gan, both) if key.startswith("training")}
    assert all(key.startswith("training.autoencoder_optimizer") for key in keys)


@pytest.mark.parametrize(
    ("name", "baseline", "expected"),
    [
        (
            "pokemon_wgan_paper",
            "pokemon_wgan_unaugmented",
            {f"data.augmentation.{key}" for key in ("flip_horizontal", "flip_vertical", "shift")},
        ),
        ("pokemon_wgan_paper", "pokemon_wgan_dropout", {"discriminator.dropout"}),
        ("mnist_cppn_part1_gan", "mnist_cppn_part1_lsgan", {"model.objective"}),
    ],
)
def test_a_baseline_differs_in_what_it_is_named_for_alone(name, baseline, expected):
    changes = read_recipe(name).differences(read_recipe(baseline))
    assert {change.partition(":")[0] for change in changes} == expected
