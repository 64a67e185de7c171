import json
import platform
from importlib import metadata

import pytest

from kerasgan.errors import UserError
from kerasgan.files.folder_lock import LOCK_FILE
from kerasgan.recipes.recipe_file import read_recipe
from kerasgan.training.run_folder import RunFolder

DATA = {"path": "somewhere", "images": 12, "fingerprint": "abc"}


@pytest.fixture
def run(recipe, tmp_path):
    run = RunFolder(tmp_path / "a" / "run")
    run.create(recipe(), "# mine\n" + recipe().as_toml(), DATA)
    return run


def test_run_describes_itself(run, recipe):
    assert run.exists
    assert run.recipe() == recipe()
    assert run.recipe_file.read_text().startswith("# mine\n")
    description = json.loads((run.path / "run.json").read_text())
    assert description == run.describe()
    assert description["data"] == DATA
    assert description["recipe"]["training"]["seed"] == 3
    assert description["versions"]["tensorflow"] == metadata.version("tensorflow")
    assert description["versions"]["python"] == platform.python_version()
    assert description["machine"]["cores"] >= 1


def test_folder_with_something_else_is_refused_and_left_alone(recipe, tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(UserError, match=r"\(it has "):
        RunFolder(tmp_path).create(recipe(), "", DATA)
    assert not (tmp_path / "run.json").exists()
    assert not (tmp_path / "recipe.toml").exists()


def test_start_that_was_killed_at_any_write_is_begun_anew(recipe, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "recipe.toml").write_text(recipe().as_toml())
    (folder / "run-000000000123-partial.json").write_text('{"rec')
    (folder / LOCK_FILE).touch()
    (folder / ".DS_Store").touch()
    RunFolder(folder).create(recipe(), recipe().as_toml(), DATA)
    names = {path.name for path in folder.iterdir()}
    assert names == {"recipe.toml", "run.json", LOCK_FILE, ".DS_Store"}


def test_someone_elses_recipe_is_not_overwritten(recipe, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "recipe.toml").write_text("# years of work")
    with pytest.raises(UserError, match=r"it has recipe\.toml"):
        RunFolder(tmp_path / "run").create(recipe(), recipe().as_toml(), DATA)
    assert (tmp_path / "run" / "recipe.toml").read_text() == "# years of work"


def test_missing_and_damaged_descriptions_are_named(run, tmp_path):
    with pytest.raises(UserError, match=r"run\.json"):
        RunFolder(tmp_path).describe()
    for text in ("{", "[]", "{}", '{"recipe": 1}'):
        (run.path / "run.json").write_text(text)
        with pytest.raises(UserError, match=r"Cannot read .*run\.json"):
            run.describe()


def test_recipe_of_an_unknown_version_is_named(run):
    description = run.describe()
    description["recipe"]["training"]["new_option"] = 1
    (run.path / "run.json").write_text(json.dumps(description))
    with pytest.raises(UserError, match=r"run\.json: unknown key training\.new_option"):
        run.recipe()


def test_recipe_file_reads_as_the_recipe(run, recipe):
    assert read_recipe(run.recipe_file) == recipe()


def test_log_is_json_lines_oldest_first(run):
    assert run.log() == []
    for iteration in (1, 2):
        run.append_log({"iteration": iteration, "seconds": 0.5, "loss": 0.1})
    lines = (run.path / "log.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == run.log()
    assert [line["iteration"] for line in run.log()] == [1, 2]


@pytest.mark.parametrize(
    "torn", [b'{"iteration": 3, "lo', b"3", b"\0\0\0", b"\xff{", b"[1]", b'{"iteration": 3}']
)
def test_torn_line_is_left_out_and_gone_after_rewinding(run, torn):
    line = {"iteration": 2, "seconds": 0.5}
    run.append_log(line)
    with (run.path / "log.jsonl").open("ab") as file:
        file.write(torn)
    assert run.log() == [line]
    assert run.rewind_log(5) == [line]
    run.append_log({**line, "iteration": 3})
    assert [line["iteration"] for line in run.log()] == [2, 3]


def test_rewinding_drops_what_comes_after(run):
    for iteration in range(1, 6):
        run.append_log({"iteration": iteration, "seconds": 0.5})
    assert [line["iteration"] for line in run.rewind_log(3)] == [1, 2, 3]
    assert [line["iteration"] for line in run.log()] == [1, 2, 3]


def test_log_that_cannot_be_written_is_a_user_error(run):
    (run.path / "log.jsonl").mkdir()
    with pytest.raises(UserError, match=r"Cannot write .*log\.jsonl: Is a directory"):
        run.append_log({"iteration": 1})
