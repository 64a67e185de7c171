import numpy as np
import pytest

from kerasgan.class_names import check_class_names, class_number, class_numbers
from kerasgan.models import ACGAN

STYLES = ("cubism", "pop_art", "realism")
LISTED = "The classes are cubism, pop_art, realism"


def test_numbers_stand_in_for_names_that_are_not_given():
    assert check_class_names(None, {}) == {}
    assert check_class_names(None, {"style": 3}) == {"style": ("0", "1", "2")}
    given = {"style": list(STYLES)}
    expected = {"genre": ("0", "1"), "style": STYLES}
    assert check_class_names(given, {"genre": 2, "style": 3}) == expected


@pytest.mark.parametrize(
    ("class_names", "classes", "message"),
    [
        ({"genre": ["a"]}, {"style": 3}, "'style'.*Received: .*'genre'"),
        ({"genre": ["a"]}, {}, r"\(none\).*Received: .*'genre'"),
        ({"style": ["a"]}, {"style": 3}, "3 .*'style'.*Received: 1"),
        (["a", "b"], {"style": 2}, r"a dict.*Received: class_names=\['a', 'b'\]"),
        ({"style": "ab"}, {"style": 2}, "different strings for 'style'.*Received: 'ab'"),
        ({"style": ["a", "a"]}, {"style": 2}, "different strings.*Received"),
        ({"style": [1, 2]}, {"style": 2}, "different strings.*Received"),
    ],
)
def test_names_that_fit_no_class_are_refused(class_names, classes, message):
    with pytest.raises(ValueError, match=message):
        check_class_names(class_names, classes)


@pytest.mark.parametrize("label", ["pop_art", 1, np.int64(1), np.str_("pop_art")])
def test_a_class_is_known_by_its_name_and_number(label):
    assert class_number(label, STYLES) == 1


def test_numbers_are_names_where_there_are_no_others():
    assert class_number("1", ("0", "1", "2")) == 1


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("popart", rf"'popart'.* pop_art\? {LISTED}$"),
        ("Cubism", rf"'Cubism'.* cubism\? {LISTED}$"),
        ("x", "'x'.* cubism, pop_art, realism$"),
        (3, "0 to 2. Received: 3$"),
        (-1, "0 to 2. Received: -1$"),
        (1.5, "0 to 2. Received: 1.5$"),
        (b"cubism", "0 to 2. Received: b'cubism'$"),
    ],
)
def test_unknown_classes_are_refused_with_near_names_and_all(label, message):
    with pytest.raises(ValueError, match=message):
        class_number(label, STYLES)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("realism", [2, 2]),
        (1, [1, 1]),
        (["realism", 0], [2, 0]),
        (np.array([2, 1]), [2, 1]),
        (np.array(["cubism", "realism"]), [0, 2]),
    ],
)
def test_one_label_is_for_all_and_a_list_has_one_for_each(labels, expected):
    numbers = class_numbers(labels, STYLES, 2)
    assert numbers.dtype == np.int32
    np.testing.assert_array_equal(numbers, expected)


@pytest.mark.parametrize("labels", [[0], [0, 1, 2], []])
def test_other_numbers_of_labels_are_refused(labels):
    message = f"2. Received: {len(labels)}"
    with pytest.raises(ValueError, match=message):
        class_numbers(labels, STYLES, 2)


def test_objectives_keep_their_class_names_in_their_configuration(
    tiny_generator, tiny_discriminator
):
    classes = {"genre": 2, "style": 3}
    gan = ACGAN(
        tiny_generator(classes=classes),
        tiny_discriminator(classes=classes),
        class_names={"style": STYLES},
    )
    again = ACGAN.from_config(gan.get_config())
    assert dict(again.class_names) == {"genre": ("0", "1"), "style": STYLES}


@pytest.mark.parametrize(("label", "number"), [("2", 1), ("0", 0), ("1890", 2)])
def test_digits_are_the_name_of_a_class_before_they_are_its_number(label, number):
    assert class_number(label, ("1", "2", "1890")) == number


def test_a_number_of_no_class_is_named():
    with pytest.raises(ValueError, match=r"from 0 to 2\. Received: 7"):
        class_number("7", ("1", "2", "1890"))
