import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

import kerasgan as package
from kerasgan.drawing import read_provenance

# Each command in turn, in one process that must not import TensorFlow.
DRAWN = """
import sys
from kerasgan.cli.main import main
for line in sys.stdin.read().splitlines():
    sys.argv = ["kerasgan", *line.split()]
    try:
        main()
    except SystemExit as done:
        assert not done.code, line
assert not {"tensorflow", "keras"} & set(sys.modules)
"""


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture).astype(int)


def test_litert_draws_and_never_imports_tensorflow(litert_entries, tmp_path):
    plain, cppn, conditional = (litert_entries[key] for key in ("plain", "cppn", "conditional"))
    lines = f"""sample {plain} --count 5 --seed 1 --truncation 0.9 --out a.png
sample {plain} --again a.png --out b.png
sample {conditional} --label genre=portrait --seeds 1-3 --captions --out c.png
render {cppn} --size 70x50 --seed 2 --zoom 1.5 --out d.png
render {cppn} --size 70x50 --latent d.png --out e.jpg
morph {plain} --seeds 1,2 --frames 3 --out f.gif
morph {conditional} --seeds 1 --label genre=portrait --label genre=landscape --label style=0 \
--frames 3 --out g
sample {plain} --count 3 --engine litert --out h"""
    done = subprocess.run(
        [sys.executable, "-c", DRAWN],
        input=lines,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(package.__file__).parents[1])},
    )
    assert done.returncode == 0, done.stderr
    assert "INFO" not in done.stderr
    np.testing.assert_array_equal(pixels(tmp_path / "a.png"), pixels(tmp_path / "b.png"))
    for name in ("a.png", "b.png", "c.png", "d.png", "f.gif", "g/1.png", "h/0.png"):
        assert read_provenance(tmp_path / name).engine == "litert"


def test_again_takes_the_engine_of_the_file(kerasgan, litert_entries, monkeypatch, plain):
    entry = litert_entries["plain"]
    monkeypatch.setattr("kerasgan.zoo.loader.open_model", lambda name, best=False: plain)
    for engine in ("litert", "tensorflow"):
        options = ["--count", 2, "--seed", 1, "--engine", engine]
        assert kerasgan("sample", entry, *options, "--out", f"{engine}.png")[0] == 0
        code, _, err = kerasgan("sample", entry, "--again", f"{engine}.png", "--out", "again.png")
        assert (code, err) == (0, "")
        assert read_provenance("again.png") == read_provenance(f"{engine}.png")
    options = ["--engine", "litert", "--out", "again.png"]
    code, _, err = kerasgan("sample", entry, "--again", "tensorflow.png", *options)
    assert code == 0
    assert "litert draws what tensorflow drew" in err
    expected = msgspec.structs.replace(read_provenance("tensorflow.png"), engine="litert")
    assert read_provenance("again.png") == expected
    assert np.abs(pixels("again.png") - pixels("tensorflow.png")).max() <= 3


def test_again_of_a_model_without_litert_files_is_drawn_by_tensorflow(
    kerasgan, litert_entries, monkeypatch, plain
):
    monkeypatch.setattr("kerasgan.zoo.loader.open_model", lambda name, best=False: plain)
    assert kerasgan("sample", litert_entries["plain"], "--seed", 1, "--out", "page.png")[0] == 0
    Path("bare").mkdir()
    code, _, err = kerasgan("sample", "bare", "--again", "page.png", "--out", "again.png")
    assert code == 0
    assert "tensorflow draws what litert drew" in err
    assert np.abs(pixels("again.png") - pixels("page.png")).max() <= 3


def test_without_litert_the_user_is_told_what_to_do(kerasgan, litert_entries, monkeypatch):
    entry = litert_entries["plain"]
    assert kerasgan("sample", entry, "--count", 1, "--out", "a.png")[0] == 0
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for options in (["--engine", "litert"], ["--again", "a.png"]):
        code, out, err = kerasgan("sample", entry, *options)
        assert (code, out) == (2, "")
        assert "pip install 'kerasgan[litert]', or pass --engine 'tensorflow'" in err


@pytest.mark.usefixtures("models")
def test_the_critic_needs_tensorflow(kerasgan, litert_entries):
    options = ["--count", 1, "--best-of", 2, "--engine", "litert"]
    code, _, err = kerasgan("sample", litert_entries["plain"], *options)
    assert code == 2
    assert "--engine 'tensorflow'" in err
