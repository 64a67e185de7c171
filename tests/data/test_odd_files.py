import zlib

import numpy as np
import pytest
from PIL import Image

from kerasgan.data import load_images, picture_formats
from kerasgan.data.skipped import SkippedFile, skipped_summary

RED, GREEN = (255, 0, 0), (0, 128, 0)
# By the names of the files that can be read, the colour that they show.
READABLE = {
    "8000x8000.png": (128, 128, 128),
    "animated.gif": RED,
    "animated.webp": RED,
    "avif.avif": GREEN,
    "cmyk.jpg": (0, 255, 255),
    "float.tiff": (255, 255, 255),
    "jfif.JFIF": GREEN,
    "pages.tif": RED,
    "palette.png": GREEN,
    "sixteen bits.png": (128, 128, 128),
    "sixteen bits.tif": (128, 128, 128),
    "transparent.png": (255, 255, 255),
    "Ünïcodé 画像 🖼.png": GREEN,
}
LEFT_OUT = {
    "bomb.png": "too many pixels",
    "gone.png": "cannot be opened",
    "no extension": "not a picture file",
    "notes.txt": "not a picture file",
    "pixel.png": "a single pixel",
    "text.png": "damaged, or not a picture",
    "torn.jpg": "cannot be decoded",
}


def write_odd_files(folder):
    folder.mkdir()
    green = Image.new("RGB", (16, 16), GREEN)
    frames = [Image.new("RGB", (16, 16), colour) for colour in (RED, GREEN)]
    grey16 = Image.fromarray(np.full((16, 16), 0x8080, np.uint16))
    Image.new("L", (8000, 8000), 128).save(folder / "8000x8000.png", compress_level=1)
    for name in ("animated.gif", "animated.webp", "pages.tif"):
        options = {"lossless": True} if name.endswith("webp") else {}
        frames[0].save(folder / name, save_all=True, append_images=frames[1:], **options)
    green.save(folder / "avif.avif", quality=100)
    Image.new("CMYK", (16, 16), (255, 0, 0, 0)).save(folder / "cmyk.jpg", quality=100)
    Image.fromarray(np.ones((16, 16), np.float32)).save(folder / "float.tiff")
    green.save(folder / "jfif.JFIF", "JPEG", quality=100)
    green.quantize().save(folder / "palette.png")
    grey16.save(folder / "sixteen bits.png")
    grey16.save(folder / "sixteen bits.tif")
    Image.new("RGBA", (16, 16), (0, 0, 0, 0)).save(folder / "transparent.png")
    green.save(folder / "Ünïcodé 画像 🖼.png")

    green.resize((1, 1)).save(folder / "pixel.png")
    whole = (folder / "cmyk.jpg").read_bytes()
    (folder / "torn.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "gone.png").symlink_to(folder / "nowhere")
    for name in ("no extension", "notes.txt", "text.png"):
        (folder / name).write_text("no picture")
    _write_bomb(folder / "bomb.png")
    return folder


def _write_bomb(path):
    """A PNG whose header announces 20,000 x 20,000 pixels."""
    Image.new("L", (2, 2)).save(path)
    content = path.read_bytes()
    header = b"IHDR" + (20_000).to_bytes(4, "big") * 2 + content[24:29]
    checksum = zlib.crc32(header).to_bytes(4, "big")
    path.write_bytes(content[:12] + header + checksum + content[33:])


@pytest.fixture(scope="module")
def odd_files(tmp_path_factory):
    return write_odd_files(tmp_path_factory.mktemp("odd") / "files")


def test_a_folder_of_odd_files_is_read_and_what_is_left_out_is_named(odd_files):
    images = load_images("images", path=odd_files, image_size=8)
    shown = dict(zip(sorted(READABLE), np.asarray(images.images)[:, 4, 4].tolist(), strict=True))
    for name, colour in READABLE.items():
        np.testing.assert_allclose(shown[name], colour, atol=3, err_msg=name)
    assert {file.path: file.cause for file in images.skipped} == LEFT_OUT

    first, *lines = skipped_summary(images.skipped, "in run.json")
    assert f" {len(LEFT_OUT)} " in first
    assert len(lines) == len(set(LEFT_OUT.values()))
    for name, cause in LEFT_OUT.items():
        assert any(cause in line and name in line for line in lines)


def test_heic_is_read_with_its_extra_and_named_without_it(tmp_path, monkeypatch):
    pillow_heif = pytest.importorskip("pillow_heif")
    Image.new("RGB", (16, 16), GREEN).save(tmp_path / "a.png")
    pillow_heif.from_pillow(Image.new("RGB", (16, 16), GREEN)).save(tmp_path / "b.HEIC")
    with_extra = load_images("images", path=tmp_path, image_size=8)
    np.testing.assert_allclose(with_extra.images[:, 4, 4], [GREEN] * 2, atol=3)
    assert with_extra.skipped == ()

    monkeypatch.setattr(picture_formats, "_reads_heif", lambda: False)
    (left_out,) = load_images("images", path=tmp_path, image_size=8).skipped
    assert left_out.path == "b.HEIC"
    assert "kerasgan[heif]" in left_out.reason


def test_a_long_summary_counts_and_says_where_the_list_is():
    files = [SkippedFile(f"{number}.txt", "not a picture file (.txt)") for number in range(1000)]
    files.append(SkippedFile("\udcff.png", "cannot be opened (no such file)"))
    first, *lines, last = skipped_summary(files, "in run.json")
    assert "1,001" in first
    assert "1,000 not a picture file: 0.txt (.txt), 1.txt" in lines[0]
    assert len(lines[0]) < 200
    "".join(lines).encode()
    assert last.endswith("in run.json.")
    assert skipped_summary([], "in run.json") == []
