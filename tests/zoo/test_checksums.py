import shutil
import subprocess

import pytest

from kerasgan.errors import UserError
from kerasgan.zoo.entries import verify


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
    (copy / "notes.md").write_text("Prose.")
    with pytest.raises(UserError, match=r"notes\.md; export the entry again to record it$"):
        verify(copy)


def test_a_lost_list_is_an_error(copy):
    (copy / "SHA256SUMS").unlink()
    with pytest.raises(UserError, match="SHA256SUMS"):
        verify(copy)
