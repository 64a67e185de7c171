import numpy as np
import pytest

from kerasgan.drawing.labelled_latents import LabelledLatents
from kerasgan.errors import UserError

LATENTS = np.eye(3, dtype=np.float32)[:2]


def labelled(**labels):
    return LabelledLatents("picks/latents.json", LATENTS, (7, 2), labels)


def test_labels_that_are_given_go_before_the_latents_own(conditional, genres):
    own = {"genre": ("portrait", "landscape"), "style": ("1", "0")}
    named = labelled(**own)
    assert named.labels_with(conditional, None) == own
    assert named.labels_with(conditional, {"style": None}) == own
    assert named.labels_with(conditional, {"style": "0"}) == {**own, "style": "0"}
    assert labelled(genre=own["genre"]).labels_with(genres, "still-life") == "still-life"
    assert labelled().labels_with(genres, None) is None


def test_classes_that_are_not_drawn_need_not_be_known(genres):
    old = labelled(genre=("fresco", "icon"))
    assert old.labels_with(genres, {"genre": 1}) == {"genre": 1}
    with pytest.raises(UserError, match=r"'fresco'.* pass labels= of classes that"):
        old.classes_for(genres)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ({"style": ("1", "0")}, "The label sets are 'genre'. Received: 'style'"),
        ({"s" * 999: ("1", "0")}, "Received: 's{79}…'"),
        ({"genre": ("portrait", "portrat")}, "did you mean portrait"),
        ({"genre": ("portrait", {"portrait": 0.5})}, "add up to 1"),
        ({"genre": ("portrait",)}, "2 labels of genre, one for each picture. Received: 1"),
    ],
)
def test_what_the_model_cannot_draw_is_refused_in_a_line(genres, labels, said):
    with pytest.raises(
        UserError, match=rf"picks/latents\.json do not fit the model: .*{said}"
    ) as error:
        labelled(**labels).classes_for(genres)
    assert "\n" not in str(error.value)


def test_a_model_without_classes_draws_none(plain):
    with pytest.raises(UserError, match=r"The label sets are none\. Received: 'genre'"):
        labelled(genre=("portrait", "landscape")).classes_for(plain)
