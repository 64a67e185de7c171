"""MkDocs hook: the navigation has the pages that there are."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

CHECKOUT = Path(__file__).resolve().parents[2]
# What other hooks generate.
_GENERATED = ("notebooks/", "reference/", "zoo/")


def on_config(config: MkDocsConfig) -> None:
    """Adds the entries of the zoo to the gallery and leaves out pages that are not written yet."""
    pages = Path(config.docs_dir)
    for section in config.nav:
        if "Gallery" in section:
            section["Gallery"] += [
                {card.parent.name: f"zoo/{card.parent.name}/README.md"}
                for card in sorted(CHECKOUT.glob("zoo/*/README.md"))
            ]
    config.nav = _present(config.nav, pages)


def _present(item: object, pages: Path) -> object:
    """Returns a part of the navigation without the pages that are missing, or None."""
    if isinstance(item, list):
        return [kept for each in item if (kept := _present(each, pages)) is not None]
    if isinstance(item, dict):
        ((title, value),) = item.items()
        kept = _present(value, pages)
        return None if kept is None else {title: kept}
    return item if item.startswith(_GENERATED) or (pages / item).is_file() else None
