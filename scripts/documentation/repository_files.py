"""MkDocs hook: pages show what lies beside `docs`: pictures and cards of the zoo.

Nothing is copied into `docs`: a page names `../zoo/NAME/samples.png` from where it lies, so it can
be read among the sources, and here that file becomes part of the site.
"""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

CHECKOUT = Path(__file__).resolve().parents[2]
_SHOWN = (
    "pictures/*.*",
    "zoo/*/README.md",
    "zoo/*/*.png",
    "zoo/*/*.jpg",
    "zoo/*/notes/*.*",
    "zoo/*/recipe.toml",
)
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(((?:\.\./)+[^)\s#]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pictures, cards and recipes of the zoo."""
    for pattern in _SHOWN:
        for path in sorted(CHECKOUT.glob(pattern)):
            name = path.relative_to(CHECKOUT).as_posix()
            files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turns links that lead out of `docs` into links within the site, or to the repository."""
    if page.file.generated_by is not None and not page.file.src_uri.startswith("zoo/"):
        return markdown
    folder = posixpath.dirname(page.file.src_uri)

    def link(match: re.Match) -> str:
        mark, text, target, anchor = match.groups(default="")
        path = posixpath.normpath(posixpath.join(folder, target))
        if not path.startswith("../"):
            return match[0]
        name = path.removeprefix("../")
        if files.get_file_from_path(name):
            return f"{mark}[{text}]({posixpath.relpath(name, folder or '.')}{anchor})"
        if not (CHECKOUT / name).exists():
            raise FileNotFoundError(f"{page.file.src_uri} links to {target}, which does not exist")
        if config.repo_url:
            return f"[{text}]({config.repo_url.rstrip('/')}/blob/main/{name}{anchor})"
        return text

    return _LINK.sub(link, markdown)
