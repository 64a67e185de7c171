import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_word_that_the_readme_links_is_explained_in_one_or_two_sentences():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    parts = re.findall(r"^### (.+)\n\n((?:.+\n)+)", text, re.MULTILINE)
    # The slugs of GitHub and of the site are the same for words like these.
    explained = {re.sub(r"[^a-z ]", "", word.lower()).replace(" ", "-"): e for word, e in parts}
    linked = re.findall(r"docs/glossary\.md#([a-z-]+)", (ROOT / "README.md").read_text("utf-8"))
    assert linked
    assert {*linked} <= {*explained}
    assert len(linked) == len({*linked}), "a word is linked where it first occurs"
    for word, explanation in explained.items():
        assert len(re.findall(r"\.\s", explanation)) in (1, 2), word
