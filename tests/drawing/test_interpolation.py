import math

import numpy as np
import pytest

from kerasgan.drawing.interpolation import along, lerp, positions, slerp

A, B = np.random.default_rng(0).normal(size=(2, 5)).astype(np.float32)


@pytest.mark.parametrize("interpolation", [lerp, slerp])
def test_interpolation_begins_and_ends_at_its_latents(interpolation):
    assert interpolation(A, B, 0.3).dtype == np.float32
    np.testing.assert_allclose(interpolation(A, B, 0.0), A, rtol=1e-6)
    np.testing.assert_allclose(interpolation(A, B, 1.0), B, rtol=1e-6)


def test_lerp_is_the_weighted_mean():
    np.testing.assert_allclose(lerp(A, B, 0.25), np.average([A, B], 0, [3, 1]), rtol=1e-6)


@pytest.mark.parametrize("t", [0.1, 0.5, 0.8])
def test_slerp_turns_by_its_part_of_the_angle_at_the_same_length(t):
    start, end = 2 * np.array([1.0, 0.0]), 2 * np.array([math.cos(2.0), math.sin(2.0)])
    expected = [2 * math.cos(2.0 * t), 2 * math.sin(2.0 * t)]
    np.testing.assert_allclose(slerp(start, end, t), expected, rtol=1e-6)


@pytest.mark.parametrize("end", [A, 2 * A, -A, 0 * A])
def test_slerp_is_lerp_where_there_is_no_arc(end):
    np.testing.assert_array_equal(slerp(A, end, 0.4), lerp(A, end, 0.4))


@pytest.mark.parametrize("sinusoid", [False, True])
def test_two_stations_are_the_morph_of_document_1(sinusoid):
    frames = 10
    parts = [i / (frames - 1) for i in range(frames)]
    expected = [math.sin(p * math.pi / 2) if sinusoid else p for p in parts]
    way = positions(2, frames, sinusoid=sinusoid)
    assert {station for station, _ in way} == {0}
    np.testing.assert_allclose([t for _, t in way], expected, atol=1e-12)


def test_stations_share_the_frame_between_two_legs():
    assert positions(3, 3) == [(0, 0.0), (0, 0.5), (1, 0.0), (1, 0.5), (1, 1.0)]


def test_a_loop_ends_a_frame_before_its_beginning():
    way = positions(3, 3, loop=True)
    assert way == [(0, 0.0), (0, 0.5), (1, 0.0), (1, 0.5), (2, 0.0), (2, 0.5)]
    path = along(np.stack([A, B, -A]), way)
    np.testing.assert_allclose(path[-1], (A - A) / 2, atol=1e-7)
    np.testing.assert_array_equal(path[[0, 2, 4]], [A, B, -A])


@pytest.mark.parametrize(("stations", "frames"), [(1, 5), (2, 1)])
def test_a_way_needs_two_stations_and_two_frames(stations, frames):
    with pytest.raises(ValueError, match=r"two|2"):
        positions(stations, frames)
