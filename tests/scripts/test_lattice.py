import numpy as np
import pytest

from lattice import stripes

RNG = np.random.default_rng(0)
PLACES = np.arange(64)


def noise(count=40):
    return RNG.normal(128, 10, (count, 64, 64, 3))


@pytest.mark.parametrize(("down", "across"), [(16, 0), (0, 8), (32, 32), (32, 0), (13, -22)])
def test_a_lattice_in_all_pictures_is_found_with_its_amplitude(down, across):
    phase = 2 * np.pi * (down * PLACES[:, None] + across * PLACES) / 64
    common, each = stripes(noise() + 5 * np.cos(phase)[:, :, None])
    assert common == pytest.approx(5, abs=0.5)
    assert np.median(each) == pytest.approx(5, abs=0.8)


def test_pictures_without_a_lattice_have_none_in_common():
    common, each = stripes(noise())
    assert common < 0.3
    assert np.median(each) < 2.5  # The strongest of some thousand waves of noise.


def test_stripes_that_differ_from_picture_to_picture_are_no_lattice_in_all():
    images = noise()
    for image in images:
        down, across = RNG.integers(9, 30, 2)
        image += 5 * np.cos(2 * np.pi * (down * PLACES[:, None] + across * PLACES) / 64)[..., None]
    common, each = stripes(images)
    assert np.median(each) == pytest.approx(5, abs=0.8)
    assert common < 3


def test_large_forms_are_no_lattice():
    forms = 60 * np.cos(2 * np.pi * 2 * PLACES / 64)[:, None, None]
    assert stripes(noise() + forms)[0] < 0.4
