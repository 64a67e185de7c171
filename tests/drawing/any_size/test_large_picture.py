import contextlib
import resource
import xml.etree.ElementTree
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image

from kerasgan.drawing.any_size.large_picture import large_picture_format, write_large_picture
from kerasgan.drawing.size import Size
from kerasgan.errors import UserError


def waves(width, height, channels=1):
    """A smooth picture."""
    x, y = np.meshgrid(np.linspace(0, 9, width), np.linspace(0, 7, height))
    picture = np.stack([np.sin(x + band) * np.cos(y - band) for band in range(channels)], -1)
    return np.uint8(np.rint(127.5 + 127.5 * picture))


def noise(width, height):
    return np.random.default_rng(0).integers(0, 256, (height, width, 1), np.uint8)


def write(picture, path, strips=None):
    height, width, channels = picture.shape
    strips = np.array_split(picture, 7) if strips is None else strips
    write_large_picture(strips, path, size=Size(width=width, height=height), channels=channels)


def decoded(path):
    with Image.open(path) as picture:
        pixels = np.asarray(picture)
    return pixels.reshape(*pixels.shape[:2], -1)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextlib.contextmanager
def largest_file(length):
    """Lets no file grow beyond `length` bytes, which fails as a full disk does."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("ending", ["png", "tif", "TIFF"])
@pytest.mark.parametrize("channels", [1, 3])
def test_lossless_formats_hold_the_very_pixels(tmp_path, channels, ending):
    path = tmp_path / "new" / f"a [b] é.c.{ending}"
    picture = waves(700, 300, channels)
    write(picture, path)
    np.testing.assert_array_equal(decoded(path), picture)
    assert names(path.parent) == [path.name]


@pytest.mark.parametrize("ending", ["jpg", "jpeg", "webp"])
@pytest.mark.parametrize("channels", [1, 3])
def test_lossy_formats_are_close(tmp_path, channels, ending):
    picture = waves(700, 300, channels)
    write(picture, tmp_path / f"a.{ending}")
    difference = decoded(tmp_path / f"a.{ending}").astype(float) - picture
    assert np.abs(difference).mean() < 3.0


def test_tiff_is_tiled(tmp_path):
    write(waves(700, 300), tmp_path / "a.tif")
    with Image.open(tmp_path / "a.tif") as picture:
        tile_width, tile_length = 322, 323
        assert (picture.tag_v2[tile_width], picture.tag_v2[tile_length]) == (256, 256)


@pytest.mark.parametrize("name", ["a.dzi", "a.b.dzi", "A.DZI", "a [2].dzi"])
def test_deep_zoom_has_tiles_of_every_level(tmp_path, name):
    path, picture = tmp_path / name, waves(600, 400, 3)
    write(picture, path)
    tiles = tmp_path / f"{path.stem}_files"
    assert names(tmp_path) == sorted([path.name, tiles.name])
    root = xml.etree.ElementTree.parse(path).getroot()
    size = root.find("{*}Size").attrib
    assert (size["Width"], size["Height"], root.attrib["Format"]) == ("600", "400", "png")

    # Levels double from a single pixel to the whole: 2^10 is the first power not below 600.
    assert names(tiles) == sorted(str(level) for level in range(11))
    assert decoded(tiles / "0" / "0_0.png").shape == (1, 1, 3)
    side, overlap = int(root.attrib["TileSize"]), int(root.attrib["Overlap"])
    shown = slice(side - overlap, 2 * side + overlap)
    np.testing.assert_array_equal(decoded(tiles / "10" / "1_1.png"), picture[shown, shown])


@pytest.mark.parametrize("name", ["a.png", "a.dzi"])
def test_new_files_take_the_place_of_old_ones(tmp_path, name):
    write(waves(600, 600), tmp_path / name)
    write(waves(20, 10), tmp_path / name)
    write(waves(20, 10), tmp_path / "new" / name)
    old, new = contents(tmp_path / "new"), contents(tmp_path)
    assert {path.relative_to(tmp_path / "new"): bytes_ for path, bytes_ in old.items()} == {
        path.relative_to(tmp_path): bytes_ for path, bytes_ in new.items() if path not in old
    }


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.jpg", "a.webp", "a.dzi"])
def test_full_disk_is_one_line_and_leaves_what_stood_there(tmp_path, name):
    write(waves(20, 10), tmp_path / name)
    before = contents(tmp_path)
    with largest_file(20_000), pytest.raises(UserError) as raised:
        write(noise(700, 700), tmp_path / name)
    assert str(raised.value) == f"Cannot write {tmp_path / name}: File too large"
    assert contents(tmp_path) == before
    assert names(tmp_path) == (["a.dzi", "a_files"] if name == "a.dzi" else [name])


@pytest.mark.parametrize("failing", ["rename", "replace"])
def test_tiles_come_back_if_the_last_step_fails(tmp_path, monkeypatch, failing):
    write(waves(20, 10), tmp_path / "a.dzi")
    before = contents(tmp_path)
    move, moves = getattr(Path, failing), []

    def moved(path, target):
        moves.append(path)
        # The old tiles are out of the way by then.
        if (failing, len(moves)) in {("rename", 3), ("replace", 1)}:
            raise KeyboardInterrupt
        return move(path, target)

    monkeypatch.setattr(Path, failing, moved)
    with pytest.raises(KeyboardInterrupt):
        write(noise(700, 700), tmp_path / "a.dzi")
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["a.png", "a.dzi"])
@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError("no more")])
def test_failing_drawing_leaves_what_stood_there(tmp_path, name, error):
    def strips():
        yield noise(700, 300)
        raise error

    write(waves(20, 10), tmp_path / name)
    before = contents(tmp_path)
    with pytest.raises(type(error)):
        write(noise(700, 700), tmp_path / name, strips())
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "width", "height", "largest"),
    [
        ("a.jpg", 65_501, 1, "65,500"),
        ("a.JPEG", 1, 65_535, "65,500"),
        ("a.webp", 16_384, 1, "16,383"),
    ],
)
def test_format_that_cannot_hold_the_picture_is_refused(name, width, height, largest):
    said = rf"{name}: \w+ holds .* {largest} pixels a side, not {width}x{height}; use \.png"
    with pytest.raises(UserError, match=said):
        large_picture_format(Path(name), Size(width=width, height=height))


@pytest.mark.parametrize(
    ("name", "side"), [("a.jpg", 65_500), ("a.webp", 16_383), ("a.png", 2**20), ("a.tif", 2**17)]
)
def test_largest_picture_of_a_format_is_written(tmp_path, name, side):
    write(np.zeros((7, side, 1), np.uint8), tmp_path / name)
    assert pyvips.Image.new_from_file(str(tmp_path / name)).width == side


@pytest.mark.parametrize(("name", "said"), [("a.gif", r"\.gif"), ("a", "no ending")])
def test_other_formats_are_refused(name, said):
    with pytest.raises(UserError, match=rf"{said} cannot hold a picture of any size; use \.png"):
        large_picture_format(Path(name), Size(width=10, height=10))


@pytest.mark.parametrize("name", ["a.png", "a.dzi"])
def test_place_that_cannot_be_written_is_refused(tmp_path, name):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="file is a file, not a folder"):
        write(waves(20, 10), tmp_path / "file" / name)
