import numpy as np
import pytest

from kerasgan.data import ImageSet, load_images
from kerasgan.data.selection import SelectedImages
from kerasgan.errors import UserError

IMAGES = np.broadcast_to(np.arange(8, dtype=np.uint8)[:, None, None, None], (8, 2, 2, 1)).copy()
PAINTINGS = ImageSet(
    IMAGES,
    {
        "genre": np.int32([0, 1, 2, 0, -1, 1, 2, -1]),
        "style": np.int32([0, 0, 1, 1, 0, -1, 0, -1]),
    },
    {"genre": ("landscape", "portrait", "still_life"), "style": ("Cubism", "Pop_Art")},
    background=(7,),
)


def chosen(image_set):
    return np.asarray(image_set.images)[:, 0, 0, 0].tolist()


def test_nothing_wanted_is_all_images_without_labels():
    result = PAINTINGS.select()
    assert result.images is IMAGES
    assert result.labels == result.class_names == {}
    assert result.fingerprint == ImageSet(IMAGES).fingerprint


def test_images_without_a_wanted_label_are_left_out():
    result = PAINTINGS.select(["genre"])
    assert chosen(result) == [0, 1, 2, 3, 5, 6]
    np.testing.assert_array_equal(result.labels["genre"], [0, 1, 2, 0, 1, 2])
    assert set(result.labels) == set(result.class_names) == {"genre"}
    assert result.background == (7,)


def test_each_wanted_label_must_be_known():
    result = PAINTINGS.select(["style", "genre"])
    assert chosen(result) == [0, 1, 2, 3, 6]
    assert list(result.labels) == ["style", "genre"]
    np.testing.assert_array_equal(result.labels["genre"], [0, 1, 2, 0, 2])
    np.testing.assert_array_equal(result.labels["style"], [0, 0, 1, 1, 0])


def test_classes_get_their_numbers_in_the_order_given():
    result = PAINTINGS.select(["genre"], {"genre": ["still_life", "landscape"]})
    assert chosen(result) == [0, 2, 3, 6]
    np.testing.assert_array_equal(result.labels["genre"], [1, 0, 1, 0])
    assert result.class_names == {"genre": ("still_life", "landscape")}


def test_classes_of_a_set_that_is_not_kept_choose_images():
    result = PAINTINGS.select([], {"style": ["Pop_Art"]})
    assert chosen(result) == [2, 3]
    assert result.labels == {}


def test_classes_that_are_not_named_are_those_that_occur():
    result = PAINTINGS.select(["genre"], {"style": ["Pop_Art"]})
    assert result.class_names == {"genre": ("landscape", "still_life")}
    np.testing.assert_array_equal(result.labels["genre"], [1, 0])


def test_naming_the_classes_of_a_selection_selects_the_same():
    first = PAINTINGS.select(["genre", "style"])
    again = PAINTINGS.select(["genre", "style"], first.class_names)
    assert first.class_names["genre"] == ("landscape", "portrait", "still_life")
    assert again.fingerprint == first.fingerprint


def test_selecting_again_goes_on_from_the_selection():
    once = PAINTINGS.select(["genre"], {"genre": ["still_life", "landscape"]})
    twice = once.select(["genre"], {"genre": ["landscape"]})
    assert chosen(twice) == [0, 3]
    assert twice.images.whole is IMAGES


def test_images_stay_in_their_file(tmp_path):
    from PIL import Image

    for level in range(4):
        folder = tmp_path / "ab"[level % 2]
        folder.mkdir(exist_ok=True)
        Image.new("L", (4, 4), level).save(folder / f"{level}.png")
    loaded = load_images("images", path=tmp_path, image_size=4, channels=1)
    selected = loaded.select(["folder"], {"folder": ["b"]})
    assert isinstance(selected.images, SelectedImages)
    assert isinstance(selected.images.whole, np.memmap)
    assert chosen(selected) == [1, 3]


def test_fingerprint_depends_on_the_selection():
    selections = [
        PAINTINGS,
        PAINTINGS.select(),
        PAINTINGS.select(["genre"]),
        PAINTINGS.select(["style"]),
        PAINTINGS.select(["genre", "style"]),
        PAINTINGS.select(["genre"], {"genre": ["landscape", "portrait"]}),
        PAINTINGS.select(["genre"], {"genre": ["portrait", "landscape"]}),
        PAINTINGS.select([], {"genre": ["landscape", "portrait"]}),
    ]
    assert len({selection.fingerprint for selection in selections}) == len(selections)


@pytest.mark.parametrize(
    ("labels", "classes", "message"),
    [
        (["gerne"], {}, r'"gerne".* genre\?'),
        (["artist"], {}, r'"artist".* genre, style'),
        ([], {"artist": ["x"]}, '"artist"'),
        (["genre"], {"genre": ["portraits"]}, r'"portraits".* portrait\?'),
        (["genre"], {"genre": []}, r'"genre" .*\[\]'),
        (["genre", "genre"], {}, r"labels .*'genre', 'genre'"),
        ("genre", {}, " 'genre'"),
        (["genre"], {"genre": "portrait"}, " 'portrait'"),
        (["genre"], {"genre": ["portrait"] * 2}, r'"genre" .*portrait.*portrait'),
        # The portraits are either cubist or of no known style.
        (
            ["genre"],
            {"genre": ["landscape", "portrait"], "style": ["Pop_Art"]},
            '"portrait" of "genre"',
        ),
    ],
)
def test_bad_selections_are_named(labels, classes, message):
    with pytest.raises(UserError, match=message):
        PAINTINGS.select(labels, classes)


def test_class_that_has_no_image_is_named():
    empty = ImageSet(IMAGES, {"kind": np.zeros(8, int)}, {"kind": ("a", "b")})
    with pytest.raises(UserError, match='"b" of "kind"'):
        empty.select(["kind"], {"kind": ["a", "b"]})


def test_no_image_with_all_labels_is_an_error():
    labels = {"a": np.array([0] * 4 + [-1] * 4), "b": np.array([-1] * 4 + [0] * 4)}
    apart = ImageSet(IMAGES, labels, {"a": ("x",), "b": ("y",)})
    with pytest.raises(UserError, match="a, b"):
        apart.select(["a", "b"])


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
