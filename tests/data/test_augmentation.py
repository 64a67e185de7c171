import numpy as np
import pytest
import tensorflow as tf

from kerasgan.data import Augmentation
from kerasgan.errors import UserError

WHITE = (255, 255, 255)
RNG = np.random.default_rng(0)
NOISE = RNG.integers(0, 256, (64, 8, 8, 3), np.uint8)


def varied(augmentation, images, step=0, seed=0, background=WHITE):
    step = tf.constant(step, tf.int64)
    return augmentation(tf.constant(images), seed=seed, step=step, background=background).numpy()


def framed(count, size=16, margin=5):
    images = np.full((count, size, size, 3), 255, np.uint8)
    inner = size - 2 * margin
    images[:, margin:-margin, margin:-margin] = RNG.integers(0, 200, (count, inner, inner, 3))
    return images


def corner(image):
    """The first row and column of the subject."""
    rows, columns = np.nonzero((image < 240).any(-1))
    return rows.min(), columns.min()


def test_nothing_is_changed_by_default():
    np.testing.assert_array_equal(varied(Augmentation(), NOISE), NOISE)


@pytest.mark.parametrize(
    ("name", "flip"),
    [("flip_horizontal", lambda a: a[:, ::-1]), ("flip_vertical", lambda a: a[::-1])],
)
def test_flips_turn_about_half_of_the_images_as_numpy_does(name, flip):
    result = varied(Augmentation(**{name: True}), NOISE)
    turned = [
        np.array_equal(after, flip(before)) for before, after in zip(NOISE, result, strict=True)
    ]
    kept = [np.array_equal(after, before) for before, after in zip(NOISE, result, strict=True)]
    assert all(a != b for a, b in zip(turned, kept, strict=True))
    assert 16 <= sum(turned) <= 48


def test_the_two_flips_are_independent():
    result = varied(Augmentation(flip_horizontal=True, flip_vertical=True), NOISE)
    ways = {"none": 0, "horizontal": 0, "vertical": 0, "both": 0}
    for before, after in zip(NOISE, result, strict=True):
        for way, image in zip(
            ways, (before, before[:, ::-1], before[::-1], before[::-1, ::-1]), strict=True
        ):
            ways[way] += np.array_equal(after, image)
    assert sum(ways.values()) == 64
    assert min(ways.values()) >= 5


def test_shift_moves_the_whole_subject_in_each_direction_and_uniformly():
    images = framed(2000, margin=5)
    result = varied(Augmentation(shift=0.25), images)
    counts = {}
    for before, after in zip(images, result, strict=True):
        top, left = corner(after)
        np.testing.assert_array_equal(after, np.roll(before, (top - 5, left - 5), (0, 1)))
        counts[top - 5, left - 5] = counts.get((top - 5, left - 5), 0) + 1
    # 0.25 of 16 pixels, one direction at a time: 400 images each way, 80 for each of 0 .. 4.
    unmoved = counts.pop((0, 0))
    assert set(counts) == {(s * d, 0) for s in (-1, 1) for d in range(1, 5)} | {
        (0, s * d) for s in (-1, 1) for d in range(1, 5)
    }
    assert all(45 <= count <= 120 for count in counts.values())
    assert 640 <= unmoved <= 800


def test_shift_stops_at_the_margin():
    images = framed(500, margin=2)
    result = varied(Augmentation(shift=0.9), images)
    for before, after in zip(images, result, strict=True):
        top, left = corner(after)
        assert 0 <= top <= 4
        assert 0 <= left <= 4
        np.testing.assert_array_equal(after, np.roll(before, (top - 2, left - 2), (0, 1)))


def test_subject_that_fills_the_image_stays():
    np.testing.assert_array_equal(varied(Augmentation(shift=0.5), NOISE), NOISE)


def test_blank_image_stays_blank():
    blank = np.full((8, 8, 8, 1), 3, np.uint8)
    result = varied(Augmentation(True, True, 0.5), blank, background=(3,))
    np.testing.assert_array_equal(result, blank)


def places(images, crops):
    """The corners that each crop could have been cut at."""
    side = crops.shape[1]
    free = images.shape[1] - side + 1
    return [
        [
            (top, left)
            for top in range(free)
            for left in range(free)
            if np.array_equal(image[top : top + side, left : left + side], crop)
        ]
        for image, crop in zip(images, crops, strict=True)
    ]


def test_crop_is_cut_uniformly_at_each_place():
    images = RNG.integers(0, 256, (900, 8, 8, 3), np.uint8)
    crops = varied(Augmentation(random_crop=6), images)
    assert crops.shape == (900, 6, 6, 3)
    assert crops.dtype == np.uint8
    found = places(images, crops)
    assert all(len(corners) == 1 for corners in found)
    counts = {}
    for (corner,) in found:
        counts[corner] = counts.get(corner, 0) + 1
    # Nine places with 100 images each, up to four standard deviations.
    assert set(counts) == {(top, left) for top in range(3) for left in range(3)}
    assert all(60 <= count <= 140 for count in counts.values())


def test_crop_of_one_channel_and_one_pixel():
    crops = varied(Augmentation(random_crop=1), NOISE[..., :1], background=(255,))
    assert crops.shape == (64, 1, 1, 1)
    assert all(crop in image for image, crop in zip(NOISE[..., 0], crops.ravel(), strict=True))


def test_crop_of_the_whole_image_changes_nothing_else():
    options = {"flip_horizontal": True, "flip_vertical": True, "shift": 0.25}
    images = framed(64)
    with_crop = varied(Augmentation(**options, random_crop=16), images)
    np.testing.assert_array_equal(with_crop, varied(Augmentation(**options), images))


def test_flips_turn_what_was_cut():
    cut = varied(Augmentation(random_crop=5), NOISE)
    mirrored = varied(Augmentation(flip_horizontal=True, random_crop=5), NOISE)
    turned = varied(Augmentation(flip_horizontal=True), NOISE)
    for image, before, after, whole in zip(NOISE, cut, mirrored, turned, strict=True):
        kept = np.array_equal(image, whole)
        np.testing.assert_array_equal(after, before if kept else before[:, ::-1])


def test_crop_shows_what_was_shifted():
    images = framed(64)
    shifted = varied(Augmentation(shift=0.25), images)
    corners = places(images, varied(Augmentation(random_crop=15), images))
    both = varied(Augmentation(shift=0.25, random_crop=15), images)
    for ((top, left), *_), image, crop in zip(corners, shifted, both, strict=True):
        np.testing.assert_array_equal(crop, image[top : top + 15, left : left + 15])


def test_crop_larger_than_the_image_is_named():
    with pytest.raises(UserError, match=r"8\. .*random_crop=9"):
        varied(Augmentation(random_crop=9), NOISE)


def test_output_size_is_the_crops_or_the_images():
    assert Augmentation().output_size(28) == 28
    assert Augmentation(random_crop=26).output_size(28) == 26


def test_same_step_gives_the_same_and_another_step_or_seed_another():
    augmentation = Augmentation(True, True, 0.3)
    images = framed(16)
    first = varied(augmentation, images, step=7, seed=1)
    np.testing.assert_array_equal(first, varied(augmentation, images, step=7, seed=1))
    assert not np.array_equal(first, varied(augmentation, images, step=8, seed=1))
    assert not np.array_equal(first, varied(augmentation, images, step=7, seed=2))


def test_graph_with_unknown_batch_equals_eager():
    augmentation = Augmentation(True, True, 0.3, 13)

    @tf.function(input_signature=[tf.TensorSpec((None, 16, 16, 3), tf.uint8)])
    def graph(images):
        return augmentation(images, seed=1, step=tf.constant(7, tf.int64), background=WHITE)

    images = framed(16)
    np.testing.assert_array_equal(graph(images), varied(augmentation, images, step=7, seed=1))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"random_crop": 0}, "random_crop=0"),
        ({"random_crop": True}, "random_crop=True"),
        ({"random_crop": 6.0}, "random_crop=6.0"),
        ({"flip_horizontal": 1}, "flip_horizontal=1"),
        ({"flip_vertical": "yes"}, "flip_vertical='yes'"),
        ({"shift": 1.0}, "shift=1.0"),
        ({"shift": -0.1}, "shift=-0.1"),
        ({"shift": float("nan")}, "shift=nan"),
        ({"shift": True}, "shift=True"),
        ({"shift": "0.1"}, "shift='0.1'"),
    ],
)
def test_bad_options_are_named(options, named):
    with pytest.raises(UserError, match=named):
        Augmentation(**options)
