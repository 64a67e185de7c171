"""`kerasgan sample`, `encode`, `blend` and `morph`."""

import json
import re
import shlex
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kerasgan.drawing import lerp, read_provenance, truncate, write_latents
from kerasgan.drawing.drawing_command import drawing_command
from kerasgan.drawing.from_provenance import generate_mixed
from kerasgan.drawing.latents import unpacked

pytestmark = pytest.mark.usefixtures("models")


@pytest.fixture
def done(kerasgan):
    """Calls the command, which must succeed, and returns what it prints."""

    def done(*arguments):
        # A progress bar is shown where something takes its time.
        code, out, err = kerasgan(*arguments)
        assert code == 0, err
        return out

    return done


@pytest.fixture
def error(kerasgan, tmp_path):
    """Calls the command, which must fail in one line and write nothing; returns the line."""

    def error(*arguments):
        before = sorted(tmp_path.rglob("*"))
        code, _, err = kerasgan(*arguments)
        assert code == 2
        last = err.splitlines()[-1]
        assert last.startswith("Error: ")
        assert "Traceback" not in err
        assert sorted(tmp_path.rglob("*")) == before
        return last

    return error


def test_a_mistake_of_ours_in_a_drawing_is_not_told_as_the_users(kerasgan, tmp_path, monkeypatch):
    def network(self, latent):
        return np.zeros(3) + np.zeros(4)

    monkeypatch.setattr("kerasgan.drawing.RandomCPPN._network", network)
    code, _, err = kerasgan("sample", "cppn:depth=2", "--out", tmp_path / "picture.png")
    assert code == 1
    assert "ValueError: operands could not be broadcast" in err.splitlines()[-1]
    assert err.endswith("(kerasgan --debug shows where)\n")


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture)


@pytest.mark.parametrize(
    "options",
    [
        ["plain", "--count", 5],
        ["plain", "--count", 3, "--seed", 7, "--truncation", 0.7, "--best-of", 4],
        ["genres", "--label", "all", "--columns", 3],
        ["genres", "--label", "portrait", "--best-of", 2, "--count", 2],
        ["conditional", "--label", "genre=2", "--count", 3],
        ["genres", "--label", "all", "--columns", 2, "--captions", "--numbers", "--upscale", 3],
        ["plain", "--seeds", "0-4,19", "--psi", 0.7, "--numbers"],
        ["cppn", "--count", 2, "--size", "12x9"],
    ],
)
def test_again_draws_a_grid_the_same_in_bytes(done, options):
    done("sample", *options, "--out", "a.png")
    assert done("sample", "--again", "a.png", "--out", "b.png") == "b.png\n"
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        ["sample", "plain", "--count", 5],
        ["sample", "plain", "--count", 3, "--seed", -7, "--truncation", 0.7],
        ["sample", "genres", "--label", "all", "--columns", 3, "--seed", 2**63 - 1],
        ["sample", "genres", "--label", "still-life", "--count", 2],
        ["sample", "conditional", "--label", "genre=2", "--seeds", "0-2,19,-3"],
        ["sample", "plain", "--seeds", "0-4,19", "--psi", -0.7],
        ["sample", "plain", "--count", 5, "--numbers", "--columns", 3, "--upscale", 2],
        ["sample", "cppn", "--count", 2, "--size", "12x9"],
        ["render", "cppn", "--size", "12x9", "--zoom", 2.5, "--centre=-0.25,1e-7", "--invert"],
    ],
)
def test_the_command_of_a_picture_draws_its_latents(done, options):
    done(*options, "--out", "a.png")
    words = shlex.split(drawing_command(read_provenance("a.png")))
    columns = ["--columns", 8] if options[0] == "sample" and "--columns" not in options else []
    done(*words[1:], *columns, "--out", "b.png")
    np.testing.assert_array_equal(pixels("a.png"), pixels("b.png"))
    done("blend", "plain", "A", "A=3", "--out", "c.png")
    assert drawing_command(read_provenance("c.png")) == ""


def test_again_draws_one_picture_of_a_folder_the_same_in_bytes(done, tmp_path):
    done("sample", "plain", "--count", 12, "--seed", 3, "--out", "folder")
    (tmp_path / "again").mkdir()
    done("sample", "--again", "folder/07.png", "--out", "again")
    one, other = (tmp_path / folder / "07.png" for folder in ("folder", "again"))
    assert one.read_bytes() == other.read_bytes()
    with Image.open(one) as picture:
        assert picture.text["Latent seed"] == "3:7"


def test_picks_of_a_grid_are_drawn_alone_and_lead_a_morph_and_a_blend(done, plain):
    done("sample", "plain", "--seeds", "0-9", "--numbers", "--upscale", 4, "--out", "grid.png")
    said = done("sample", "--again", "grid.png", "--pick", "7,2")
    assert said == "2 pictures in picks, with latents in picks/latents.json\n"
    said = done("sample", "--again", "grid.png", "--pick", "7", "--out", "one")
    assert said.startswith("1 picture in one, ")
    done("sample", "plain", "--seeds", "0-9", "--pick", "2,7", "--upscale", 4, "--out", "same")
    for name in ("2.png", "7.png"):
        assert Path("picks", name).read_bytes() == Path("same", name).read_bytes()
    assert pixels("picks/7.png").shape == (32, 32)
    done("sample", "--again", "picks/7.png", "--out", "again.png")
    assert Path("again.png").read_bytes() == Path("picks/7.png").read_bytes()

    latents = np.concatenate([plain.draw_latents(1, seed=seed) for seed in (7, 2)])
    arguments = ["--through", "picks/latents.json", "--frames", 3, "--psi", 0.5, "--upscale", 2]
    done("morph", "plain", *arguments, "--out", "a.gif")
    np.testing.assert_array_equal(unpacked(read_provenance("a.gif").latents, 3), 0.5 * latents)
    with Image.open("a.gif") as animation:
        assert animation.size == (16, 16)
    operands = ["A=picks/latents.json:7", "B=grid.png:2"]
    done("blend", "plain", "A - B", *operands, "--upscale", 2, "--latent-out", "z.npy")
    np.testing.assert_allclose(np.load("z.npy")[0], latents[0] - latents[1], rtol=1e-6)
    assert pixels("blend.png").shape == (16, 16)
    done("sample", "plain", "--latents", "picks/latents.json", "--out", "b.png")
    np.testing.assert_array_equal(pixels("b.png")[:, :8], pixels("b.png")[:8, :8])
    expected = np.rint(plain.generate(latents)[0, ..., 0] * 255)
    np.testing.assert_array_equal(pixels("b.png")[:, :8], expected)


def in_grid(path, place):
    """The pixels of one of the 8x8 pictures in the first row of a grid."""
    return pixels(path)[:8, 10 * place : 10 * place + 8].astype(int)


def test_picks_of_a_conditional_model_keep_their_classes(done, conditional):
    done("sample", "conditional", "--count", 8, "--numbers", "--seed", 3, "--out", "grid.png")
    done("sample", "--again", "grid.png", "--pick", "1,2")
    expected = conditional.generate(8, seed=3)[1:3, ..., 0] * 255
    labels = read_provenance("grid.png").labels
    classes = {name: each[1:3] for name, each in labels.items()}
    assert classes["genre"][0] != classes["genre"][1]

    done("sample", "conditional", "--latents", "picks/latents.json", "--out", "a.png")
    assert read_provenance("a.png").labels == classes
    for place in range(2):
        np.testing.assert_allclose(in_grid("a.png", place), expected[place], atol=0.6)
        np.testing.assert_array_equal(in_grid("a.png", place), pixels(f"picks/{place + 1}.png"))
    done("morph", "conditional", "--through", "picks/latents.json", "--frames", 2, "--out", "way")
    pictures = ["--through", "picks/1.png", "--through", "grid.png:2"]
    done("morph", "conditional", *pictures, "--frames", 2, "--out", "same")
    for folder in ("way", "same"):
        for place in range(2):
            np.testing.assert_allclose(pixels(f"{folder}/{place}.png"), expected[place], atol=1)


def test_the_folder_of_picks_stands_for_their_latents(done):
    done("sample", "plain", "--seeds", "0-5", "--pick", "5,2")
    done("sample", "plain", "--latents", "picks", "--out", "a.png")
    done("sample", "plain", "--latents", "picks/latents.json", "--out", "b.png")
    np.testing.assert_array_equal(pixels("a.png"), pixels("b.png"))
    done("blend", "plain", "A", "A=picks:2", "--out", "c.png")
    np.testing.assert_array_equal(pixels("c.png"), pixels("picks/2.png"))


def test_a_picture_of_a_grid_that_other_weights_drew_is_not_encoded(done, error):
    done("sample", "cppn", "--seeds", "0-5", "--numbers", "--out", "grid.png")
    said = error("blend", "plain", "A", "A=grid.png:3")
    assert "was drawn with other weights, of cppn, which its numbers belong to" in said
    assert said.endswith("kerasgan sample cppn --seeds 0-5 --numbers\n".rstrip())


def test_a_label_goes_before_that_of_a_file(done):
    done("sample", "conditional", "--count", 8, "--seed", 3, "--pick", "1,2")
    style = json.loads(Path("picks/latents.json").read_text())["labels"]["style"]
    file = "picks/latents.json"
    done("sample", "conditional", "--latents", file, "--label", "genre=portrait", "--out", "a.png")
    done("morph", "conditional", "--through", file, "--label", "genre=portrait", "--out", "a.gif")
    for path in ("a.png", "a.gif"):
        assert read_provenance(path).labels == {
            "genre": ("portrait", "portrait"),
            "style": (style["1"], style["2"]),
        }


def test_a_blend_is_of_the_classes_of_its_operands(done, genres):
    labels = ["--label", "portrait", "--out"]
    done("sample", "genres", "--seeds", "3,4", *labels, "one.png")
    done("sample", "genres", "--seeds", "5", "--label", "landscape", "--pick", "5")
    operands = ["A=one.png:4", "B=picks/latents.json:5"]
    done("blend", "genres", "lerp(A, B, 0.25)", *operands, "C=7", "--show-operands")
    mixed = {"portrait": 0.75, "landscape": 0.25}
    drawn = read_provenance("blend.png")
    assert drawn.labels == {"genre": ("portrait", "landscape", mixed, mixed)}
    latents = np.concatenate([genres.draw_latents(1, seed=seed) for seed in (4, 5)])
    way = lerp(*latents, 0.25)[np.newaxis]
    expected = generate_mixed(genres, way, {"genre": [mixed]})[0, ..., 0]
    np.testing.assert_allclose(in_grid("blend.png", 3), expected * 255, atol=1)
    done("sample", "--again", "blend.png", "--pick", "3,0", "--out", "again")
    done("sample", "genres", "--latents", "again/latents.json", "--out", "b.png")
    assert read_provenance("b.png").labels == {"genre": (mixed, "portrait")}
    done("blend", "genres", "A - B", *operands, "--label", "still-life", "--out", "c.png")
    assert read_provenance("c.png").labels == {"genre": ("still-life",)}


def test_files_without_classes_are_drawn_as_before(done, error, genres):
    latents = {str(seed): genres.draw_latents(1, seed=seed)[0].tolist() for seed in (3, 4)}
    Path("old.json").write_text(json.dumps({"model": "genres", "latents": latents}))
    write_latents(np.array(list(latents.values())), "z.npy")
    for file in ("old.json", "z.npy"):
        done("sample", "genres", "--latents", file, "--seed", 9, "--out", f"{file}.png")
        assert "classes of genre" in error("morph", "genres", "--through", file)
    np.testing.assert_array_equal(pixels("old.json.png"), pixels("z.npy.png"))


def test_classes_of_a_file_that_cannot_be_drawn_are_one_clear_line(done, error):
    done("sample", "genres", "--seeds", "3,4", "--label", "portrait", "--pick", "3,4")
    file = "picks/latents.json"
    said = error("sample", "plain", "--latents", file)
    assert "picks/latents.json do not fit the model: The label sets are none" in said
    Path("new.json").write_text(Path(file).read_text().replace("portrait", "fresco"))
    for command in (
        ["sample", "genres", "--latents", "new.json"],
        ["morph", "genres", "--through", "new.json"],
        ["blend", "genres", "A", "A=new.json:3"],
    ):
        said = error(*command)
        assert "no class 'fresco'; known are landscape, portrait, still-life" in said
        assert said.endswith("or pass --label of classes that this model has")
        done(*command, "--label", "portrait")
    write_latents(np.zeros(3), "z.npy")
    said = error("morph", "genres", "--through", file, "--through", "z.npy")
    assert "z.npy does not say its genre, as others do; pass --label once for all" in said
    operands = ["A=picks/latents.json:3", "B=one/latents.json:5"]
    done("sample", "genres", "--seeds", 5, "--label", 0, "--pick", 5, "--out", "one")
    said = error("blend", "genres", "(-A - B)", *operands)
    assert "has no part above 0 of any genre; pass --label for its class" in said


def test_a_pick_into_a_folder_with_pictures_needs_force(done, error):
    done("sample", "plain", "--count", 3, "--seed", 1, "--out", "folder")
    assert "--force" in error("sample", "plain", "--pick", 1, "--out", "folder")
    done("sample", "plain", "--seed", 1, "--pick", 1, "--out", "folder", "--force")
    assert sorted(path.name for path in Path("folder").iterdir()) == ["01.png", "latents.json"]


def test_another_process_draws_a_shipped_models_picture_the_same_in_bytes(
    done, fresh_process, monkeypatch
):
    from kerasgan.zoo.loader import load

    monkeypatch.setattr("kerasgan.zoo.loader.open_model", lambda name, best=False: load(name))
    done("sample", "mnist_cppn_vaegan", "--count", 5, "--truncation", 0.9, "--out", "a.png")
    program = "from kerasgan.cli.main import main; main()"
    again = fresh_process(program, "sample", "--again", "a.png", "--out", "b.png")
    assert (again.returncode, again.stdout) == (0, "b.png\n"), again.stderr
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()


def changed(path, **settings):
    """Writes a picture of kerasgan with other settings."""
    with Image.open("a.png") as picture:
        text = dict(picture.text)
        text["Settings"] = json.dumps(json.loads(text["Settings"]) | settings)
        info = PngInfo()
        for keyword, content in text.items():
            info.add_text(keyword, content)
        picture.save(path, pnginfo=info)


def test_again_opens_the_models_of_the_zoo_alone_unasked(done, error, monkeypatch):
    done("sample", "plain", "--count", 2, "--out", "a.png")
    for name in ("runs/mine", "../../plain", "/etc", "https://example.org", "x" * 5000):
        changed("foreign.png", model=name)
        said = error("sample", "--again", "foreign.png")
        assert f"names the model '{name[:9]}" in said
        assert "which is not in the zoo; if you trust it, give it: kerasgan sample MODEL" in said
    Path("runs/mine").mkdir(parents=True)
    Path("runs/mine/run.json").touch()
    changed("foreign.png", model="runs/mine")
    command = "kerasgan sample runs/mine --again foreign.png --pick 1 --out out"
    assert command in error("sample", "--again", "foreign.png", "--pick", 1, "--out", "out")
    done("sample", "plain", "--again", "foreign.png", "--out", "b.png")
    np.testing.assert_array_equal(pixels("a.png"), pixels("b.png"))


def test_again_with_another_model_names_the_one_that_drew(done, error):
    done("sample", "plain", "--count", 2, "--out", "a.png")
    assert "was drawn by plain, and cppn has other weights; leave out cppn" in error(
        "sample", "cppn", "--again", "a.png", "--out", "b.png"
    )
    changed("foreign.png", model="runs/mine")
    assert "by runs/mine, and cppn has other weights; give that instead of cppn" in error(
        "sample", "cppn", "--again", "foreign.png", "--out", "b.png"
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"numbers": [10**8]}, "damaged or of another version"),
        ({"numbers": [0] * 3000}, "says that it shows 3,000 pictures of 8x8, which its 18x8"),
        ({"size": [2**20, 2**20], "show": 0}, "2 pictures of 1048576x1048576, which its 18x8"),
        ({"truncation": -1.0}, "damaged or of another version"),
        ({"show": 2}, "says that it shows 2 pictures"),
        ({"latents": "AADAfwAAwH8AAMB/"}, "not finite"),
    ],
)
def test_again_draws_no_more_than_the_file_holds(done, error, settings, said):
    done("sample", "plain", "--count", 2, "--out", "a.png")
    changed("foreign.png", **settings)
    assert said in error("sample", "--again", "foreign.png")


def test_latents_of_a_file_are_drawn(done, plain):
    latents = plain.draw_latents(3, seed=1)
    write_latents(latents, "z.npy")
    done("sample", "plain", "--latents", "z.npy", "--out", "a.png")
    done("sample", "plain", "--seed", 1, "--count", 3, "--out", "b.png")
    np.testing.assert_array_equal(pixels("a.png"), pixels("b.png"))


def test_what_sample_cannot_do_is_one_clear_line(done, error):
    write_latents(np.zeros(4), "long.npy")
    done("sample", "plain", "--count", 2, "--out", "a.png")
    assert "model's latents have length 3" in error("sample", "plain", "--latents", "long.npy")
    unknown = error("sample", "genres", "--label", "portrat", "--out", "b.png")
    assert "did you mean portrait? The classes are landscape, portrait, still-life" in unknown
    assert "has no classes" in error("sample", "plain", "--label", "all")
    assert "leave out --captions" in error("sample", "plain", "--captions")
    assert "needs a grid" in error("sample", "genres", "--captions", "--out", "folder")
    assert "is not a picture format" in error("sample", "plain", "--out", "b.txt")
    assert "leave out --count" in error("sample", "plain", "--latents", "long.npy", "--count", 3)
    assert "64 bits" in error("sample", "plain", "--seed", 2**70)
    assert "leave out --count" in error("sample", "genres", "--label", "all", "--count", 3)
    assert "Missing argument 'MODEL'" in error("sample")
    assert "leave out --seed" in error("sample", "--again", "a.png", "--seed", 3)
    assert "No such file" in error("sample", "--again", "missing.png")
    done("morph", "plain", "--seeds", "1,2", "--frames", 3, "--out", "a.gif")
    assert "An animation is not drawn again" in error("sample", "--again", "a.gif")
    assert "An animation is not drawn again" in error("sample", "plain", "--again", "a.gif")
    assert "leave out --count" in error("sample", "plain", "--seeds", "1-3", "--count", 3)
    assert "no picture 40" in error("sample", "plain", "--pick", "3,40")
    assert "no picture 2" in error("sample", "--again", "a.png", "--pick", "2")
    assert "'3,x'" in error("sample", "plain", "--seeds", "3,x")
    assert "writes a folder" in error("sample", "plain", "--pick", "3", "--out", "b.png")
    assert "--numbers needs a grid" in error("sample", "plain", "--numbers", "--pick", "3")
    assert "--columns needs a grid" in error("sample", "plain", "--columns", 2, "--out", "new")
    assert "psi=11" in error("sample", "plain", "--psi", 11)
    for options in (
        ("--psi", 1, "--truncation", 1),
        ("--seeds", "1-3", "--seed", 4),
        ("--seeds", "1-3", "--best-of", 2),
        ("--latents", "long.npy", "--seeds", 1),
        ("--latents", "long.npy", "--truncation", 1),
        ("--label", "all", "--best-of", 2),
        ("--label", "all", "--latents", "long.npy"),
    ):
        said = error("sample", "genres", *options)
        assert re.search("leave out --(psi|seeds?|best-of|truncation|latents)$", said)
    assert "draws 8x8 pixels only" in error("sample", "plain", "--size", 9)
    assert "--upscale" in error("sample", "plain", "--upscale", 17)
    assert "do not fit" in error("sample", "plain", "--count", 90000, "--upscale", 16)
    assert "12345678" in error("sample", "plain", "--seeds", "12345678", "--numbers")
    two = error("sample", "genres", "--label", "portrait", "--label", "landscape")
    assert "Give one class of genre" in two


def test_encode_writes_latents_and_says_how_near_they_come(done, autoencoder):
    done("sample", "autoencoder", "--count", 2, "--seed", 0, "--out", "drawn")
    for path in Path("drawn").iterdir():
        Image.fromarray(pixels(path)).save(path)  # without what it was drawn from
    out = done("encode", "autoencoder", "drawn/0.png", "drawn/1.png", "--out", "z.npy")
    assert out.startswith("drawn/0.png: reconstruction error 0.")
    assert out.endswith("\nz.npy\n")
    images = np.stack([pixels(f"drawn/{i}.png") for i in range(2)])[..., np.newaxis]
    np.testing.assert_allclose(np.load("z.npy"), autoencoder.encode(images / 255), rtol=1e-5)


def test_encode_gives_pictures_that_the_model_drew_their_own_latents(done, error, genres):
    done("sample", "genres", "--seeds", "3-7", "--psi", 0.5, "--out", "grid.png")
    done("sample", "--again", "grid.png", "--pick", 6)
    Image.new("L", (8, 8)).save("black.png")
    pictures = ["grid.png:4", "black.png", "picks/6.png"]
    out = done("encode", "genres", *pictures, "--label", "portrait", "--steps", 0)
    lines = out.splitlines()
    assert lines[0] == "grid.png:4: the latent it was drawn from"
    assert lines[1].startswith("black.png: reconstruction error 0.")
    latents = np.concatenate([genres.draw_latents(1, seed=seed) for seed in (4, 6)])
    np.testing.assert_array_equal(np.load("latents.npy")[[0, 2]], 0.5 * latents)
    done("encode", "genres", "picks/6.png", "--out", "one.npy")
    np.testing.assert_array_equal(np.load("one.npy"), np.load("latents.npy")[2:])
    assert "give --label one of landscape" in error("encode", "genres", *pictures)
    assert "is a grid of 5 pictures; choose one by its number" in error(
        "encode", "genres", "grid.png"
    )


def test_what_encode_cannot_do_is_one_clear_line(done, error):
    Image.new("L", (8, 8)).save("a.png")
    assert "kept in .npy files" in error("encode", "plain", "a.png", "--out", "z.txt")
    assert "Cannot read missing.png" in error("encode", "plain", "missing.png")
    assert "give --label one of landscape, portrait" in error("encode", "genres", "a.png")


def test_blend_draws_what_the_expression_comes_to(done, plain):
    write_latents(plain.draw_latents(1, seed=5), "c.npy")
    done("sample", "plain", "--count", 2, "--seed", 4, "--truncation", 0.5, "--out", "drawn")
    arguments = ["A + (B - C) / 2", "A=drawn/1.png", "B=7:2", "C=c.npy"]
    done("blend", "plain", *arguments, "--latent-out", "z.npy", "--out", "a.png")
    a = truncate(plain.draw_latents(2, seed=4), 0.5)[1]
    b, c = plain.draw_latents(3, seed=7)[2], plain.draw_latents(1, seed=5)[0]
    np.testing.assert_allclose(np.load("z.npy")[0], a + (b - c) / 2, rtol=1e-5)
    done("sample", "plain", "--latents", "z.npy", "--out", "b.png")
    np.testing.assert_array_equal(pixels("a.png"), pixels("b.png"))
    done("sample", "--again", "a.png", "--out", "again.png")
    assert Path("a.png").read_bytes() == Path("again.png").read_bytes()
    with Image.open("a.png") as picture:
        assert picture.text["Expression"].startswith("A + (B - C) / 2 with A=drawn/1.png, B=7:2")


def test_blend_shows_its_operands_at_any_size(done):
    out = ["--size", 20, "--show-operands", "--out", "a.png"]
    done("blend", "cppn", "lerp(A, B, 0.5)", "A=1", "B=2", *out)
    assert pixels("a.png").shape == (20, 3 * 20 + 2 * 2)


def test_what_blend_cannot_do_is_one_clear_line(error):
    write_latents(np.zeros(4), "long.npy")
    assert "no latent 'B'; known are A" in error("blend", "plain", "A + B", "A=1")
    assert "go to 1,000,000" in error("blend", "plain", "A", "A=1:9999999")
    assert "Write NAME=LATENT" in error("blend", "plain", "A", "7")
    assert "A is given twice" in error("blend", "plain", "A", "A=7", "A=8")
    assert "neither a seed nor a file" in error("blend", "plain", "A", "A=missing.png")
    assert "have length 3" in error("blend", "plain", "A", "A=long.npy")
    assert "draws 8x8 pixels only" in error("blend", "plain", "A", "A=7", "--size", 9)
    assert "not a picture format" in error("blend", "plain", "A", "A=7", "--out", "a.mp3")


@pytest.mark.parametrize("out", ["a.gif", "a.webp"])
def test_morph_writes_an_animation_that_says_what_it_was_drawn_from(done, plain, out):
    said = done("morph", "plain", "--seeds", "2,9,0", "--frames", 4, "--loop", "--out", out)
    assert said == f"9 frames in {out}\n"
    with Image.open(out) as animation:
        assert animation.size == (8, 8)
        assert animation.n_frames == 9
    provenance = read_provenance(out)
    assert (provenance.model, provenance.motion.frames, provenance.motion.loop) == (
        "plain",
        4,
        True,
    )
    stations = np.concatenate([plain.draw_latents(1, seed=seed) for seed in (2, 9, 0)])
    np.testing.assert_array_equal(unpacked(provenance.latents, 3), stations)


def test_frames_of_a_folder_are_drawn_again_the_same_in_bytes(done, tmp_path):
    zoom = ["--size", "12x9", "--zoom-from", 1, "--zoom-to", 40, "--centre-to", "0.2,-0.3"]
    said = done("morph", "cppn", "--seeds", "3", "--frames", 3, *zoom, "--out", "frames")
    assert said == "3 frames in frames\n"
    done("sample", "--again", "frames/2.png", "--out", "again.png")
    again = (tmp_path / "again.png").read_bytes()
    assert again == (tmp_path / "frames" / "2.png").read_bytes()
    with Image.open("again.png") as picture:
        assert picture.size == (12, 9)
        assert '"zoom":40.0,"centre":[0.2,-0.3]' in picture.text["Settings"]


def test_morph_goes_from_class_to_class_and_through_files(done, genres):
    write_latents(genres.draw_latents(1, seed=3), "z.npy")
    labels = ["--label", "portrait", "--label", "0"]
    done("morph", "genres", "--seeds", "3", *labels, "--frames", 3, "--out", "frames")
    done("morph", "genres", "--through", "z.npy", *labels, "--frames", 3, "--out", "same")
    for name in ("0.png", "1.png", "2.png"):
        np.testing.assert_array_equal(pixels(f"frames/{name}"), pixels(f"same/{name}"))
    image = genres.generate(genres.draw_latents(1, seed=3), "landscape")[0, ..., 0]
    np.testing.assert_allclose(pixels("frames/2.png"), image * 255, atol=0.6)
    with Image.open("frames/1.png") as picture:
        assert picture.text["Label"] == "genre: 0.5 portrait + 0.5 landscape"


def test_pictures_after_a_file_of_several_latents_have_the_classes_of_their_places(
    done, genres, monkeypatch
):
    write_latents(genres.draw_latents(3, seed=3), "z.npy")
    Image.new("L", (8, 8)).save("face.png")
    encoded_as = []

    def encode(model, images, labels=None, **options):
        encoded_as.append(labels)
        return SimpleNamespace(latents=model.draw_latents(1, seed=0))

    monkeypatch.setattr("kerasgan.drawing.named_latents.encode", encode)
    labels = [part for name in ("landscape",) * 3 + ("portrait",) for part in ("--label", name)]
    done("morph", "genres", "--through", "z.npy", "--through", "face.png", *labels, "--frames", 2)
    assert encoded_as == [{"genre": "portrait"}]


def test_what_morph_cannot_do_is_one_clear_line(error, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    assert "Give either --seeds or --through" in error("morph", "plain")
    assert "such as 2,9,0" in error("morph", "plain", "--seeds", "2,x")
    assert "Received: height=0" in error("morph", "cppn", "--seeds", "1,2", "--size", "9x0")
    assert "at least two latents" in error("morph", "plain", "--seeds", "2")
    assert "cannot hold an animation" in error("morph", "plain", "--seeds", "1,2", "--out", "a.png")
    assert "kerasgan[video]" in error("morph", "plain", "--seeds", "1,2", "--out", "a.mp4")
    frames = error("morph", "plain", "--seeds", "1,2", "--fps", 9, "--out", "frames")
    assert "--fps needs an animation" in frames
    assert "at most 50 frames" in error("morph", "plain", "--seeds", "1,2", "--fps", 99)
    assert "draws 8x8 pixels only" in error("morph", "plain", "--seeds", "1", "--zoom-to", 3)
    assert "zoom must be a number from 1e-09" in error(
        "morph", "cppn", "--seeds", "1", "--zoom-to", -3
    )
    assert "is not X,Y" in error("morph", "cppn", "--seeds", "1", "--centre-to", "3")
    assert "give --label one or more of landscape" in error("morph", "genres", "--seeds", "1,2")
    unknown = error("morph", "genres", "--seeds", "1", "--label", "x", "--label", "portrait")
    assert "known are landscape, portrait, still-life" in unknown
