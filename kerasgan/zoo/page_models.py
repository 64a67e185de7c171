"""Models of the zoo, and those of folders, on the explorer's page."""

from pathlib import Path

from kerasgan.drawing.litert.description import DESCRIPTION
from kerasgan.errors import UserError
from kerasgan.export.explorer.page_model import PageModel, page_model_from, page_model_of
from kerasgan.files.user_path import user_path
from kerasgan.training.run_folder import RunFolder
from kerasgan.zoo.checksums import check_files
from kerasgan.zoo.entries import find, is_shipped, names
from kerasgan.zoo.entry_files import LITERT, METRICS, PROSE
from kerasgan.zoo.hub_address import is_hub_address


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
        return page_model_from(litert, "")
    check_files(entry, parts=(LITERT,), is_download=is_hub_address(name))
    if litert == user_path(name):
        # The commands draw from the entry, not from its files for LiteRT.
        name = str(litert.parent)
    return page_model_from(litert, name, _first_paragraph(entry))


def litert_folder(name_or_folder: str | Path) -> Path | None:
    """Returns where a model has LiteRT files, or `None` if it has none.

    Args:
        name_or_folder: As in `page_model`.
    """
    is_known = is_shipped(name_or_folder) or is_hub_address(name_or_folder)
    folder = find(name_or_folder) if is_known else user_path(name_or_folder)
    places = (folder / LITERT, folder)
    return next((place for place in places if (place / DESCRIPTION).is_file()), None)


def check_model(name_or_folder: str | Path) -> None:
    """Raises UserError if there is no such model; it needs no TensorFlow."""
    if litert_folder(name_or_folder) is None and not RunFolder(name_or_folder).exists:
        find(name_or_folder)


def names_without_litert() -> list[str]:
    """Returns the names of the models of the zoo that have to be exported before they can draw."""
    return [name for name in names() if litert_folder(name) is None]


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


def _first_paragraph(entry: Path) -> str:
    """Returns the first paragraph of an entry's prose, which says what the model draws."""
    notes = entry / PROSE
    if not notes.is_file():
        return ""
    return " ".join(notes.read_text(encoding="utf-8").partition("\n\n")[0].split())
