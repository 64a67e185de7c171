import numpy as np
import pytest

from kerasgan.drawing import View
from kerasgan.errors import UserError


def test_one_point_stands_still_in_a_zoom():
    start, end = View(2.0, (0.4, -0.3)), View(50.0, (0.1, 0.2))
    # The point p with (p - centre) * zoom the same at both ends.
    point = [(50.0 * e - 2.0 * s) / 48.0 for s, e in zip(start.centre, end.centre, strict=True)]
    for t in (0.0, 0.2, 0.7, 1.0):
        view = start.towards(end, t)
        seen = (np.array(point) - view.centre) * view.zoom
        np.testing.assert_allclose(seen, (np.array(point) - start.centre) * 2.0, rtol=1e-6)


@pytest.mark.parametrize("zoom", [1e-9, 0.3, 1e9])
def test_a_view_on_the_way_to_itself_is_itself(zoom):
    view = View(zoom, (1e9, 0.1))
    assert {view.towards(view, t) for t in np.linspace(0, 1, 50)} == {view}


def test_a_pan_without_zoom_is_even():
    view = View(3.0, (0.0, 1.0)).towards(View(3.0, (1.0, -1.0)), 0.25)
    assert view.zoom == pytest.approx(3.0)
    assert view.centre == pytest.approx((0.25, 0.5))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"zoom": 0.0}, r"zoom must be a number from 1e-09 to 1e.09\. Received: zoom=0\.0"),
        ({"zoom": -1.0}, r"Received: zoom=-1\.0"),
        ({"zoom": float("nan")}, "Received: zoom=nan"),
        ({"zoom": float("inf")}, "Received: zoom=inf"),
        ({"zoom": "2.0"}, r"Received: zoom=2\.0"),
        ({"centre": (0.0, float("nan"))}, r"centre must be two numbers .*centre=\(0\.0, nan\)"),
        ({"centre": (0.0,)}, r"Received: centre=\(0\.0,\)"),
        ({"centre": 0.5}, r"Received: centre=0\.5"),
        ({"centre": ("left", 0.0)}, r"Received: centre=\('left', 0\.0\)"),
    ],
)
def test_other_numbers_are_refused(options, said):
    with pytest.raises(UserError, match=said):
        View(**options)


def test_numpy_numbers_are_numbers():
    view = View(np.float32(2.0), np.array([0.5, 0.0]))
    assert view == View(2.0, (0.5, 0.0))
    assert type(view.zoom) is float and type(view.centre[0]) is float
