"""A model's generator as one `.keras` file."""

from collections.abc import Callable
from pathlib import Path

from kerasgan.drawing.overwriting import check_overwrite
from kerasgan.errors import UserError
from kerasgan.export.drawing_network import drawing_network
from kerasgan.files.atomic import atomic_path
from kerasgan.files.user_path import user_path
from kerasgan.models.base.generative_model import GenerativeModel
from kerasgan.models.base.model_argument import check_is_model


def export_keras(
    model: GenerativeModel,
    path: str | Path,
    *,
    force: bool = False,
    report: Callable[[str], None] | None = None,
) -> Path:
    """Writes what a model draws with as one `.keras` file.

    `keras.saving.load_model` reads it, in Keras's safe mode. If the generator has layers of
    kerasgan, as all of `kerasgan.networks` have, `import kerasgan.layers` has to come before; see
    `kerasgan.export.foreign_layers`. A generator of Keras's own layers needs no kerasgan.

    Args:
        model: The model. The file has its `sampling_generator` in the precision that it has: the
            average of the generator's weights if there is one.
        path: The file to write; it must end in `.keras`.
        force: Whether to replace a file that is there.
        report: What to call with the name of the file before it is written, if anything.

    Returns:
        The path. The network in it takes `latents`, float32 `(batch, latent_dim)`, and, for each
        label set, an input of its name, int32 `(batch,)`; it returns `images`, float32
        `(batch, height, width, channels)` in [0, 1].

    Raises:
        UserError: `model` is not a model, the path has another ending, a file is there, or it
            cannot be written.

    Example:
    >>> export_keras(kerasgan.zoo.load("pokemon_wgan"), "creatures.keras")
    PosixPath('creatures.keras')
    >>> network = keras.saving.load_model("creatures.keras")
    >>> network.predict(np.random.default_rng(0).normal(size=(4, 100))).shape
    (4, 128, 128, 3)
    """
    check_is_model("model", model)
    path = user_path(path)
    if path.suffix != ".keras":
        raise UserError(f"The file must end in .keras. Received: {path}")
    check_overwrite(path, force=force)
    if report:
        report(path.name)
    with atomic_path(path) as temporary:
        drawing_network(model).save(temporary)
    return path
