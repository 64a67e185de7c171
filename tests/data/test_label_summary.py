import numpy as np

from kerasgan.data import ImageSet
from kerasgan.data.label_summary import label_summary


def test_each_label_set_has_a_line_with_the_largest_classes_first():
    names = ("cat", "dog", "owl")
    images = ImageSet(
        np.zeros((7, 2, 2, 1), np.uint8),
        {"kind": np.int32([0, 2, 2, -1, 2, 0, -1]), "size": np.int32([0] * 7)},
        {"kind": names, "size": ("large",)},
        no_label_sets={"age": "has numbers that are no integers, such as 0.5"},
    )
    assert label_summary(images) == [
        "kind, 3 classes: owl 3, cat 2, dog 0; 2 without one",
        "size, 1 class: large 7",
        "age is no label set: it has numbers that are no integers, such as 0.5",
    ]
    assert label_summary(ImageSet(images.images)) == []


def test_of_many_classes_the_largest_are_named():
    labels = np.repeat(np.arange(30), np.arange(1, 31)).astype(np.int32)
    names = {"kind": tuple(f"class {number}" for number in range(30))}
    images = ImageSet(np.zeros((len(labels), 1, 1, 1), np.uint8), {"kind": labels}, names)
    (line,) = label_summary(images)
    assert line.startswith("kind, 30 classes: class 29 30, class 28 29, ")
    assert line.endswith(", class 10 11, and 10 more")
