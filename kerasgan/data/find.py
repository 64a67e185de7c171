"""Finding data sets on this machine."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from kerasgan.data.sources.catalog import DATA_SETS
from kerasgan.data.sources.file_tree import IMAGE_EXTENSIONS, file_tree
from kerasgan.data.sources.gnt_files import REPORT, is_gnt_name
from kerasgan.data.sources.image_table import TABLES
from kerasgan.errors import UserError

# The folders that the parts of CASIA-HWDB are unpacked to.
_PART = re.compile("gnt|hwdb|train|test")
# In a folder that `kerasgan wikiart prepare` wrote, and in one that `kerasgan wikiart scrape` did.
_PREPARED = ("dataset_info.json", "preparation.json")
_SCRAPED = (".scrape", "metadata.jsonl")
_SPLITS = (["train"], ["test"], ["val"], ["valid"], ["validation"])


def find_data_sets(folder: Path | None = None) -> dict[str, Path]:
    """Returns where data sets are, by their names.

    Those of TensorFlow Datasets are also looked for where it keeps them. Others are known by the
    names of their files, of which none is read.

    Args:
        folder: A data set, or a folder of data sets, which may be zips; None for no folder.

    Raises:
        UserError: There is no such folder.
    """
    found: dict[str, Path] = {}
    if folder is not None:
        found = _data_sets_in(folder)
    kept = Path(os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets").expanduser()
    for name in _prepared_by_tfds(kept):
        found.setdefault(name, kept)
    return found


def _data_sets_in(folder: Path) -> dict[str, Path]:
    if not folder.exists():
        raise UserError(f"{folder} does not exist: give the folder of your data sets by --data")
    found = {name: folder for name in _data_sets_at(folder)}
    if folder.is_file() or {"casia", "pokemon", "wikiart", "imagefolder"} & set(found):
        return found
    holds_images = found.pop("images", None)
    for place in sorted(folder.iterdir()):
        if not place.name.startswith(".") and (place.is_dir() or place.suffix.lower() == ".zip"):
            for name in _data_sets_at(place):
                found.setdefault(name, place)
    # Folders of images alone are the classes of one data set.
    if holds_images and set(found) == {"images"}:
        found["images"] = folder
    return found


def _data_sets_at(place: Path) -> list[str]:
    """Returns the names of the data sets that a folder or zip is itself, or holds for TFDS."""
    prepared = _prepared_by_tfds(place)
    try:
        if any(all((place / name).exists() for name in names) for names in (_PREPARED, _SCRAPED)):
            return [*prepared, "wikiart"]
        names = file_tree(place, source="images").names
    except (UserError, OSError):  # what cannot be read is not what is looked for
        return prepared
    kind = _kind(names, place.stem.lower())
    return [*prepared, kind] if kind else prepared


def _kind(names: Sequence[str], called: str) -> str | None:
    """Returns what files of such names are, or None if nothing that can be trained on."""
    paths = [name.split("/") for name in names]
    # Zips often have a folder around all of their files.
    while paths and len(paths[0]) > 1 and all(path[0] == paths[0][0] for path in paths):
        called, paths = paths[0][0].lower(), [path[1:] for path in paths]
    files = {path[0] for path in paths if len(path) == 1}
    folders = {path[0] for path in paths if len(path) > 1}
    if REPORT in files or any(map(is_gnt_name, files)):
        return "casia"
    if any(is_gnt_name(path[1]) and _PART.search(path[0].lower()) for path in paths if path[1:]):
        return "casia"
    if not any(path[-1].lower().endswith(IMAGE_EXTENSIONS) for path in paths):
        return None
    if "pokedex.json" in files:
        return "pokemon"
    if called.startswith("casia"):
        return "casia"
    if called == "wikiart" or {"wikiart", "wikiart_csv"} & folders:
        return "wikiart"
    tables = [path for path in paths if path[-1] in TABLES]
    if any(len(path) == 1 or path[:-1] in _SPLITS for path in tables):
        return "imagefolder"
    return "images"


def _prepared_by_tfds(folder: Path) -> list[str]:
    """Returns the names of the data sets that TensorFlow Datasets has prepared in a folder."""
    wanted = {d.name: d.source.split(":")[1] for d in DATA_SETS if d.source.startswith("tfds:")}
    return [
        name
        for name, prepared in wanted.items()
        if any(folder.glob(f"{prepared}/*/dataset_info.json"))
    ]
