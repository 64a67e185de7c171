import re
import shutil
import subprocess

import numpy as np
import pytest

from kerasgan import zoo
from kerasgan.errors import UserError
from kerasgan.zoo import open_for_drawing
from kerasgan.zoo.checksums import write_checksums
from kerasgan.zoo.entries import verify
from kerasgan.zoo.page_models import page_model


@pytest.fixture
def copy(entry, tmp_path):
    return shutil.copytree(entry, tmp_path / "copy")


def test_every_file_but_the_list_itself_is_checked(entry):
    files = [path for path in entry.rglob("*") if path.is_file()]
    assert verify(entry) == len(files) - 1


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_sha256sum_agrees(entry):
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=entry, check=True)


def test_a_flipped_byte_is_named(copy):
    weights = copy / "variables" / "variables.data-00000-of-00001"
    damaged = bytearray(weights.read_bytes())
    damaged[100] ^= 1
    weights.write_bytes(damaged)
    with pytest.raises(UserError, match=r"variables\.data-00000-of-00001"):
        verify(copy)


def test_a_missing_file_is_named(copy):
    (copy / "metrics.json").unlink()
    with pytest.raises(UserError, match=r"metrics\.json"):
        verify(copy)


def test_an_added_file_is_named(copy):
    (copy / "variables" / "more").touch()
    with pytest.raises(UserError, match="variables/more"):
        verify(copy)


def test_what_file_managers_and_authors_add_is_no_damage(copy):
    for name in (".DS_Store", "variables/.DS_Store", "variables/Thumbs.db", ".git/config"):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("x")
    verify(copy)
    write_checksums(copy)
    (copy / ".DS_Store").unlink()
    verify(copy)
    (copy / "notes.md").write_text("Prose.")
    with pytest.raises(UserError, match=r"notes\.md; export the entry again to record it$"):
        verify(copy)


def test_a_lost_list_is_an_error(copy):
    (copy / "SHA256SUMS").unlink()
    with pytest.raises(UserError, match="SHA256SUMS"):
        verify(copy)


def test_an_entry_with_added_pictures_and_edited_documents_draws_but_is_not_pushed(entry, copy):
    (copy / "mine.png").write_bytes(b"a picture")
    (copy / "README.md").write_text("My own words.")
    (copy / "samples.png").unlink()
    drawn = zoo.load(copy).generate(1, seed=3)
    np.testing.assert_array_equal(drawn, zoo.load(entry).generate(1, seed=3))
    np.testing.assert_allclose(open_for_drawing(copy).generate(1, seed=3), drawn, atol=3 / 255)
    assert page_model(copy).files == page_model(entry).files
    for strict in (verify, lambda folder: zoo.push(folder, "ann/squares", token="token")):
        with pytest.raises(UserError, match=r"samples\.png is missing"):
            strict(copy)


@pytest.mark.parametrize(
    "name",
    [
        "assets.extra/model.json",
        "metrics.json",
        "recipe.toml",
        "saved_model.pb",
        "variables/variables.data-00000-of-00001",
        "variables/variables.index",
    ],
)
def test_what_a_model_is_loaded_from_must_be_listed_and_intact(copy, name):
    listed = (copy / "SHA256SUMS").read_text().splitlines(keepends=True)
    (copy / "SHA256SUMS").write_text("".join(line for line in listed if name not in line))
    with pytest.raises(UserError, match=f"a file without a checksum: {re.escape(name)}"):
        zoo.load(copy)
    (copy / "SHA256SUMS").write_text("".join(listed))
    (copy / name).write_bytes((copy / name).read_bytes() + b" ")
    with pytest.raises(UserError, match=f"{re.escape(name)} is damaged"):
        zoo.load(copy)
