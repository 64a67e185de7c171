import numpy as np
import pytest

from kerasgan.data import ImageSet
from kerasgan.errors import UserError
from kerasgan.recipes.recipe_file import read_recipe
from kerasgan.recipes.recipe_images import RecipeImages
from kerasgan.zoo import evaluator


@pytest.fixture
def evaluated(models, monkeypatch):
    """Evaluates a tiny model as one of GANGogh's recipe, and returns what measuring was given."""
    labels = np.arange(120, dtype=np.int32) % 3
    names = {"genre": ("landscape", "portrait", "still-life")}
    images = ImageSet(
        np.zeros((120, 8, 8, 1), np.uint8), labels={"genre": labels}, class_names=names
    )
    given = {}
    monkeypatch.setattr(evaluator, "recipe_of", lambda name: read_recipe("wikiart_gangogh"))
    monkeypatch.setattr(evaluator, "evaluate_model", lambda *_, **options: given.update(options))
    monkeypatch.setattr(evaluator, "Reference", lambda images, **options: given.update(options))

    def evaluated(name, held_out=images, **options):
        monkeypatch.setattr(RecipeImages, "measured", lambda self: (images, held_out))
        evaluator.evaluate([name], features="classifier", **options)
        return given

    return evaluated


def test_measuring_knows_the_held_out_images_and_which_classes_were_balanced(evaluated):
    given = evaluated("genres", confusions=True)
    assert given["balanced"] == "genre"
    assert len(given["held_out"]) == 120


def test_confusions_of_models_that_have_none_are_refused_before_measuring(evaluated):
    with pytest.raises(UserError, match=r"^plain has no confusion picture: a WGAN has no class"):
        evaluated("plain", confusions=True)
    with pytest.raises(UserError, match=r"^genres has no confusion picture: .* data\.holdout"):
        evaluated("genres", held_out=None, confusions=True)
    assert "balanced" in evaluated("plain")


@pytest.mark.parametrize(
    ("other", "options", "said"),
    [
        ("nobodys", {}, "There is no model 'nobodys'"),
        ("mnist_cppn_gan", {"best": True}, "Only a run folder has best weights"),
    ],
)
def test_what_is_missing_is_told_before_the_first_model_is_measured(
    run, monkeypatch, other, options, said
):
    monkeypatch.setattr(evaluator, "evaluate_model", lambda *_, **__: pytest.fail("measured"))
    monkeypatch.setattr(evaluator, "open_model", lambda *_, **__: pytest.fail("opened"))
    # The run's best weights need not be there to be looked for.
    monkeypatch.setattr("kerasgan.zoo.loader.check_has_weights", lambda *_, **__: None)
    with pytest.raises(UserError, match=said):
        evaluator.evaluate([run, other], run.parent / "pictures", features="classifier", **options)


def test_a_run_is_measured_against_the_images_it_was_trained_on_where_they_still_are(
    run, entry, monkeypatch
):
    paths = []

    def stop(recipe, path, *, progress):
        paths.append(path)
        raise UserError("far enough")

    monkeypatch.setattr(evaluator, "RecipeImages", stop)
    for name, data in ((run, None), (run, "others"), (entry, None)):
        with pytest.raises(UserError, match="far enough"):
            evaluator.evaluate([name], data, features="classifier")
    assert paths == [run.parent / "pictures", "others", None]
    monkeypatch.setattr(evaluator.Path, "exists", lambda path: False)
    assert evaluator._data_of(run) is None
