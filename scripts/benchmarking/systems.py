"""The systems that are measured, each at its published sizes as a recipe of the zoo."""

from pathlib import Path

from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_file import read_recipe

_ZOO = Path(__file__).resolve().parent.parent.parent / "zoo"

# What the recipe is overridden by.
SYSTEMS = {
    "pokemon_wgan": (
        "training.batch_size=32",
        "training.generator_optimizer.learning_rate=5e-5",
        "training.discriminator_optimizer.learning_rate=5e-5",
    ),
    "pokemon_fastgan": (),
    "mnist_cppn_wgan_gp": (
        # As published, and as the other contestants do.
        "generator.first_activation=tanh",
        "generator.activation=tanh",
        "generator.octaves=0",
        "generator.modulated=false",
        "model.n_critic=5",
        "discriminator.base_width=64",
        "training.batch_size=64",
        "training.generator_optimizer.learning_rate=1e-4",
        "training.discriminator_optimizer.learning_rate=1e-4",
    ),
    "wikiart_gangogh": (
        # The generator would not move for its first iterations.
        "model.pretraining=0",
        # As published, and as the other contestants do.
        "model.penalized_fraction=1.0",
        "model.class_weight=1.0",
        "model.generator_class_weight=1.0",
        "generator.base_width=24",
        "discriminator.base_width=24",
        "training.batch_size=64",
        "training.generator_optimizer.learning_rate=1e-4",
        "training.discriminator_optimizer.learning_rate=1e-4",
    ),
}


def system_recipe(
    name: str, *, batch_size: int | None, joint_batches: bool, overrides: tuple[str, ...] = ()
) -> Recipe:
    """Returns the recipe that all contestants train.

    Args:
        name: One of `SYSTEMS`.
        batch_size: Images of a critic update; `None` is the system's own.
        joint_batches: Whether reals and fakes meet the critic in one batch.
        overrides: Further overrides.
    """
    own = []
    # FastGAN's fakes have a batch of their own.
    if name != "pokemon_fastgan":
        own.append(f"model.joint_batches={str(joint_batches).lower()}")
    if batch_size is not None:
        own.append(f"training.batch_size={batch_size}")
    return read_recipe(_ZOO / name / "recipe.toml", [*SYSTEMS[name], *own, *overrides])
