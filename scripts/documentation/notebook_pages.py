"""MkDocs hook: a page for each notebook in `docs/notebooks`, with a link to it and to Colab."""

import json
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

_COLAB = "https://colab.research.google.com"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages; the notebooks themselves are files of the site anyway."""
    for path in sorted(Path(config.docs_dir).glob("notebooks/*.ipynb")):
        page = f"notebooks/{path.stem}.md"
        files.append(File.generated(config, page, content=notebook_page(path, config.repo_url)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turns links to notebooks into links to their pages, which link to the notebooks."""
    if page.file.src_uri.startswith("notebooks/"):
        return markdown
    return re.sub(r"\]\(((?:\.\./)*notebooks/\w+)\.ipynb\)", r"](\1.md)", markdown)


def notebook_page(path: Path, repository: str | None) -> str:
    """Returns a notebook as Markdown.

    Args:
        path: The `.ipynb` file, in `docs/notebooks`.
        repository: Address of the repository on GitHub, from which Colab opens the notebook.
            Without one, Colab can only be given the file.
    """
    title, *cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    parts = ["".join(title["source"]), _links(path.name, repository)]
    for cell in cells:
        text = "".join(cell["source"])
        parts.append(f"```python\n{text}\n```" if cell["cell_type"] == "code" else text)
    return "\n\n".join(parts) + "\n"


def _links(name: str, repository: str | None) -> str:
    download = f"[Download the notebook]({name}){{ .md-button download={name} }}"
    if repository and "github.com/" in repository:
        source = repository.rstrip("/").split("github.com/", 1)[1]
        address = f"{_COLAB}/github/{source}/blob/main/docs/notebooks/{name}"
        return f"[Open in Colab]({address}){{ .md-button .md-button--primary }} {download}"
    return (
        f"{download}\n\nIt runs in Jupyter and VS Code. On [Colab]({_COLAB}), choose *File*, "
        "*Upload notebook*."
    )
