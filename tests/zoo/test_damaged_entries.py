import json
import shutil

import pytest

from kerasgan import zoo
from kerasgan.errors import UserError
from kerasgan.zoo.card import card
from kerasgan.zoo.exporter import export
from tests.file_size_limit import file_size_limit


@pytest.fixture
def copy(entry, tmp_path):
    return shutil.copytree(entry, tmp_path / "copy")


@pytest.mark.parametrize("size", [0, 700, 5000, 20_000, 60_000])
def test_export_that_cannot_be_written_is_one_line_and_leaves_no_entry(run, tmp_path, size):
    one_line = pytest.raises(UserError, match=r"^[^\n]*: File too large$")
    with one_line, file_size_limit(size):
        export(run, tmp_path / "entries" / "full")
    assert not (tmp_path / "entries" / "full").exists()
    assert list(tmp_path.rglob("*.pb")) == []


def test_export_over_an_entry_that_cannot_be_written_keeps_it(run, copy):
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    with pytest.raises(UserError, match=r"File too large$"), file_size_limit(20_000):
        export(run, copy)
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 20_000,
        b'{"latent_dim": ' + b"9" * 5000 + b"}",
        ("training", 3),
        ("training", {}),
        ("image_shape", [32]),
        ("classes", ["genre"]),
        ("machine", None),
        ("parameters", {"generator": "many"}),
        ("parameters", {"other": 3}),
        ("last_twentieth", {"loss": None}),
        ("progress_rows", "abc"),
    ],
)
def test_damaged_metrics_are_one_line_that_names_the_file(copy, damaged):
    path = copy / "metrics.json"
    if isinstance(damaged, tuple):
        damaged = json.dumps({**json.loads(path.read_text()), damaged[0]: damaged[1]}).encode()
    path.write_bytes(damaged)
    for look in (zoo.describe, card):
        with pytest.raises(UserError, match=r"metrics\.json: ") as error:
            look(copy)
        assert "\n" not in str(error.value)
        assert len(str(error.value)) < 500


@pytest.mark.parametrize("damaged", [b"", b"[[[", b"a" + b".a" * 20_000 + b" = 1", b"\0"])
def test_damaged_recipe_of_an_entry_is_one_line_that_names_the_file(copy, damaged):
    (copy / "recipe.toml").write_bytes(damaged)
    with pytest.raises(UserError, match=r"recipe\.toml") as error:
        zoo.describe(copy)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500
