import numpy as np
import pytest
import pyvips

from kerasgan.drawing.any_size.png_stream import png_stream
from kerasgan.drawing.any_size.vips_stream import save_stream
from kerasgan.drawing.size import Size


def stream(rows=1000, error=None):
    def strips():
        for row in range(rows):
            if error is not None and row == rows // 2:
                raise error
            yield np.full((1, 300, 1), row % 256, np.uint8)

    return png_stream(strips(), size=Size(300, 1000), channels=1, level=0)


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

    save_stream(png_stream(strips(), size=Size(300, 4000), channels=1, level=0), save)
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
    pixels = png_stream(strips(), size=Size(300, 100_000), channels=1, level=0)
    with pytest.raises(KeyboardInterrupt):
        save_stream(pixels, lambda image: image.pngsave(str(tmp_path / "a.png")))
    assert len(asked) < 100_000
