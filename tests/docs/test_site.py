"""The documentation site: it is built strictly, so a link that leads nowhere fails here too."""

import ast
import html
import html.parser
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.optional import skip_without

skip_without("material", "mkdocs", "mkdocstrings", "latex2mathml", "ziamath", "fontTools")

ROOT = Path(__file__).parents[2]
# What a browser fetches by itself; links that a reader may click are not among them.
_LOADED = {
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "img": "src",
    "script": "src",
    "source": "src",
    "video": "src",
}
_FETCHING_LINKS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch"}
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_NUMBER = re.compile(r"-?[\d.,]+(?:e-?\d+)?")
_OUTSIDE = re.compile(r"(?:https?:)?//")


class Page(html.parser.HTMLParser):
    """What a page loads, and the anchors in it."""

    def __init__(self, path):
        super().__init__()
        self.loaded, self.anchors = [], set()
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.anchors.add(attributes.get("id"))
        if address := attributes.get(_LOADED.get(tag)):
            self.loaded.append(address)
        if tag == "link" and _FETCHING_LINKS & set(attributes.get("rel", "").split()):
            self.loaded.append(attributes["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site: its folder and its pages by their paths in it."""
    folder = tmp_path_factory.mktemp("site")
    program = "import sys; sys.modules['tensorflow'] = None; from mkdocs.__main__ import cli; cli()"
    built = subprocess.run(
        [sys.executable, "-c", program, "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    pages = folder.rglob("*.html")
    return folder, {page.relative_to(folder).as_posix(): Page(page) for page in pages}


def test_nothing_is_loaded_from_outside(site):
    folder, pages = site
    for page in pages.values():
        assert not [address for address in page.loaded if _OUTSIDE.match(address)]
    for sheet in folder.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        loaded = re.findall(r"(?:url\(|@import\s)\s*[\"']?([^\"')\s]+)", text)
        assert not [address for address in loaded if _OUTSIDE.match(address)], sheet


def test_everything_that_is_loaded_is_there(site):
    folder, pages = site
    for name, page in pages.items():
        for address in page.loaded:
            if name != "404.html" and not address.startswith(
                "data:"
            ):  # Its paths are the server's.
                assert (folder / name).parent.joinpath(address).is_file(), (name, address)


def test_the_reference_has_every_public_name(site):
    _, pages = site
    rooms = ["models", "networks", "layers", "data", "metrics", "training", "recipes"]
    rooms += ["drawing", "export", "zoo"]
    for room in rooms:  # Read and not imported: that takes TensorFlow.
        text = (ROOT / "kerasgan" / room / "__init__.py").read_text(encoding="utf-8")
        (names,) = re.findall(r"^__all__ = (\[.*?\])", text, re.DOTALL | re.MULTILINE)
        anchors = pages[f"reference/kerasgan.{room}.html"].anchors
        assert {f"kerasgan.{room}.{name}" for name in ast.literal_eval(names)} <= anchors
    assert "kerasgan.callbacks.SampleGrid" in pages["reference/kerasgan.callbacks.html"].anchors


def test_examples_of_docstrings_are_code(site):
    _, pages = site
    for name, page in pages.items():
        assert "<blockquote>" not in page.text, name  # What Markdown makes of >>>.


def test_every_shipped_model_is_in_the_gallery_and_has_its_card(site):
    _, pages = site
    names = [card.parent.name for card in ROOT.glob("zoo/*/README.md")]
    source = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    assert names
    for name in names:
        assert f"](../zoo/{name}/samples.png)" in source  # For readers in the repository.
        assert f"zoo/{name}/samples.png" in pages["gallery.html"].loaded
        assert "samples.png" in pages[f"zoo/{name}/index.html"].loaded


def test_the_measures_of_every_entry_are_those_of_the_results(site):
    _, pages = site
    results = json.loads((ROOT / "zoo" / "results.json").read_text(encoding="utf-8"))
    shown = {}
    for name, page in pages.items():
        assert not re.search(r"<!-- (zoo|measures|gallery)", page.text)
        tables = re.findall(r"<table>.*?</table>", page.text, re.DOTALL)
        for rows in (read_table(table) for table in tables if name.startswith("systems/")):
            if rows[0][0] == "measure":
                for place, entry in enumerate(rows[0][1:], 1):
                    shown[entry] = {name_of(row[0]): row[place] for row in rows[1:]}
    assert shown.keys() == results.keys()
    for entry, result in results.items():
        cells = {key: cell for key, cell in shown[entry].items() if cell}
        assert cells.keys() == result["measures"].keys()
        for key, cell in cells.items():
            value, floor = (float(number.replace(",", "")) for number in re.findall(_NUMBER, cell))
            measure = result["measures"][key]
            assert value == pytest.approx(measure["value"], rel=0.05)
            assert floor == pytest.approx(measure["floor"], rel=0.05)


def name_of(title):
    return title.lower().replace("é", "e").replace(" ", "_")


def read_table(table):
    """The texts of the cells of an HTML table, row by row."""
    return [
        [html.unescape(re.sub("<[^>]+>", "", cell)).strip() for cell in re.findall(_CELL, row)]
        for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
    ]


def test_formulas_are_mathml_in_a_font_of_the_site(site):
    folder, pages = site
    text = pages["systems/cppn_wgan_gp.html"].text
    assert text.count("<math") > 10 and "\\(" not in text and "arithmatex" not in text
    from fontTools.ttLib import TTFont

    font = TTFont(folder / "assets" / "stix-two-math.woff")
    formulas = "".join(re.findall(r"<math.*?</math>", text, re.DOTALL))
    characters = set(map(ord, html.unescape(re.sub("<[^>]+>", "", formulas))))
    assert characters <= set(font.getBestCmap()) and "MATH" in font
