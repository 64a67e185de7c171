"""The page as one file, or as a static site for any web server."""

import base64
import functools
import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from kerasgan.errors import UserError
from kerasgan.export.explorer.page_model import PageModel
from kerasgan.files.atomic import atomic_write
from kerasgan.files.new_folder import check_new_folder, new_folder
from kerasgan.files.regular_file import open_regular
from kerasgan.files.user_path import user_path
from kerasgan.version import __version__

INDEX = "index.html"
_BUNDLE = Path(__file__).parent / "bundle"
_BUNDLED = ("worker.js.gz", "litert.wasm.gz")
_PLACE = "<!-- files -->"
# By which a page of kerasgan is known, so that it may be replaced.
_MARK = b"<title>kerasgan explore</title>"
_HEAD = 4096
# Weights are nearly random: more effort makes them no smaller.
_EFFORT = 6


def site_files(models: Sequence[PageModel]) -> dict[str, bytes]:
    """Returns the files of a static site, by their names relative to its folder.

    All but the page itself are compressed by gzip, which the page undoes, so that any server does.
    """
    others = _other_files(models)
    return {INDEX: _page(_config(models, others)).encode()} | others


def one_page(models: Sequence[PageModel]) -> str:
    """Returns the page as one HTML file that needs no other, and no network."""
    others = _other_files(models)
    elements = [_config(models, others)]
    for name, content in others.items():
        text = base64.b64encode(content).decode()
        elements.append(f'<script type="application/gzip" id="file:{name}">{text}</script>')
    return _page("\n".join(elements))


def write_page(models: Sequence[PageModel], path: str | Path, *, force: bool = False) -> Path:
    """Writes the page as one HTML file, completely or not at all.

    Args:
        models: The models on it.
        path: The file. A page that kerasgan wrote is replaced.
        force: Whether to replace any other file too.

    Raises:
        UserError: Another file is there, or the file cannot be written.
    """
    path = check_page(path, force=force)
    with atomic_write(path) as file:
        file.write(one_page(models).encode())
    return path


def write_site(models: Sequence[PageModel], folder: str | Path) -> Path:
    """Writes the page as a static site, completely or not at all.

    Args:
        models: The models on it.
        folder: The folder, which must not exist, be empty or hold such a site.

    Raises:
        UserError: The folder has other files, or cannot be written.
    """
    files, folder = site_files(models), user_path(folder)
    with new_folder(folder, replaceable=_site_names) as new:
        for name, content in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return folder


def check_site(folder: str | Path) -> Path:
    """Returns the path of a site that may be written; see `write_site`."""
    folder = user_path(folder)
    check_new_folder(folder, replaceable=_site_names)
    return folder


def check_page(path: str | Path, *, force: bool = False) -> Path:
    """Returns the path of a page that may be written; see `write_page`."""
    path = user_path(path)
    if path.is_dir():
        raise UserError(f"{path} is a folder, not a file; choose another name")
    if path.exists() and not force and not _is_page(path):
        raise UserError(
            f"{path} exists and is not a page of kerasgan; choose another name, or pass "
            "force=True to replace it"
        )
    return path


def check_names(models: Sequence[PageModel]) -> None:
    """Raises UserError if two models have the same name, by which the page tells them apart."""
    names = [model.config["name"] for model in models]
    if twice := [name for name in names if names.count(name) > 1]:
        raise UserError(
            f"Two models have the name {twice[0]!r}; put them on pages of their own, or, if they "
            "are given themselves, name each: name=['one', 'other']"
        )


def _config(models: Sequence[PageModel], files: Mapping[str, bytes]) -> str:
    """Returns the element of the page that says what is on it, and how many bytes that is.

    Raises:
        UserError: As `check_names`.
    """
    check_names(models)
    configs = []
    for index, model in enumerate(models):
        roles = _names(index, model)
        size = sum(len(files[name]) for name in roles.values())
        configs.append(model.config | {"files": roles, "bytes": size})
    engine = sum(len(files[name]) for name in _BUNDLED)
    config = {"version": __version__, "engine_bytes": engine, "models": configs}
    # Nothing in it can end the element.
    text = json.dumps(config).replace("<", "\\u003c")
    return f'<script type="application/json" id="config">{text}</script>'


def _names(index: int, model: PageModel) -> dict[str, str]:
    """Returns the names of a model's files on the site; its own name may be a path."""
    return {role: f"models/{index}/{role}.gz" for role in model.files}


def _other_files(models: Sequence[PageModel]) -> dict[str, bytes]:
    files = {name: (_BUNDLE / name).read_bytes() for name in _BUNDLED}
    for index, model in enumerate(models):
        for role, name in _names(index, model).items():
            files[name] = gzip.compress(model.files[role], _EFFORT, mtime=0)
    return files


def _page(elements: str) -> str:
    return _template().replace(_PLACE, elements)


@functools.cache
def _template() -> str:
    return (_BUNDLE / INDEX).read_text(encoding="utf-8")


def _is_page(path: Path) -> bool:
    try:
        with open_regular(path) as file:
            return _MARK in file.read(_HEAD)
    except OSError:
        return False


def _site_names(folder: Path) -> list[str]:
    """Returns the names of the files of a site that is there; none if there is none."""
    if not _is_page(folder / INDEX):
        return []
    models = [path.relative_to(folder).as_posix() for path in folder.glob("models/*/*.gz")]
    return [INDEX, *_BUNDLED, *models]
