"""A model as the page has it."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kerasgan.drawing.litert.description import DESCRIPTION, read_description
from kerasgan.errors import UserError
from kerasgan.training.run_folder import RunFolder
from kerasgan.zoo.checksums import verify
from kerasgan.zoo.engine import LITERT
from kerasgan.zoo.entries import METRICS, find, names
from kerasgan.zoo.hub_address import is_hub_address

if TYPE_CHECKING:
    from kerasgan.models import AdversarialModel

# The card's prose, of a zoo entry.
_NOTES = "notes.md"


@dataclass(frozen=True)
class PageModel:
    """A model on a page.

    Attributes:
        config: What the page has to know of it: what `model.json` says, its name as the commands
            take it, and a `description` in a sentence or two.
        files: Its files by their roles: `generate` or `tile`, `encode` and `pixel_network`.
    """

    config: dict[str, Any]
    files: dict[str, bytes]


def page_model(name_or_folder: str | Path) -> PageModel:
    """Reads a model for the page, and exports it to LiteRT first if it has no such files.

    Args:
        name_or_folder: The name of a shipped model, the address of one on the Hugging Face Hub,
            the folder of a zoo entry or of a run, or one that `kerasgan export --format litert`
            wrote.

    Raises:
        UserError: There is no such model, its files are damaged, or it cannot be exported.
    """
    name = str(name_or_folder)
    litert = litert_folder(name)
    if litert is None:
        return _exported(name)
    entry = litert.parent
    if not (entry / METRICS).is_file():
        return _from_litert(litert, "")
    verify(entry)
    return _from_litert(litert, name, _first_paragraph(entry))


def litert_folder(name_or_folder: str | Path) -> Path | None:
    """Returns where a model has LiteRT files, or `None` if it has none.

    Args:
        name_or_folder: As in `page_model`.
    """
    is_known = name_or_folder in names() or is_hub_address(name_or_folder)
    folder = find(name_or_folder) if is_known else Path(name_or_folder)
    places = (folder / LITERT, folder)
    return next((place for place in places if (place / DESCRIPTION).is_file()), None)


def check_model(name_or_folder: str | Path) -> None:
    """Raises UserError if there is no such model; it needs no TensorFlow."""
    if litert_folder(name_or_folder) is None and not RunFolder(name_or_folder).exists:
        find(name_or_folder)


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
        return _from_litert(Path(folder), name or type(model).__name__)


def shipped_page_models() -> list[PageModel]:
    """Reads every model of the zoo that has LiteRT files.

    Raises:
        UserError: None has, or files are damaged.
    """
    shipped = [name for name in names() if litert_folder(name) is not None]
    if not shipped:
        raise UserError(
            "No model of the zoo has LiteRT files, by which the page draws; name the models, and "
            "they are exported: kerasgan explore MODEL"
        )
    return [page_model(name) for name in shipped]


def _exported(name: str) -> PageModel:
    """Opens a zoo entry or a run and exports it."""
    check_model(name)
    from kerasgan.zoo.loader import open_model

    model = page_model_of(open_model(name), name)
    description = "" if RunFolder(name).exists else _first_paragraph(find(name))
    return PageModel(model.config | {"description": description}, model.files)


def _from_litert(folder: Path, name: str, description: str = "") -> PageModel:
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


def _first_paragraph(entry: Path) -> str:
    """Returns the first paragraph of an entry's prose, which says what the model draws."""
    notes = entry / _NOTES
    if not notes.is_file():
        return ""
    return " ".join(notes.read_text(encoding="utf-8").partition("\n\n")[0].split())
