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

_FORMULA = re.compile(r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>', re.DOTALL)
# latex2mathml leaves no space after these names, and takes the sign of a distribution for a letter.
_NAME = re.compile(r"(\\log|\\text\{tr\})(?=\s*[A-Za-z\\])")
_SIGNS = {"<mi>&#x0007E;</mi>": "<mo>&#x0223C;</mo>"}
_TAG = re.compile(r"<[^>]+>")
FONT = "assets/stix-two-math.woff"

# Those of the formulas, letters and digits, and what browsers draw by themselves.
_characters = {*map(chr, range(32, 127)), "√", "‾"}


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
    subsetter.populate(unicodes=list(map(ord, _characters)))
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def _mathml(match: re.Match) -> str:
    kind = "block" if match[1] == "div" else "inline"
    tex = _NAME.sub(r"\1\\,", html.unescape(match[2]).strip())
    mathml = convert(tex, display=kind)
    for wrong, right in _SIGNS.items():
        mathml = mathml.replace(wrong, right)
    _characters.update(html.unescape(_TAG.sub("", mathml)))
    return f'<div class="formula">{mathml}</div>' if kind == "block" else mathml
