"""MkDocs hook: formulas become MathML while the site is built, so that pages need no script.

Browsers lay MathML out by a font with a table of mathematics, which many machines lack. The
characters that occur are taken from STIX Two Math (SIL Open Font License), which ziamath brings.
"""

import html
import re
from importlib.util import find_spec
from pathlib import Path

from fontTools import subset
from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig

_FORMULA = re.compile(
    r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>', re.DOTALL
)
_TAG = re.compile(r"<[^>]+>")
FONT = "assets/stix-two-math.woff"

_characters: set[str] = set()


def on_page_content(content: str, **_: object) -> str:
    """Replaces a page's formulas, of TeX, by MathML."""
    return _FORMULA.sub(_mathml, content)


def on_post_build(config: MkDocsConfig) -> None:
    """Writes the font of all the formulas' characters."""
    options = subset.Options(flavor="woff", layout_features=["*"])
    options.name_IDs = ["*"]  # The copyright and the licence among them.
    target = Path(config.site_dir) / FONT
    source = Path(find_spec("ziamath").origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(each) for each in _characters | set(map(chr, range(32, 127)))])
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def _mathml(match: re.Match) -> str:
    kind = "block" if match[1] == "div" else "inline"
    mathml = convert(html.unescape(match[2]).strip(), display=kind)
    _characters.update(html.unescape(_TAG.sub("", mathml)))
    return f'<div class="formula">{mathml}</div>' if kind == "block" else mathml
