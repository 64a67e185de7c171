import struct
import zlib

from PIL import Image


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
    assert out == "12 images, 0 skipped; preview in seen.png\n"
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
    assert out.startswith("13 images, 3 skipped")
    for name in ("text.png", "torn.jpg", "bomb.png"):
        assert f"skipped {name}: " in err


def _error(result):
    code, out, err = result
    assert code == 2
    assert not out
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
    return err


def test_a_missing_path_is_one_clear_line(kerasgan):
    assert "nowhere" in _error(kerasgan("data", "preview", "nowhere"))


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
