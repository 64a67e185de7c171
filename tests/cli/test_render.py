import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kerasgan import zoo
from kerasgan.drawing import render

MODEL = "mnist_cppn_wgan_gp"


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture)


def error(result):
    code, out, err = result
    assert (code, out) == (2, "")
    lines = [line for line in err.splitlines() if line.startswith("Error: ")]
    assert len(lines) == 1
    return lines[0]


def test_options_say_what_is_drawn(kerasgan):
    options = ["--zoom", 2, "--center", "-0.5,0.25", "--invert"]
    code, out, err = kerasgan("render", MODEL, "--size", "60x40", "--seed", 3, *options)
    assert (code, out) == (0, "render.png: 60x40 from --seed 3\n")
    assert "100%" in err
    gan = zoo.load(MODEL)
    z = gan.draw_latents(1, seed=3)[0]
    view = {"width": 60, "height": 40, "zoom": 2.0, "centre": (-0.5, 0.25)}
    np.testing.assert_array_equal(pixels("render.png"), render(gan, z, **view, invert=True)[..., 0])


def test_a_seed_draws_the_first_picture_of_sample_and_a_latent_file_the_same(kerasgan):
    assert kerasgan("render", MODEL, "--size", 28, "--seed", 5, "--out", "a.png")[0] == 0
    assert kerasgan("sample", MODEL, "--count", 1, "--seed", 5, "--out", "sample.png")[0] == 0
    np.testing.assert_allclose(pixels("a.png"), pixels("sample.png").astype(int), atol=1)

    z = zoo.load(MODEL).draw_latents(1, seed=5)
    np.save("z.npy", z)
    Path("z.json").write_text(json.dumps(z[0].tolist()))
    for name in ("z.npy", "z.json"):
        options = ["--size", 28, "--latent", name, "--out", "b.png"]
        code, out, _ = kerasgan("render", MODEL, *options)
        assert (code, out) == (0, f"b.png: 28x28 from {name}\n")
        np.testing.assert_array_equal(pixels("a.png"), pixels("b.png"))


def test_without_a_seed_it_tells_the_one_it_took(kerasgan):
    seed = kerasgan("render", MODEL, "--size", 20, "--out", "a.png")[1].split()[-1]
    assert kerasgan("render", MODEL, "--size", 20, "--seed", seed, "--out", "b.png")[0] == 0
    np.testing.assert_array_equal(pixels("a.png"), pixels("b.png"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--size", "0"], "Received: width=0"),
        (["--size", "-5"], "Received: width=-5"),
        (["--size", "1000000000"], "Received: width=1000000000"),
        (["--size", "20x0"], "Received: height=0"),
        (["--size", "big"], "'big' is no size; give 4096, or 8192x4096"),
        (["--zoom", "0"], "Received: zoom=0.0"),
        (["--zoom", "nan"], "Received: zoom=nan"),
        (["--center", "1"], "'1' is no place; give X,Y"),
        (["--center", "1,inf"], "Received: centre=(1.0, inf)"),
        (["--latent", "short.npy"], "short.npy must hold one latent of 128"),
        (["--latent", "none.npy"], "Cannot read none.npy"),
        (["--latent", "short.npy", "--seed", "1"], "Give --seed or --latent, not both"),
        (["--size", "70000", "--out", "a.jpg"], "JPEG holds at most 65,500"),
        (["--size", "16384", "--out", "a.webp"], "WebP holds at most 16,383"),
        (["--out", "a.doc"], "a.doc: .doc is not a format"),
    ],
)
def test_bad_input_is_one_clear_line(kerasgan, tmp_path, options, said):
    np.save("short.npy", np.zeros(5))
    assert said in error(kerasgan("render", MODEL, *options))
    assert {path.name for path in tmp_path.iterdir()} <= {"short.npy", "cache"}


def test_another_model_says_its_own_size(kerasgan):
    said = error(kerasgan("render", "pokemon_wgan", "--size", 500))
    assert "draws at its own size alone, 128x128, with `kerasgan sample`" in said
