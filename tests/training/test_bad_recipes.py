import time

import pytest

from kerasgan.errors import UserError
from kerasgan.recipes.recipe_file import read_recipe
from kerasgan.training.planner import plan
from tests.training.bad_recipes import bad_recipes


def judge(bad, folder, pictures):
    """Returns what a dry run made of a bad recipe: "refused", "accepted", or what is wrong."""
    path = folder / "bad.toml"
    path.write_bytes(bad.text)
    begun = time.monotonic()
    try:
        plan(read_recipe(path), folder / "run", data=pictures)
        answer = "accepted nonsense" if bad.is_absurd else "accepted"
    except UserError as error:
        text = str(error)
        is_readable = text and "\n" not in text and len(text) < 1000 and "\0" not in text
        answer = "refused" if is_readable else f"unreadable: {text:.300}"
    except Exception as error:
        answer = f"traceback: {type(error).__name__}: {error!s:.300}"
    if time.monotonic() - begun > 30.0:
        answer = "took over 30 s"
    assert not (folder / "run").exists()
    return answer


def faults(count, folder, pictures, *, seed):
    """Lists the answers to bad recipes that are neither a refusal nor a sound acceptance."""
    answers = [(bad.mistake, judge(bad, folder, pictures)) for bad in bad_recipes(count, seed=seed)]
    assert sum(answer == "refused" for _, answer in answers) > count / 2
    return [each for each in answers if each[1] not in ("refused", "accepted")]


def test_no_bad_recipe_ends_in_a_traceback_or_is_taken_for_a_good_one(tmp_path, pictures):
    assert faults(120, tmp_path, pictures, seed=0) == []


@pytest.mark.slow
def test_nor_does_one_of_very_many(tmp_path, pictures, random_seed):
    assert faults(1600, tmp_path, pictures, seed=random_seed) == []
