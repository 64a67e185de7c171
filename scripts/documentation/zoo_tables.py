"""MkDocs hook: numbers of the zoo, from its entries and `zoo/results.json`, never typed by hand.

<!-- zoo -->                    the table of all entries
<!-- zoo: NAME NAME -->         of some
<!-- measures: NAME NAME -->    all measures of some, beside their floors
<!-- gallery -->                every entry's pictures

What stands between a mark and `<!-- end -->` is for readers of the sources, and left out here.
"""

import json
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from kerasgan.zoo.card import zoo_table
from kerasgan.zoo.card_commands import drawn_section

CHECKOUT = Path(__file__).resolve().parents[2]
ZOO = CHECKOUT / "zoo"
_MARK = re.compile(
    r"<!-- (zoo|measures|gallery)(?:: ([\w ]+?))? -->(?:(?:(?!<!--).)*?<!-- end -->)?", re.DOTALL
)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Replaces the marks of a page."""
    up = "../" * page.file.src_uri.count("/")

    def filled(match: re.Match) -> str:
        names = (match[2] or "").split() or entries()
        table = {"zoo": _zoo, "measures": _measures, "gallery": _gallery}[match[1]]
        return table(names, up)

    return _MARK.sub(filled, markdown)


def entries() -> list[str]:
    """Returns the names of the zoo's entries."""
    return sorted(card.parent.name for card in ZOO.glob("*/README.md"))


def _zoo(names: list[str], up: str) -> str:
    return zoo_table([ZOO / name for name in names]).replace("](zoo/", f"]({up}zoo/")


def _measures(names: list[str], up: str) -> str:
    results = json.loads((ZOO / "results.json").read_text(encoding="utf-8"))
    columns = [f"[`{name}`]({up}zoo/{name}/README.md)" for name in names]
    rows = [f"| measure | {' | '.join(columns)} |", "|---" * (1 + len(names)) + "|"]
    measures = {key: None for name in names for key in results[name]["measures"]}
    for key in measures:
        cells = []
        for name in names:
            each = results[name]["measures"].get(key)
            cells.append(
                f"{_number(each['value'])} (floor {_number(each['floor'])})" if each else ""
            )
        title = key.replace("_", " ").replace("frechet", "Fréchet").capitalize()
        rows.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 99.5 else f"{value:.2g}"


def _gallery(names: list[str], up: str) -> str:
    parts = []
    for name in names:
        classes = json.loads((ZOO / name / "metrics.json").read_text(encoding="utf-8"))["classes"]
        prose = (ZOO / name / "notes.md").read_text(encoding="utf-8").split("\n\n", 1)[0]
        parts.append(
            f"## [{name}]({up}zoo/{name}/README.md)\n\n{prose}\n\n"
            f"![Pictures of {name}, not selected]({up}zoo/{name}/samples.png){{ .samples }}\n\n"
            f"*{drawn_section(name, classes)}*"
        )
    return "\n\n".join(parts)
