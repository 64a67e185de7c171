import numpy as np
import pytest

from kerasgan.data.selected_images import SelectedImages

WHOLE = np.random.default_rng(0).integers(0, 256, (9, 4, 4, 3), np.uint8)
ROWS = np.array([7, 0, 3, 3, 8])
SELECTED = SelectedImages(WHOLE, ROWS)


@pytest.mark.parametrize(
    "index",
    [0, -1, np.int64(2), slice(None), slice(1, 4), slice(None, None, -1), [4, 0], ROWS > 3],
)
def test_any_index_gives_what_it_gives_of_the_copy(index):
    np.testing.assert_array_equal(SELECTED[index], WHOLE[ROWS][index])


def test_it_looks_like_the_copy():
    assert SELECTED.shape == (5, 4, 4, 3)
    assert SELECTED.dtype == np.uint8
    assert len(SELECTED) == 5
    np.testing.assert_array_equal(SELECTED, WHOLE[ROWS])
    np.testing.assert_array_equal(list(SELECTED), list(WHOLE[ROWS]))
    assert np.asarray(SELECTED, np.float32).dtype == np.float32


def test_one_image_is_not_copied():
    assert np.shares_memory(SELECTED[2], WHOLE)


def test_several_indices_are_refused_with_the_way_to_do_it():
    with pytest.raises(TypeError, match=r"images\[number\]"):
        SELECTED[:, 0]


def test_index_beyond_the_selection_is_an_error_though_the_array_goes_on():
    with pytest.raises(IndexError):
        SELECTED[5]
