import io

import numpy as np
import pytest
from PIL import Image

from kerasgan.drawing.any_size.png_stream import png_stream
from kerasgan.drawing.size import Size


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB")])
@pytest.mark.parametrize("cuts", [[], [1], [3, 4, 50]])
@pytest.mark.parametrize("level", [0, 6])
def test_another_decoder_reads_the_very_pixels(channels, mode, cuts, level):
    picture = np.random.default_rng(0).integers(0, 256, (70, 1000, channels), np.uint8)
    strips = np.split(picture, cuts)
    pieces = png_stream(strips, size=Size(1000, 70), channels=channels, level=level)
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

    stream = png_stream(strips(), size=Size(70_000, 100), channels=1, level=0)
    passed = sum(len(next(stream)) for _ in range(11))
    assert len(asked) == 10
    assert passed > 9 * 70_000


def test_smooth_pictures_are_compressed():
    x, y = np.meshgrid(np.linspace(0, 9, 1000), np.linspace(0, 7, 70))
    picture = np.uint8(np.rint(127.5 + 127.5 * np.sin(x) * np.cos(y)))[..., np.newaxis]
    stream = b"".join(png_stream([picture], size=Size(1000, 70), channels=1, level=6))
    plain = io.BytesIO()
    Image.fromarray(picture[..., 0]).save(plain, "PNG")
    assert len(stream) < 1.1 * plain.tell()


def test_texts_are_read_back_and_nothing_else_is_there():
    text = {"Software": "kerasgan 1", "Latent seed": "7:3", "Model": "runs/Größe 字", "Empty": ""}
    strips = [np.zeros((2, 3, 1), np.uint8)]
    stream = b"".join(png_stream(strips, size=Size(3, 2), channels=1, level=6, text=text))
    with Image.open(io.BytesIO(stream)) as decoded:
        assert decoded.info == text
