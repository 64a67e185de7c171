import msgspec
import numpy as np
import pytest

from kerasgan.drawing import Size
from kerasgan.errors import UserError


def test_sides_are_plain_integers_and_in_files_the_height_comes_first():
    size = Size(width=np.uint8(200), height=np.int64(100))
    assert type(size.width) is int and type(size.height) is int
    assert (size.pixels, str(size)) == (20_000, "200x100")
    assert msgspec.json.encode(size) == b"[100,200]"
    assert msgspec.json.decode(b"[100,200]", type=Size) == size


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        ({"width": 0, "height": 9}, "integer from 1 to 1,048,576.*width=0"),
        ({"width": 9, "height": -4}, "Received: height=-4"),
        ({"width": 10**9, "height": 9}, "Received: width=1000000000"),
        ({"width": 2.5, "height": 9}, r"Received: width=2\.5"),
    ],
)
def test_sides_out_of_range_are_refused(sides, said):
    with pytest.raises(UserError, match=said):
        Size(**sides)
