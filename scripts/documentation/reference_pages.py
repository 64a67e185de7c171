"""MkDocs hook: a page of the reference for each package, with its public names.

The names are those of `__all__`, read from the sources: nothing is imported.
"""

import ast
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "kerasgan",
    "kerasgan.models",
    "kerasgan.networks",
    "kerasgan.layers",
    "kerasgan.recipes",
    "kerasgan.training",
    "kerasgan.callbacks",
    "kerasgan.data",
    "kerasgan.metrics",
    "kerasgan.drawing",
    "kerasgan.export",
    "kerasgan.zoo",
)
_INDEX = """# Reference

Every public name of the package, from the docstrings in its sources.

| package | |
|---|---|
"""


def on_config(config: MkDocsConfig) -> None:
    """Puts the pages into the navigation."""
    for section in config.nav:
        if "Reference" in section:
            section["Reference"] += [{package: f"reference/{package}.md"} for package in PACKAGES]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages."""
    index = _INDEX
    for package in PACKAGES:
        docstring, names = public_names(package)
        summary, _, rest = docstring.partition("\n")
        index += f"| [`{package}`]({package}.md) | {summary} |\n"
        page = [f"# {package}", summary, _code_blocks(rest)]
        page += [f"::: {package}.{name}" for name in names]
        text = "\n\n".join(page) + "\n"
        files.append(File.generated(config, f"reference/{package}.md", content=text))
    files.append(File.generated(config, "reference/index.md", content=index))
    return files


def public_names(package: str) -> tuple[str, list[str]]:
    """Returns a package's docstring, and the names of its classes and functions."""
    folder = CHECKOUT.joinpath(*package.split("."))
    path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    module = ast.parse(path.read_text(encoding="utf-8"))
    (names,) = (
        ast.literal_eval(each.value)
        for each in module.body
        if isinstance(each, ast.Assign) and each.targets[0].id == "__all__"
    )
    subpackages = {f"{package}.{name}" for name in names} & {*PACKAGES, "kerasgan.wikiart"}
    shown = [
        name
        for name in names
        if f"{package}.{name}" not in subpackages and not name.startswith("__")
    ]
    return ast.get_docstring(module) or "", shown


def _code_blocks(docstring: str) -> str:
    """Returns a docstring whose examples (`>>>`) are blocks of code in Markdown."""
    paragraphs = docstring.strip().split("\n\n")
    return "\n\n".join(
        f"```pycon\n{each}\n```" if each.startswith(">>>") else each for each in paragraphs
    )
