import importlib.util
import shutil

import numpy as np
import pytest

from kerasgan.drawing.litert.model import LiteRTModel
from kerasgan.errors import UserError
from kerasgan.models import WGAN
from kerasgan.zoo import open_for_drawing, verify


def test_an_entry_is_drawn_by_litert_unless_tensorflow_is_requested(entry):
    assert {"tile.tflite", "model.json"} <= {file.name for file in (entry / "litert").iterdir()}
    ours, theirs = open_for_drawing(entry), open_for_drawing(entry, engine="tensorflow")
    assert isinstance(ours, LiteRTModel)
    assert isinstance(theirs, WGAN)
    difference = ours.generate(4, seed=0) - theirs.generate(4, seed=0)
    assert np.abs(difference).max() <= 3.0 / 255.0
    assert ours.load_in_tensorflow().latent_dim == theirs.latent_dim
    assert open_for_drawing(entry, engine="litert").load_in_tensorflow is None


def test_without_litert_tensorflow_draws(entry, run, monkeypatch):
    assert isinstance(open_for_drawing(run), WGAN)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert isinstance(open_for_drawing(entry), WGAN)
    with pytest.raises(UserError, match=r"kerasgan\[litert\].*engine='tensorflow'"):
        open_for_drawing(entry, engine="litert")


def test_what_has_no_litert_files_is_refused(entry, run, tmp_path):
    with pytest.raises(UserError, match="run is a run folder"):
        open_for_drawing(run, engine="litert")
    with pytest.raises(UserError, match="best weights"):
        open_for_drawing(entry, engine="litert", best=True)
    with pytest.raises(UserError, match=r"no model 'pokemon_wgam'.*pokemon_wgan"):
        open_for_drawing("pokemon_wgam", engine="litert")
    with pytest.raises(UserError, match="engine='lightrt'"):
        open_for_drawing(entry, engine="lightrt")
    plain = shutil.copytree(entry, tmp_path / "plain")
    shutil.rmtree(plain / "litert")
    with pytest.raises(UserError, match="plain has no LiteRT files"):
        open_for_drawing(plain, engine="litert")


def test_a_mistyped_name_is_told_before_tensorflow_is_imported():
    with pytest.raises(UserError, match=r"no model 'pokemon_wgam'.*pokemon_wgan"):
        open_for_drawing("pokemon_wgam", before_tensorflow=pytest.fail)


def test_litert_files_are_checked_before_they_draw(entry, tmp_path):
    damaged = shutil.copytree(entry, tmp_path / "damaged")
    file = damaged / "litert" / "tile.tflite"
    file.write_bytes(file.read_bytes() + b"0")
    with pytest.raises(UserError, match=r"tile\.tflite is damaged"):
        open_for_drawing(damaged)
    assert verify(entry, part="litert") == len(list((entry / "litert").iterdir()))
