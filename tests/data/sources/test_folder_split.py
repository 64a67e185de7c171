import pytest

from kerasgan.data.sources.folder_split import images_of_split, left_out_of_training
from kerasgan.errors import UserError

SORTED = ["digits/test/0/a.png", "digits/test/1/b.png", "digits/train/0/c.png"]


def images(names, split="train"):
    return images_of_split(names, split, where="data.zip")


def test_split_is_the_folder_of_its_name():
    assert images(SORTED) == SORTED[2:]
    assert images(SORTED, "test") == SORTED[:2]


def test_splits_may_lie_below_the_classes():
    names = ["cat/test/a.png", "cat/train/b.png", "dog/test/c.png", "dog/train/d.png"]
    assert images(names) == [names[1], names[3]]
    assert images(names, "test") == [names[0], names[2]]


def test_images_may_lie_right_in_the_split():
    names = ["extra.png", "train/a.png", "val/b.png"]
    assert images(names) == ["train/a.png"]
    assert images(names, "val") == ["val/b.png"]


def test_any_folder_can_be_asked_for():
    assert images(["old/a.png", "new/b.png"], "new") == ["new/b.png"]


def test_train_without_such_a_folder_is_everything():
    for names in (["a.png", "b.png"], ["cat/a.png", "dog/b.png"], ["train.png", "trains/a.png"]):
        assert images(names) == names


def test_without_a_folder_train_other_splits_are_not_trained_on():
    names = ["a.png", "cat/b.png", "cat/test/c.png", "val/d.png"]
    assert images(names) == names[:2]
    assert images(["test/a.png", "test/b.png"]) == ["test/a.png", "test/b.png"]


def test_images_that_a_user_may_miss_are_named_with_the_reason():
    def missing(*names, split="train"):
        return {each.path: each.reason for each in left_out_of_training(names, split)}

    assert missing("a.png", "train/b.png", "test/c.png") == {"a.png": "beside the folder train"}
    reason = "in the folder of another split, such as test"
    assert missing("a.png", "test/b.png") == {"test/b.png": reason}
    assert missing("a.png", "cat/b.png") == missing("test/a.png") == {}
    assert missing("a.png", "train/b.png", split="test") == {}


def test_trains_among_other_vehicles_are_a_class():
    vehicles = ["bus/a.png", "train/b.png", "tram/c.png"]
    assert images(vehicles) == vehicles


def test_trains_for_testing_are_not_trained_on():
    names = ["test/bus/a.png", "test/train/b.png", "train/bus/c.png", "train/train/d.png"]
    assert images(names) == names[2:]
    assert images(names, "test") == names[:2]


def test_train_alone_is_a_split():
    assert images(["a.png", "train/b.png"]) == ["train/b.png"]


def test_unknown_split_names_the_folders():
    with pytest.raises(
        UserError, match=r"^data\.zip .* digits, test, train, 0, 1\. .*split='valid'$"
    ):
        images(SORTED, "valid")
    with pytest.raises(UserError, match=r" none\."):
        images(["a.png"], "test")


def test_many_folders_are_not_all_named():
    names = [f"{number:03}/a.png" for number in range(100)]
    with pytest.raises(UserError, match=r"000, .*009, …\."):
        images(names, "test")


@pytest.mark.parametrize(("train", "test"), [("Train", "Test"), ("training", "testing")])
def test_splits_may_have_other_usual_names(train, test):
    names = [f"{train}/cats/a.png", f"{test}/cats/b.png", f"{train}/dogs/c.png"]
    assert images(names) == images(names, train) == [names[0], names[2]]
    assert images(names, "test") == images(names, test) == [names[1]]
