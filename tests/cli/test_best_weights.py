"""`--best` of the commands that draw, and pictures that it drew."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kerasgan.drawing import read_provenance
from kerasgan.drawing.any_size.rendering import render
from kerasgan.drawing.latents import unpacked
from kerasgan.drawing.size import Size


@pytest.fixture
def best(tiny_generator, tiny_discriminator):
    """The best weights of a run whose newest are those of `plain`."""
    from kerasgan.models import WGAN

    return WGAN(tiny_generator(weights_seed=5), tiny_discriminator())


@pytest.fixture
def newest(plain, best, monkeypatch, tmp_path):
    """Makes `mine` a run with both."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "run.json").touch()
    opened = {"best": best, "newest": plain}
    monkeypatch.setattr(
        "kerasgan.zoo.loader.open_model",
        lambda name, best=False: opened["best" if best else "newest"],
    )
    return opened


@pytest.fixture
def done(kerasgan):
    def done(*arguments):
        code, _, err = kerasgan(*arguments)
        assert code == 0, err
        return err

    return done


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture).astype(int)


@pytest.mark.usefixtures("newest")
def test_a_picture_of_the_best_weights_is_drawn_again_and_picked_with_them(done, best):
    done("sample", "mine", "--best", "--seeds", "0-4", "--out", "a.png")
    with Image.open("a.png") as picture:
        assert picture.text["Weights"] == "the best of the run"
    done("sample", "mine", "--again", "a.png", "--out", "b.png")
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    done("sample", "mine", "--again", "a.png", "--pick", "3")
    expected = best.generate(best.draw_latents(1, seed=3))[0, ..., 0] * 255
    np.testing.assert_allclose(pixels("picks/3.png"), expected, atol=0.6)
    picks = json.loads(Path("picks/latents.json").read_text())
    assert (picks["best"], picks["weights"]) == (True, read_provenance("a.png").weights)


@pytest.mark.usefixtures("newest")
def test_picked_latents_are_drawn_by_other_weights_only_with_a_word(done, best, plain):
    done("sample", "mine", "--best", "--seeds", "0-4", "--pick", "3,1")
    through = ["morph", "mine", "--through", "picks/latents.json", "--frames", 2]
    said = "other weights, the best of mine; .* open the model with --best for these"
    with pytest.warns(UserWarning, match=said.replace("--best", "best=True")):
        done(*through, "--out", "newest")
    assert done(*through, "--best", "--out", "best") == ""
    for folder, model in (("newest", plain), ("best", best)):
        expected = model.generate(model.draw_latents(1, seed=1))[0, ..., 0] * 255
        np.testing.assert_allclose(pixels(f"{folder}/1.png"), expected, atol=0.6)
    with pytest.warns(UserWarning, match=r"picks/3\.png was drawn with other weights, the best of"):
        done("blend", "mine", "A", "A=picks/3.png")
    done("blend", "mine", "A", "A=picks/3.png", "--best", "--out", "b.png")
    np.testing.assert_array_equal(pixels("b.png"), pixels("picks/3.png"))
    done("encode", "mine", "picks/3.png", "--best", "--steps", 0)


def test_best_weights_that_have_changed_are_told_with_what_draws_today(
    done, kerasgan, newest, plain
):
    done("sample", "mine", "--best", "--seeds", "3,4,5,9", "--psi", 0.5, "--out", "a.png")
    newest["best"] = plain
    code, _, err = kerasgan("sample", "mine", "--again", "a.png")
    assert code == 2
    assert "The best weights of mine are not those that drew the picture" in err
    assert "kerasgan sample mine --best --seeds 3-5,9 --psi 0.5" in err
    picking = ("--pick", "4,9", "--upscale", 2, "--out", "picks")
    code, _, err = kerasgan("sample", "mine", "--again", "a.png", *picking)
    assert code == 2
    assert "they change while it trains, and those of an entry (kerasgan zoo export) do not" in err
    assert "--seeds 3-5,9 --psi 0.5 --pick 4,9 --upscale 2 --out picks" in err


def test_an_entry_that_was_exported_from_the_best_weights_draws_again(done, newest, best):
    done("sample", "mine", "--best", "--count", 3, "--out", "a.png")
    newest["newest"] = best
    done("sample", "entry", "--again", "a.png", "--out", "b.png")
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()


def test_renders_of_the_best_weights_say_so(done, newest, cppn):
    newest["best"] = cppn
    done("render", "mine", "--best", "--seed", 3, "--size", 12, "--out", "a.png")
    provenance = read_provenance("a.png")
    assert provenance.best
    expected = render(cppn, 3, Size(width=12, height=12))[..., 0]
    np.testing.assert_array_equal(pixels("a.png"), expected)
    done("morph", "mine", "--best", "--seeds", "3,4", "--frames", 2, "--out", "a.gif")
    animation = read_provenance("a.gif")
    assert animation.best
    latents = np.concatenate([cppn.draw_latents(1, seed=seed) for seed in (3, 4)])
    np.testing.assert_array_equal(unpacked(animation.latents, 3), latents)
