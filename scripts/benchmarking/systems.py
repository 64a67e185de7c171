"""The systems that are measured: shipped recipes, changed to what all contestants can do."""

from kerasgan.recipes import read_recipe
from kerasgan.recipes.recipe import Recipe

# The recipe, and what it is overridden by.
SYSTEMS = {
    "pokemon_wgan": (
        "pokemon_wgan_paper",
        "training.batch_size=32",
        "training.generator_optimizer.learning_rate=5e-5",
        "training.discriminator_optimizer.learning_rate=5e-5",
    ),
    "pokemon_fastgan": ("pokemon_fastgan",),
    "mnist_cppn_wgan_gp": (
        "mnist_cppn_wgan_gp",
        # Published networks, rates and updates, and the batch of all contestants.
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
        "wikiart_gangogh",
        # The generator would not move for its first iterations.
        "model.pretraining=0",
        # Published layers with fewer channels, and the batch of all contestants.
        "model.penalized_fraction=1.0",
        "model.class_weight=1.0",
        "model.generator_class_weight=1.0",
        "model.n_critic=5",
        "generator.base_width=24",
        "generator.kernel_size=5",
        "generator.upsampling=transposed",
        "discriminator.base_width=24",
        "discriminator.normalization=layer",
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
    recipe, *changes = SYSTEMS[name]
    return read_recipe(recipe, [*changes, *own, *overrides])
