"""What kind of data lies in a folder or zip."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from kerasgan.data.sources.catalog import DATA_SETS, how_to_get, source_of
from kerasgan.data.sources.files_at import files_at
from kerasgan.data.sources.image_table import TABLES
from kerasgan.data.sources.pokemon_images import is_pokemon
from kerasgan.data.sources.tfds_folder import is_on_disk
from kerasgan.data.sources.wikiart_dump import is_dump
from kerasgan.data.sources.wikiart_source import is_prepared, is_scraped
from kerasgan.errors import UserError

_TFDS = "tfds:"


def recognized_source(
    path: Path, expected: str, classes: Mapping[str, Sequence[str]] | None = None
) -> str:
    """Returns the source that reads what lies at a path.

    That is the expected source if its own data are there; `"wikiart"` for a folder that
    `kerasgan wikiart prepare` or TFDS wrote; and otherwise `"images"`, for which any folder or zip
    of pictures will do.

    Args:
        path: The folder or zip.
        expected: A source, as in `load_images`.
        classes: By label set, the classes that are expected. A folder of folders may be the
            WikiArt Dataset or may be anyone's pictures: it is the former if these are among them.

    Raises:
        UserError: There is no such path, or it has neither the expected data nor pictures.
    """
    source = source_of(expected)
    is_tfds = source.startswith(_TFDS)
    if not (is_tfds or source in {each.source for each in DATA_SETS}):
        return expected  # reading it says what is wrong with an unknown source
    if is_tfds and is_on_disk(source.removeprefix(_TFDS), path):
        return expected
    if is_prepared(path):
        return "wikiart"
    if source == "images":
        return expected
    tree = files_at(path, source="images")
    if source == "imagefolder" and any(name.split("/")[-1] in TABLES for name in tree.names):
        return expected
    if source == "pokemon" and is_pokemon(tree, path):
        return expected
    styles = (classes or {}).get("style", ())
    # A folder that was scraped is refused by its source, with the command that prepares it.
    if source == "wikiart" and (is_scraped(tree) or is_dump(tree, path, styles)):
        return expected
    if is_tfds and not tree.images:
        raise UserError(
            f"{path} has neither pictures nor the data set "
            f'"{source.removeprefix(_TFDS)}": pass path=PATH with a folder of pictures, or no '
            f"path for the data set itself. {how_to_get(expected)}".strip()
        )
    return "images"
