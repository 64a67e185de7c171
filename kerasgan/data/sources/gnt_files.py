"""Finding the `.gnt` files of CASIA-HWDB."""

from functools import partial
from pathlib import Path

from kerasgan.data.sources.catalog import how_to_get
from kerasgan.data.sources.file_tree import OpenFile, file_tree
from kerasgan.errors import UserError
from kerasgan.regular_file import open_regular

# What the folder that they are converted to is known by.
REPORT = "casia.json"


def gnt_files(path: Path | None) -> dict[str, OpenFile]:
    """Returns what opens the `.gnt` files of a folder or zip, and of the zips in a folder.

    Their names, the keys, begin with the name of `path`. The database is downloaded as zips,
    which need not be unpacked.

    Args:
        path: The folder or zip, or one `.gnt` file.

    Raises:
        UserError: There are none, or a zip cannot be read.
    """
    if path is not None and path.is_file() and path.suffix.lower() == ".gnt":
        return {path.name: partial(open_regular, path)}
    tree = file_tree(path, source="casia")
    called = path.resolve().name
    trees = {called: tree}
    if path.is_dir():
        zips = [name for name in tree.names if name.lower().endswith(".zip")]
        trees |= {f"{called}/{name}": file_tree(path / name, source="casia") for name in zips}
    files = {
        f"{where}/{name}": partial(tree.open, name)
        for where, tree in trees.items()
        for name in tree.names
        if name.lower().endswith(".gnt")
    }
    if not files:
        raise UserError(
            f"{path} has no .gnt files, nor zips of them; images in folders by character need no "
            f"conversion. {how_to_get('casia')}"
        )
    return files


def is_gnt_name(name: str) -> bool:
    """Tells whether a file is a `.gnt` file, or a zip of them as it is downloaded, by its name."""
    last = name.split("/")[-1].lower()
    return last.endswith(".gnt") or (last.startswith("gnt") and last.endswith(".zip"))
