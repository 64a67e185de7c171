"""From a zoo entry, or a run folder, to what draws with it."""

import functools
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kerasgan.drawing.litert.description import DESCRIPTION
from kerasgan.drawing.untrained.random_cppn_name import is_random_cppn
from kerasgan.errors import UserError, shortened
from kerasgan.zoo.checksums import check_files
from kerasgan.zoo.entries import find, run_of
from kerasgan.zoo.entry_files import LITERT
from kerasgan.zoo.hub_address import is_hub_address

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable
    from kerasgan.drawing.engine import EngineName
    from kerasgan.models import AdversarialModel

EngineChoice = Literal["auto", "litert", "tensorflow"]
ENGINES: tuple[EngineChoice, ...] = ("auto", "litert", "tensorflow")


def open_for_drawing(
    name_or_folder: str | Path,
    *,
    engine: EngineChoice = "auto",
    best: bool = False,
    before_tensorflow: Callable[[], None] = lambda: None,
) -> "Drawable":
    """Loads a model for the functions of `kerasgan.drawing`.

    LiteRT starts about ten times faster than TensorFlow, which it does not need.

    Args:
        name_or_folder: As in `kerasgan.zoo.open_model`, or the name of a random CPPN, such as
            `"cppn:width=32"`, which numpy draws; see `kerasgan.drawing.RandomCPPN`.
        engine: `"litert"`, `"tensorflow"`, or `"auto"`: LiteRT where it is installed and the model
            is an entry that has the files for it, but not one on the Hub. TensorFlow then does
            what only it can do: select pictures by the critic, and find latents of pictures
            without an encoder.
        best: Of a run, whether to load the weights with the smallest Fréchet distance.
        before_tensorflow: Is called before TensorFlow is imported.

    Raises:
        UserError: There is no such model, its files are damaged, it has no best weights, or LiteRT
            is requested but not installed, or the model has no files for it.

    Example:
    >>> model = open_for_drawing("pokemon_wgan")
    >>> kerasgan.drawing.sample(model, 16, seed=0).grid().save("creatures.png")
    """

    @functools.cache
    def load_in_tensorflow() -> "AdversarialModel":
        before_tensorflow()
        from kerasgan.zoo.loader import open_model

        return open_model(name_or_folder, best=best)

    chosen = chosen_engine(name_or_folder, engine, best=best)
    if chosen == "numpy":
        from kerasgan.drawing.untrained.random_cppn import RandomCPPN

        return RandomCPPN.from_name(str(name_or_folder))
    if chosen == "tensorflow":
        return load_in_tensorflow()
    from kerasgan.drawing.litert.model import LiteRTModel

    folder = find(name_or_folder)
    check_files(folder, parts=(LITERT,), is_download=is_hub_address(name_or_folder))
    fallback = load_in_tensorflow if engine == "auto" else None
    return LiteRTModel(folder / LITERT, load_in_tensorflow=fallback)


def chosen_engine(
    name_or_folder: str | Path, engine: EngineChoice = "auto", *, best: bool = False
) -> "EngineName":
    """Returns which engine draws; see `open_for_drawing`.

    Raises:
        UserError: There is no such model, or LiteRT is requested but not installed, or the model
            has no files for it.
    """
    if engine not in ENGINES:
        raise UserError(f"engine must be one of {', '.join(ENGINES)}. Received: engine={engine!r}")
    if is_random_cppn(name_or_folder):
        if engine != "auto" or best:
            raise UserError(
                f"{shortened(str(name_or_folder))} is a network of random weights, which numpy "
                "draws; leave out engine and best"
            )
        return "numpy"
    # LiteRT runs an entry's graphs; what comes from the Hub is data unless the user says otherwise.
    if engine == "tensorflow" or (engine == "auto" and is_hub_address(name_or_folder)):
        return "tensorflow"
    reason = _why_not_litert(name_or_folder, best)
    if not reason:
        return "litert"
    if engine == "auto":
        return "tensorflow"
    raise UserError(f"{reason}, or pass engine='tensorflow'")


def _why_not_litert(name_or_folder: str | Path, best: bool) -> str:
    """Says why LiteRT does not draw with a model, and what to do; empty if it does."""
    if run_of(name_or_folder) is not None:
        return (
            f"{name_or_folder} is a run folder, and LiteRT draws from zoo entries: make one with "
            "kerasgan zoo export"
        )
    if best:
        return f"Only a run folder has best weights, and {name_or_folder} is none"
    if not (find(name_or_folder) / LITERT / DESCRIPTION).is_file():
        return f"{name_or_folder} has no LiteRT files: export the entry again"
    if importlib.util.find_spec("ai_edge_litert") is None:
        return "Drawing by LiteRT needs ai-edge-litert: pip install 'kerasgan[litert]'"
    return ""
