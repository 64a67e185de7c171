import numpy as np
import pytest

from kerasgan.drawing.picture_classes import between, checked_label, parts_of

NAMES = ("landscape", "portrait", "still-life")


def one_hot(label):
    """The vector that a generator takes for a label."""
    if isinstance(label, str):
        return np.eye(3)[NAMES.index(label)]
    return np.array([label.get(name, 0.0) for name in NAMES])


@pytest.mark.parametrize("t", [0.0, 0.3, 1.0])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("portrait", "landscape"),
        ("portrait", "portrait"),
        ({"portrait": 0.25, "landscape": 0.75}, "portrait"),
        ({"portrait": 0.5, "landscape": 0.5}, {"still-life": 0.9, "portrait": 0.1}),
    ],
)
def test_between_two_labels_lies_the_line_of_their_vectors(start, end, t):
    label = between(start, end, t)
    np.testing.assert_allclose(one_hot(label), (1 - t) * one_hot(start) + t * one_hot(end))
    assert max(parts_of(label).values()) <= 1.0
    assert start != end or label == start


def test_a_label_is_a_name_a_number_or_parts():
    assert checked_label("portrait", NAMES) == "portrait"
    assert checked_label(2, NAMES) == "still-life"
    rounded = {"portrait": 0.333, "landscape": 0.333, "still-life": 0.333}
    assert checked_label(rounded, NAMES) == rounded


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("portrat", "did you mean portrait"),
        ("x" * 999, "no class 'x{79}…'"),
        (3, "from 0 to 2"),
        ({"portrat": 1.0}, "did you mean portrait"),
        ({"portrait": 0.5}, "add up to 1"),
        ({"portrait": 1.5, "landscape": -0.5}, "from 0 to 1"),
        ({"portrait": float("nan")}, "from 0 to 1"),
        ({}, r"add up to 1. Received: \{\}"),
    ],
)
def test_another_label_is_refused(label, said):
    with pytest.raises(ValueError, match=said):
        checked_label(label, NAMES)
