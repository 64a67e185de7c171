from dataclasses import replace

from kerasgan.wikiart.preparer.class_choice import (
    ClassChoice,
    chosen_paintings,
    without_small_classes,
)
from kerasgan.wikiart.preparer.painting import Painting

ANY = Painting("", "", "", "", "", -1, (), ())


def paintings(*labels):
    return [
        replace(ANY, id=str(n), file=str(n), genres=tuple(genres), styles=tuple(styles))
        for n, (genres, styles) in enumerate(labels)
    ]


def labels(kept):
    return {painting.id: (painting.genres, painting.styles) for painting in kept}


def test_requested_classes_are_kept_in_the_order_and_by_the_names_requested():
    source = paintings(("ab", "s"), ("cb", "s"), ("d", "s"), ("", "s"), ("a", "t"))
    genres = ClassChoice.of("genre", ["b=x", " a ", "c=x"])
    kept, skipped = chosen_paintings(source, genres, ClassChoice.of("style", ["s"]))
    assert labels(kept) == {"0": (("x", "a"), ("s",)), "1": (("x",), ("s",))}
    assert {skip.path: skip.cause for skip in skipped} == {
        "2": "other genre",
        "3": "other genre",
        "4": "other style",
    }
    assert genres.names({"a", "x"}) == ("x", "a")


def test_without_request_all_stay_and_classes_are_sorted():
    everything = ClassChoice.of("genre", None)
    source = paintings(("ba", ""), ("", "s"))
    kept, skipped = chosen_paintings(source, everything, ClassChoice.of("style", ()))
    assert (kept, skipped) == (source, [])
    assert everything.names({"b", "a"}) == ("a", "b")


def test_small_classes_go_and_those_that_become_small_by_it():
    source = paintings(
        ("a", "s"), ("a", "s"), ("a", "t"), ("b", "s"), ("b", "t"), ("ca", "s"), ("", "s")
    )
    kept, skipped = without_small_classes(source, 3)
    # b, c and t are small; the painting of c and a goes with a.
    assert labels(kept) == {
        "0": (("a",), ("s",)),
        "1": (("a",), ("s",)),
        "5": (("a",), ("s",)),
        "6": ((), ("s",)),
    }
    assert {skip.path: skip.detail for skip in skipped} == {
        "2": "style t",
        "3": "genre b",
        "4": "genre b",
    }
    source = paintings(("a", "s"), ("a", "s"), ("a", "t"), ("b", "s"))
    # Without b and t, a and s are too small too.
    assert without_small_classes(source, 3)[0] == []
    assert without_small_classes(source, 0) == (source, [])


def test_one_name_is_not_read_letter_by_letter():
    assert ClassChoice.of("genre", "portrait=face").new_names == {"portrait": "face"}
