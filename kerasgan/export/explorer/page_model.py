"""What the page needs to draw with a model."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kerasgan.drawing.litert.description import read_description
from kerasgan.errors import UserError

if TYPE_CHECKING:
    from kerasgan.models import AdversarialModel


@dataclass(frozen=True)
class PageModel:
    """A model on a page.

    Attributes:
        config: The contents of the model's `model.json`, with its `name` as the commands take it
            and a `description` of a sentence or two.
        files: The contents of its files, by role: `generate` or `tile`, and `encode` and
            `pixel_network` if it has them.
    """

    config: dict[str, Any]
    files: dict[str, bytes]


def page_model_of(model: "AdversarialModel", name: str = "") -> PageModel:
    """Exports a model that is in memory for the page.

    Args:
        model: The model.
        name: Its name, as the commands take it.

    Raises:
        UserError: It cannot be exported to LiteRT.
    """
    from kerasgan.export.litert import write_litert

    with tempfile.TemporaryDirectory() as folder:
        write_litert(model, Path(folder), name=name)
        return page_model_from(Path(folder), name or type(model).__name__)


def page_model_from(folder: Path, name: str, description: str = "") -> PageModel:
    """Reads the LiteRT files of a model for the page.

    Args:
        folder: The folder of the files, with `model.json`.
        name: The model's name, as the commands take it; empty if no command knows it.
        description: What the model draws, in a sentence or two.

    Raises:
        UserError: A file is missing or damaged.
    """
    about = read_description(folder)
    config = msgspec.to_builtins(about)
    config["name"] = name or about.name or folder.resolve().name
    config["description"] = description
    files = {role: function.file for role, function in about.functions.items()}
    if "tile" in files:
        config["tile"] = about.functions["tile"].inputs["x"][0]
    if about.pixel_network is not None:
        files["pixel_network"] = about.pixel_network.file
    try:
        return PageModel(
            config, {role: (folder / file).read_bytes() for role, file in files.items()}
        )
    except OSError as error:
        raise UserError(
            f"Cannot read {error.filename}: {error.strerror}; export the model again"
        ) from None
