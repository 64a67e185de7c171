import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kerasgan.data import training_dataset
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


@pytest.mark.parametrize("name", ["mnist_cppn_gan", "pokemon_wgan", "wikiart_fastgan"])
def test_a_shipped_recipe_previews_a_folder_and_says_what_it_changes(kerasgan, pictures, name):
    code, out, err = kerasgan("data", "preview", "--data", pictures, "--recipe", name)
    assert code == 0
    assert out.startswith("12 images, 0 ")
    assert ("data.augmentation.flip_vertical" in err) == (name == "pokemon_wgan")


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
    assert "did you mean pictures.zip?" in _error(kerasgan("data", "preview", "picturs.zip"))


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
