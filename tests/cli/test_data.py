import re
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kerasgan.data import load_images, training_dataset
from kerasgan.drawing import save_picture
from kerasgan.recipes import read_recipe
from kerasgan.training.resolved_run import resolve_run
from kerasgan.training.run_folder import RunFolder


def _bomb(path, side=20000):
    """Writes a valid PNG of side x side black pixels, a bit each, in a few kilobytes."""

    def chunk(kind, content):
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)


def test_preview_draws_a_grid(kerasgan, pictures):
    options = ["--image-size", 16, "--count", 4, "--flip-vertical", "--shift", 0.2]
    code, out, err = kerasgan("data", "preview", pictures, *options, "--out", "seen.png")
    assert (code, err) == (0, "")
    assert out.startswith("12 images, 0 ")
    assert "padded to 16x16; preview in seen.png" in out
    assert "100 or more" in out
    with Image.open("seen.png") as picture:
        assert picture.size == (34, 34)


def test_unreadable_files_among_good_ones_are_counted_and_named(kerasgan, pictures):
    (pictures / "text.png").write_text("no picture")
    whole = pictures / "whole.jpg"
    with Image.open(pictures / "00.png") as picture:
        picture.save(whole)
    (pictures / "torn.jpg").write_bytes(whole.read_bytes()[:600])
    _bomb(pictures / "bomb.png")
    code, out, err = kerasgan("data", "preview", pictures)
    assert code == 0
    assert out.startswith("13 images, 3 ")
    for name in ("text.png", "torn.jpg", "bomb.png"):
        assert name in err


def test_every_file_that_is_left_out_is_named_on_request(kerasgan, pictures):
    for number in range(9):
        (pictures / f"{number}.txt").touch()
    assert "8.txt" not in kerasgan("data", "preview", pictures)[2]
    lines = kerasgan("data", "preview", pictures, "--list-left-out")[2].splitlines()
    assert [line.partition(":")[0] for line in lines] == [f"{number}.txt" for number in range(9)]


@pytest.fixture
def named_pictures(tmp_path):
    """A folder of nine pictures whose names tell their colours, and files that are left out."""
    folder = tmp_path / "named"
    for number in range(9):
        path = folder / ("cold" if number % 2 else "warm") / f"grey  {number * 20}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (number * 20,) * 3).save(path)
    (folder / "cold" / "grey  1.png").write_text("no picture")
    (folder / "a.txt").touch()
    return folder


def test_colours_that_a_grey_recipe_does_not_see_are_told(kerasgan, named_pictures):
    Image.new("RGB", (8, 8), "red").save(named_pictures / "b.png")
    options = ["--recipe", "mnist_cppn_wgan_gp", "--set", "training.batch_size=2"]
    out = kerasgan("data", "preview", named_pictures, *options)[1]
    assert re.search(r"^b.png has colours, .*--set data.channels=3", out, re.M)
    assert "has colours" not in kerasgan("data", "preview", named_pictures)[1]


@pytest.mark.parametrize("recipe", [[], ["--recipe", "fastgan"]])
def test_pictures_of_one_colour_are_counted_and_named(kerasgan, named_pictures, recipe):
    out = kerasgan("data", "preview", named_pictures, *recipe)[1]
    assert re.search(
        r"^9 pictures are of one colour: cold/grey .*100.png, .* and 6 more$", out, re.M
    )
    spotted = Image.new("RGB", (8, 8))
    spotted.putpixel((3, 3), (9, 0, 0))
    for path in sorted(named_pictures.glob("*/*0.png"))[1:]:
        spotted.save(path)
    out = kerasgan("data", "preview", named_pictures, *recipe)[1]
    assert re.search(r"^1 picture is of one colour: cold/grey .*100.png$", out, re.M)


@pytest.mark.parametrize(
    ("recipe", "fit", "small"),
    [
        ([], "pad", ["tiny.png (3x2)"]),
        ([], "crop", ["long.png (40x4)", "tiny.png (3x2)"]),
        (["--recipe", "fastgan", "--set", "data.image_size=64"], "crop", None),
    ],
)
def test_pictures_that_are_enlarged_are_counted_and_named(
    kerasgan, named_pictures, recipe, fit, small
):
    colours = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    Image.fromarray(colours[:4]).save(named_pictures / "long.png")
    Image.fromarray(colours[:2, :3]).save(named_pictures / "tiny.png")
    options = recipe or ["--image-size", 8, "--fit", fit]
    out = kerasgan("data", "preview", named_pictures, *options)[1]
    said = [line for line in out.splitlines() if "enlarged" in line]
    if small is None:
        (line,) = said
        assert line.startswith("11 pictures are smaller than 64x64 and enlarged: cold/grey 100.png")
        assert line.endswith(" and 8 more")
    else:
        count = "1 picture is" if len(small) == 1 else f"{len(small)} pictures are"
        assert said == [f"{count} smaller than 8x8 and enlarged: {', '.join(small)}"]


def test_a_preview_counts_the_pictures_of_each_class(kerasgan, named_pictures):
    out = kerasgan("data", "preview", named_pictures)[1]
    assert "\nfolder, 2 classes: warm 5, cold 4\n" in out
    table = "".join(f"warm/grey  {number}.png,{number}.5\n" for number in (0, 40))
    (named_pictures / "metadata.csv").write_text(f"file_name,weight\n{table}")
    out = kerasgan("data", "preview", "imagefolder", "--data", named_pictures)[1]
    assert "\nweight is no label set: it has numbers that are no integers, such as 0.5\n" in out


@pytest.mark.parametrize("options", [["--image-size", 8], ["--recipe"], ["--balanced", "folder"]])
def test_the_file_of_each_picture_of_a_preview_is_named(kerasgan, named_pictures, recipe, options):
    if options == ["--recipe"]:
        # Of one class alone, so that its images are selected rows of all.
        changes = ["data.labels=['folder']", "data.classes={folder = ['warm']}"]
        options += [recipe, *(part for change in changes for part in ("--set", change))]
    options += ["--count", 20, "--seed", 2, "--list-files"]
    code, out, _ = kerasgan("data", "preview", named_pictures, *options)
    listed = [line for line in out.splitlines() if line.startswith("row ")]
    assert (code, len(listed)) == (0, 20)
    with Image.open("preview.png") as picture:
        side = (picture.width + 2) // 5 - 2  # five columns, the root of 20 rounded up
        for line in listed:
            row, column, folder, level = re.fullmatch(
                r"row (\d), column (\d): (\w+)/grey  (\d+)\.png", line
            ).groups()
            tile = [(int(number) - 1) * (side + 2) + side // 2 for number in (column, row)]
            assert picture.getpixel(tuple(tile))[0] == int(level), line
            assert folder == ("cold" if int(level) // 20 % 2 else "warm")
    if "--balanced" in options:
        assert sum("warm" in line for line in listed) == 10


def test_a_preview_among_its_pictures_is_refused(kerasgan, pictures, monkeypatch):
    monkeypatch.chdir(pictures)
    before = sorted(pictures.iterdir())
    code, _, error = kerasgan("data", "preview", ".")
    assert code == 2
    assert "preview.png would lie among the pictures of . and become one of them" in error
    assert sorted(pictures.iterdir()) == before


def test_grids_that_kerasgan_wrote_among_pictures_are_left_out_and_single_pictures_are_not(
    kerasgan, pictures
):
    drawing = ("--random", "--size", 16, "--seed", 1)
    assert kerasgan("data", "preview", pictures, "--out", "seen.png")[0] == 0
    assert kerasgan("render", *drawing, "--count", 4, "--out", "sheet.png")[0] == 0
    assert kerasgan("render", *drawing, "--out", "single.png")[0] == 0
    for name in ("seen.png", "sheet.png", "single.png"):
        Path(name).replace(pictures / name)
    save_picture(np.zeros((9, 9, 3), np.uint8), pictures / "plain.png")
    _, out, err = kerasgan("data", "preview", pictures, "--list-left-out")
    assert out.startswith("14 images, 2 left out")
    reason = "a grid of pictures, or a preview, that kerasgan wrote"
    assert err.splitlines() == [f"seen.png: {reason}", f"sheet.png: {reason}"]
    # A stranger's preview is a picture.
    foreign = PngInfo()
    foreign.add_text("Software", "Photo Editor")
    foreign.add_text("Preview", "1")
    Image.new("RGB", (8, 8)).save(pictures / "foreign.png", pnginfo=foreign)
    assert kerasgan("data", "preview", pictures)[1].startswith("15 images, 2 left out")


def test_the_same_preview_replaces_its_file_and_no_other(kerasgan, pictures):
    def previewed(*options):
        code, out, _ = kerasgan("data", "preview", pictures, "--image-size", 8, *options)
        assert code == 0
        return out.partition("; preview in ")[2].splitlines()[0]

    Image.new("L", (2, 2)).save("preview.png")
    assert previewed() == "preview-2.png"
    assert previewed("--fit", "crop") == "preview-3.png"
    Path("preview-2.png").replace("kept.png")
    Image.new("L", (2, 2)).save("preview-2.png")
    before = Path("preview-3.png").stat().st_ino
    again = previewed("--fit", "crop", "--list-files")
    assert again == "preview-3.png, which replaces the file that was there"
    assert Path("preview-3.png").stat().st_ino != before
    assert previewed() == "preview-4.png"
    for name in ("preview.png", "preview-2.png"):
        with Image.open(name) as picture:
            assert picture.size == (2, 2)


def test_a_recipes_preview_shows_the_first_batches_of_its_training(kerasgan, pictures, recipe):
    changes = ["data.augmentation.shift=0.3"]
    options = [part for change in changes for part in ("--set", change)]
    code, _, err = kerasgan("data", "preview", pictures, "--recipe", recipe, *options)
    assert (code, err) == (0, "")
    run = resolve_run(read_recipe(recipe, changes), RunFolder("run"), data=pictures)
    batches = training_dataset(
        run.images.training, batch_size=4, seed=3, augmentation=run.augmentation, dtype="uint8"
    )
    expected = np.concatenate([batch.numpy() for batch in batches.take(8)])
    with Image.open("preview.png") as picture:
        shown = np.asarray(picture)
    np.testing.assert_array_equal(shown[:32, :32], expected[0])
    rows, columns = (range(0, side, 34) for side in shown.shape[:2])
    tiles = {shown[y : y + 32, x : x + 32].tobytes() for y in rows for x in columns}
    assert {each.tobytes() for each in expected} <= tiles


@pytest.mark.parametrize("name", ["mnist_cppn_gan", "pokemon_wgan_paper", "wikiart_fastgan"])
def test_a_shipped_recipe_previews_a_folder_and_says_what_it_changes(kerasgan, pictures, name):
    code, out, err = kerasgan("data", "preview", "--data", pictures, "--recipe", name)
    assert code == 0
    assert out.startswith("12 images, 0 ")
    assert ("data.augmentation.flip_vertical" in err) == (name == "pokemon_wgan_paper")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "SOURCE"),
        (["here", "--set", "data.fit=crop"], "data.fit=crop"),
        (["here", "--data", "there", "--recipe", "fastgan"], "there"),
        (["here", "--recipe", "fastgan", "--flip-vertical"], "--flip-vertical"),
        (["here", "--recipe", "fastgan", "--image-size", 64], "--image-size"),
    ],
)
def test_arguments_of_a_preview_that_do_not_belong_together(kerasgan, arguments, named):
    code, out, err = kerasgan("data", "preview", *arguments)
    assert (code, out) == (2, "")
    assert named in err


def _error(result):
    code, out, err = result
    assert code == 2
    assert not out
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
    return err


def test_a_missing_path_is_one_clear_line(kerasgan):
    assert "no folder or zip 'nowhere'" in _error(kerasgan("data", "preview", "nowhere"))
    Path("pictures.zip").touch()
    assert "this folder has pictures.zip" in _error(kerasgan("data", "preview", "nowhere"))
    assert "did you mean pictures.zip?" in _error(kerasgan("data", "preview", "picturs.zip"))


def test_a_name_of_the_catalogue_needs_its_data_and_a_folder_of_that_name_goes_before(
    kerasgan, pictures
):
    message = _error(kerasgan("data", "preview", "pokemon"))
    assert 'the data set "pokemon" must be on this machine: pass --data' in message
    assert "https://github.com/Purukitto/pokemon-data.json" in message
    for name in ("pokemon", "mnist"):
        Path(name).symlink_to(pictures, target_is_directory=True)
        code, out, _ = kerasgan("data", "preview", name, "--image-size", 8)
        assert code == 0
        assert out.startswith("12 images, 0 left out")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["data", "preview", "a", "--image-size", 0], "0 is not an integer of at least 1 "),
        (["wikiart", "prepare", "a", "b", "--size", 0], "size must be .* 1 to 8,192.* size=0"),
    ],
)
def test_a_side_that_is_too_small_is_named_as_it_was_given(kerasgan, arguments, message):
    code, _, error = kerasgan(*arguments)
    assert code == 2
    assert re.search(message, error)
    assert "image_size" not in error


def test_a_folder_without_pictures_says_what_is_in_it(kerasgan):
    Path("papers").mkdir()
    for name in ("a.pdf", "b.pdf", "notes.txt", "README"):
        (Path("papers") / name).touch()
    message = _error(kerasgan("data", "preview", "papers"))
    assert "it has other files: 2 .pdf, 1 no extension, 1 .txt. " in message


def test_an_empty_folder_is_one_clear_line(kerasgan, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "empty" in _error(kerasgan("data", "preview", "empty"))


def test_a_folder_of_unreadable_files_is_one_clear_line(kerasgan, tmp_path):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "text.png").write_text("no picture")
    assert "text.png" in _error(kerasgan("data", "preview", "bad"))


def test_a_bomb_alone_is_one_clear_line(kerasgan, tmp_path):
    (tmp_path / "bad").mkdir()
    _bomb(tmp_path / "bad" / "bomb.png")
    assert "bomb.png" in _error(kerasgan("data", "preview", "bad"))


def test_a_wrong_fit_and_a_wrong_picture_ending_are_one_clear_line(kerasgan, pictures):
    assert "stretch" in _error(kerasgan("data", "preview", pictures, "--fit", "stretch"))
    assert "grid.txt" in _error(kerasgan("data", "preview", pictures, "--out", "grid.txt"))


def test_cached_images_are_counted_and_deleted_and_nothing_else(
    kerasgan, pictures, tmp_path, monkeypatch
):
    monkeypatch.setenv("KERASGAN_CACHE", str(cache := tmp_path / "cache"))
    load_images("images", path=pictures, image_size=16)
    # What a killed process left, and two files of the user.
    (cache / f"{'0' * 32}-000000000123-partial.npy").write_bytes(bytes(10))
    others = [cache / "notes.json", cache / "0123.npy"]
    for path in others:
        path.touch()
    size = sum(path.stat().st_size for path in cache.iterdir())
    told = f"3 files of {size / 1000:.1f} kB in {cache}\n"
    assert kerasgan("data", "cache") == (0, told, "")
    assert len([*cache.iterdir()]) == 5
    assert kerasgan("data", "cache", "--clear") == (0, f"Deleted {told}", "")
    assert sorted(cache.iterdir()) == sorted(others)
    assert kerasgan("data", "cache") == (0, f"0 files of 0 bytes in {cache}\n", "")
    assert len(load_images("images", path=pictures, image_size=16)) == 12


def test_there_need_be_no_cache(kerasgan, tmp_path, monkeypatch):
    monkeypatch.setenv("KERASGAN_CACHE", str(cache := tmp_path / "none"))
    assert kerasgan("data", "cache", "--clear") == (
        0,
        f"Deleted 0 files of 0 bytes in {cache}\n",
        "",
    )
    assert not cache.exists()
