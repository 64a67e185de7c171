import io

import numpy as np
import pytest
from PIL import Image

from kerasgan.drawing.png_stream import png_stream


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB")])
@pytest.mark.parametrize("cuts", [[], [1], [3, 4, 50]])
def test_another_decoder_reads_the_very_pixels(channels, mode, cuts):
    picture = np.random.default_rng(0).integers(0, 256, (70, 1000, channels), np.uint8)
    strips = np.split(picture, cuts)
    stream = b"".join(png_stream(strips, width=1000, height=70, channels=channels))
    with Image.open(io.BytesIO(stream)) as decoded:
        assert (decoded.format, decoded.mode) == ("PNG", mode)
        np.testing.assert_array_equal(np.asarray(decoded).reshape(picture.shape), picture)


def test_each_strip_is_passed_on_before_the_next_is_asked_for():
    asked = []

    def strips():
        for row in range(100):
            asked.append(row)
            yield np.full((1, 70_000, 1), row, np.uint8)

    stream = png_stream(strips(), width=70_000, height=100, channels=1)
    passed = sum(len(next(stream)) for _ in range(11))
    assert len(asked) == 10
    assert passed > 9 * 70_000
