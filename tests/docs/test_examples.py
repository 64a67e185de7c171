"""The Python of the pages for engineers runs as it stands, one block after the other."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.tiny_recipe import eager_training

DOCS = Path(__file__).parents[2] / "docs"
RNG = np.random.default_rng(0)


def blocks(page, *sections):
    """The Python of a page, or of some of its sections."""
    text = (DOCS / page).read_text(encoding="utf-8")
    if sections:
        parts = re.split(r"^## ", text, flags=re.MULTILINE)
        text = "".join(part for part in parts if part.startswith(sections))
    found = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert found
    return "\n".join(found)


@pytest.mark.parametrize(
    ("page", "sections"),
    [
        ("guides/own_objective.md", ()),
        ("start/engineer.md", ("Your own networks", "Your own data")),
    ],
)
def test_the_blocks_run_one_after_the_other(page, sections, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERASGAN_CACHE", str(tmp_path / "cache"))
    (tmp_path / "my_images").mkdir()
    for number in range(16):
        pixels = RNG.integers(0, 256, (8, 8, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / "my_images" / f"{number}.png")
    names = {
        "__name__": "__main__",
        "real_images": RNG.integers(0, 256, (24, 28, 28, 1), np.uint8),
        "numbers": RNG.integers(0, 3, 24, np.int32),
    }
    with eager_training():
        exec(blocks(page, *sections), names)
    if "again" in names:
        assert names["again"].margin == 2.0
        assert int(names["again"].batches_seen) == 4
    else:
        assert names["dataset"].element_spec.shape[1:] == (128, 128, 3)
        assert names["labelled"].generate(2, "sea", seed=0).shape == (2, 28, 28, 1)
