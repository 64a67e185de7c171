import io

import numpy as np
import pytest
import pyvips
from PIL import Image

from kerasgan.drawing.any_size.streams import png_stream, save_stream
from kerasgan.drawing.size import Size


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB")])
@pytest.mark.parametrize("cuts", [[], [1], [3, 4, 50]])
@pytest.mark.parametrize("level", [0, 6])
def test_another_decoder_reads_the_very_pixels(channels, mode, cuts, level):
    picture = np.random.default_rng(0).integers(0, 256, (70, 1000, channels), np.uint8)
    strips = np.split(picture, cuts)
    pieces = png_stream(strips, size=Size(width=1000, height=70), channels=channels, level=level)
    stream = b"".join(pieces)
    with Image.open(io.BytesIO(stream)) as decoded:
        assert (decoded.format, decoded.mode) == ("PNG", mode)
        np.testing.assert_array_equal(np.asarray(decoded).reshape(picture.shape), picture)


def test_each_strip_is_passed_on_before_the_next_is_asked_for():
    asked = []

    def strips():
        for row in range(100):
            asked.append(row)
            yield np.full((1, 70_000, 1), row, np.uint8)

    stream = png_stream(strips(), size=Size(width=70_000, height=100), channels=1, level=0)
    passed = sum(len(next(stream)) for _ in range(11))
    assert len(asked) == 10
    assert passed > 9 * 70_000


def test_smooth_pictures_are_compressed():
    x, y = np.meshgrid(np.linspace(0, 9, 1000), np.linspace(0, 7, 70))
    picture = np.uint8(np.rint(127.5 + 127.5 * np.sin(x) * np.cos(y)))[..., np.newaxis]
    stream = b"".join(png_stream([picture], size=Size(width=1000, height=70), channels=1, level=6))
    plain = io.BytesIO()
    Image.fromarray(picture[..., 0]).save(plain, "PNG")
    assert len(stream) < 1.1 * plain.tell()


def test_texts_are_read_back_and_nothing_else_is_there():
    text = {"Software": "kerasgan 1", "Latent seed": "7:3", "Model": "runs/Größe 字", "Empty": ""}
    strips = [np.zeros((2, 3, 1), np.uint8)]
    size = Size(width=3, height=2)
    stream = b"".join(png_stream(strips, size=size, channels=1, level=6, text=text))
    with Image.open(io.BytesIO(stream)) as decoded:
        assert decoded.info == text


def stream(rows=1000, error=None):
    def strips():
        for row in range(rows):
            if error is not None and row == rows // 2:
                raise error
            yield np.full((1, 300, 1), row % 256, np.uint8)

    return png_stream(strips(), size=Size(width=300, height=1000), channels=1, level=0)


def test_pixels_arrive_as_they_were(tmp_path):
    save_stream(stream(), lambda image: image.pngsave(str(tmp_path / "a.png")))
    expected = np.repeat(np.arange(1000) % 256, 300).reshape(1000, 300)
    np.testing.assert_array_equal(pyvips.Image.new_from_file(str(tmp_path / "a.png")), expected)


def test_libvips_asks_for_rows_while_it_writes(tmp_path):
    asked, written = [], []

    def strips():
        for row in range(4000):
            asked.append(row)
            yield np.random.default_rng(row).integers(0, 256, (1, 300, 1), np.uint8)

    def save(image):
        target = pyvips.TargetCustom()
        target.on_write(lambda data: written.append(len(asked)) or len(data))
        image.write_to_target(target, ".png")

    save_stream(png_stream(strips(), size=Size(width=300, height=4000), channels=1, level=0), save)
    assert len(asked) == 4000
    assert written[0] < 1000


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("by zero"), MemoryError(), KeyboardInterrupt()]
)
def test_error_while_drawing_is_the_error_that_is_raised(error, tmp_path):
    with pytest.raises(type(error)) as raised:
        save_stream(stream(error=error), lambda image: image.pngsave(str(tmp_path / "a.png")))
    assert raised.value is error


def test_error_while_saving_is_that_of_libvips(tmp_path):
    with pytest.raises(pyvips.Error, match="No such file"):
        save_stream(stream(), lambda image: image.pngsave(str(tmp_path / "no" / "a.png")))


def test_picture_that_ends_early_is_an_error(tmp_path):
    with pytest.raises(pyvips.Error):
        save_stream(stream(rows=500), lambda image: image.pngsave(str(tmp_path / "a.png")))


def test_interrupt_stops_the_drawing(tmp_path, monkeypatch):
    asked = []

    def strips():
        for row in range(100_000):
            asked.append(row)
            yield np.zeros((1, 300, 1), np.uint8)

    # Ctrl-C meets the thread that waits for the one that saves.
    def interrupted(future, timeout=None):
        raise KeyboardInterrupt

    monkeypatch.setattr("concurrent.futures.Future.result", interrupted)
    pixels = png_stream(strips(), size=Size(width=300, height=100_000), channels=1, level=0)
    with pytest.raises(KeyboardInterrupt):
        save_stream(pixels, lambda image: image.pngsave(str(tmp_path / "a.png")))
    assert len(asked) < 100_000
