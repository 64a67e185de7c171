"""The files at a path that somebody gives."""

from pathlib import Path

from kerasgan.data.sources.catalog import how_to_get
from kerasgan.data.sources.file_names import is_visible
from kerasgan.data.sources.file_tree import FileTree
from kerasgan.data.sources.folder_tree import folder_tree
from kerasgan.data.sources.zip_tree import zip_tree
from kerasgan.errors import UserError, did_you_mean, shortened_path


def files_at(path: Path | None, *, source: str) -> FileTree:
    """Returns the files under `path`.

    Folders are searched recursively; zips are read without extracting them. Hidden files and those
    that macOS adds to zips (`__MACOSX`) are left out.

    Args:
        path: The folder or the zip.
        source: The name of the source, for messages.

    Raises:
        UserError: There is no such path, or it is not a folder or a zip that can be read.
    """
    if path is None:
        raise UserError(
            f'source "{source}" needs a folder or a zip of images: pass path=PATH. '
            f"{how_to_get(source)}"
        )
    if path.is_file():
        return zip_tree(path)
    if path.is_dir():
        return folder_tree(path)
    if path.exists():
        raise UserError(
            f"{path} is neither a folder nor a file: pass path=PATH with a folder or a zip"
        )
    if source == "images":
        raise UserError(f"There is no folder or zip {shortened_path(path)!r}{_beside(path)}")
    raise UserError(
        f"{path} does not exist: pass path=PATH with a folder or a zip of images. "
        f"{how_to_get(source)}"
    )


def _beside(missing: Path) -> str:
    """Returns the end of a message: folders and zips beside a path that have a similar name."""
    try:
        names = [
            each.name
            for each in missing.parent.iterdir()
            if is_visible(each.name) and (each.is_dir() or each.suffix == ".zip")
        ]
    except OSError:
        return f"; {shortened_path(missing.parent)!r} is no folder"
    place = "this folder" if missing.parent == Path() else shortened_path(missing.parent)
    return did_you_mean(missing.name, names, known_are=f"{place} has") if names else ""
