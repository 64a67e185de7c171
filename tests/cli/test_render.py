import numpy as np
import pytest
from PIL import Image

from kerasgan.drawing import RandomCPPN, Size, read_provenance, render

pytestmark = pytest.mark.usefixtures("models")


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture)


def error(result):
    code, out, err = result
    assert (code, out) == (2, "")
    lines = [line for line in err.splitlines() if line.startswith("Error: ")]
    assert len(lines) == 1
    return lines[0]


def test_options_say_what_is_drawn(kerasgan, cppn):
    options = ["--zoom", 2, "--centre", "-0.5,0.25", "--invert"]
    code, out, err = kerasgan("render", "cppn", "--size", "60x40", "--seed", 3, *options)
    assert (code, out) == (0, "render.png: 60x40 from --seed 3\n")
    assert "100%" in err
    view = {"zoom": 2.0, "centre": (-0.5, 0.25)}
    latent = cppn.draw_latents(1, seed=3)[0]
    picture = render(cppn, latent, Size(width=60, height=40), **view, invert=True)
    np.testing.assert_array_equal(pixels("render.png"), picture[..., 0])
    provenance = read_provenance("render.png")
    assert (provenance.model, provenance.seed, provenance.invert) == ("cppn", 3, True)


def test_it_is_drawn_again_the_same_in_bits(kerasgan):
    options = ["--size", "20x30", "--zoom", 3, "--invert", "--out", "a.png"]
    assert kerasgan("render", "cppn", *options)[0] == 0
    assert kerasgan("sample", "--again", "a.png", "--out", "b.png")[0] == 0
    np.testing.assert_array_equal(pixels("a.png"), pixels("b.png"))
    assert read_provenance("a.png") == read_provenance("b.png")


def test_a_seed_draws_the_first_picture_of_sample_and_files_the_same(kerasgan, cppn):
    assert kerasgan("render", "cppn", "--size", 8, "--seed", 5, "--out", "a.png")[0] == 0
    options = ["--count", 1, "--seed", 5, "--out", "sample.png"]
    assert kerasgan("sample", "cppn", *options)[0] == 0
    np.testing.assert_allclose(pixels("a.png"), pixels("sample.png").astype(int), atol=1)

    np.save("z.npy", cppn.draw_latents(1, seed=5))
    for name in ("z.npy", "a.png", "sample.png"):
        options = ["--size", 8, "--latent", name, "--out", "b.png"]
        code, out, _ = kerasgan("render", "cppn", *options)
        assert (code, out) == (0, f"b.png: 8x8 from {name}\n")
        np.testing.assert_array_equal(pixels("a.png"), pixels("b.png"))


def test_without_a_seed_it_tells_the_one_it_took(kerasgan):
    seed = kerasgan("render", "cppn", "--size", 20, "--out", "a.png")[1].split()[-1]
    assert kerasgan("render", "cppn", "--size", 20, "--seed", seed, "--out", "b.png")[0] == 0
    np.testing.assert_array_equal(pixels("a.png"), pixels("b.png"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--size", "0"], "Received: width=0"),
        (["--size", "-5"], "Received: width=-5"),
        (["--size", "1000000000"], "Received: width=1000000000"),
        (["--size", "20x0"], "Received: height=0"),
        (["--size", "big"], "'big' is not a size; use 4096, or 8192x4096"),
        (["--zoom", "0"], "Received: zoom=0.0"),
        (["--zoom", "nan"], "nan is not a finite number"),
        (["--center", "1"], "'1' is not X,Y"),
        (["--center", "1,inf"], "Received: centre=(1.0, inf)"),
        (["--seed", str(2**70)], "not an integer of at most 64 bits"),
        (["--latent", "short.npy"], "short.npy: the model's latents have length 3"),
        (["--latent", "none.npy"], "Cannot read the latents none.npy"),
        (["--latent", "none.txt"], "'none.txt' is neither a seed nor a file"),
        (["--latent", "short.npy", "--seed", "1"], "Give --seed or --latent, not both"),
        (["--size", "70000", "--out", "a.jpg"], "JPEG holds pictures of up to 65,500"),
        (["--size", "16384", "--out", "a.webp"], "WEBP holds pictures of up to 16,383"),
        (["--out", "a.doc"], "a.doc: .doc cannot hold a picture of any size; use .png"),
    ],
)
def test_bad_input_is_one_clear_line(kerasgan, tmp_path, options, said):
    np.save("short.npy", np.zeros(5))
    assert said in error(kerasgan("render", "cppn", *options))
    assert {path.name for path in tmp_path.iterdir()} <= {"short.npy", "cache"}


def test_another_model_says_its_own_size(kerasgan):
    said = error(kerasgan("render", "plain", "--size", 500))
    assert "plain draws 8x8 pixels only; compositional" in said


def test_a_random_network_is_drawn_and_drawn_again_without_a_model(kerasgan):
    drawn = ["--random", "--width", 6, "--depth", 2, "--seed", 5, "--size", "20x30"]
    code, out, _ = kerasgan("render", *drawn, "--out", "a.png")
    assert (code, out) == (0, "a.png: 20x30 from --seed 5\n")
    picture = render(RandomCPPN(width=6, depth=2), 5, Size(width=20, height=30))
    np.testing.assert_array_equal(pixels("a.png"), picture)
    assert kerasgan("sample", "--again", "a.png", "--out", "b.png")[0] == 0
    np.testing.assert_array_equal(pixels("a.png"), pixels("b.png"))
    assert read_provenance("a.png") == read_provenance("b.png")


def test_a_contact_sheet_has_a_network_of_each_seed(kerasgan):
    drawn = ["--random", "--weights", "lecun", "--channels", 1, "--seed", 3, "--size", 40]
    code, out, _ = kerasgan("render", *drawn, "--count", 4, "--out", "sheet.png")
    assert (code, out) == (0, "sheet.png: seeds 3 to 6\n")
    assert read_provenance("sheet.png").seeds == (3, 4, 5, 6)
    assert kerasgan("sample", "--again", "sheet.png", "--pick", 5)[0] == 0
    assert kerasgan("render", *drawn, "--seed", 5, "--out", "alone.png")[0] == 0
    np.testing.assert_allclose(pixels("picks/5.png"), pixels("alone.png").astype(int), atol=1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument 'MODEL'. Give a model, or --random."),
        (["cppn", "--random"], "--random draws without a MODEL"),
        (["cppn", "--width", "3"], "--width needs --random"),
        (["cppn", "--count", "3"], "--count needs --random"),
        (["--random", "--width", "0"], "0 is not in the range 1<=x<=256"),
        (["--random", "--weights", "x"], "'x' is not one of"),
        (["--random", "--count", "2", "--zoom", "2"], "leave out --zoom"),
        (["--random", "--count", "2", "--seed", str(2**63 - 1)], "give a smaller --seed"),
        (["--random", "--engine", "litert"], "which numpy draws; leave out engine"),
    ],
)
def test_wrong_calls_of_random_are_one_clear_line(kerasgan, arguments, said):
    assert said in error(kerasgan("render", *arguments))
