import pytest

from kerasgan.errors import UserError
from kerasgan.files.new_folder import check_new_folder, files_below, new_folder


def fill(folder):
    with new_folder(folder) as new:
        (new / "inside").mkdir()
        (new / "inside" / "a.txt").write_text("a")


@pytest.mark.parametrize("place", ["new", "deep/new", "empty", "link"])
def test_a_folder_is_written_where_nothing_is(tmp_path, place):
    (tmp_path / "empty").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("elsewhere")
    fill(tmp_path / place)
    assert files_below(tmp_path / place) == ["inside/a.txt"]
    assert (tmp_path / "link").is_symlink()


def test_what_fails_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt), new_folder(tmp_path / "new") as new:
        (new / "a.txt").write_text("a")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["file", "full", "loop", "/"])
def test_what_is_there_stays(tmp_path, place):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "loop").symlink_to("loop")
    (tmp_path / "loop").symlink_to("loop")
    before = files_below(tmp_path)
    with pytest.raises(UserError, match="give another"):
        fill(tmp_path / place)
    assert files_below(tmp_path) == before


def test_what_file_managers_left_is_no_content(tmp_path):
    (tmp_path / "seen" / "inside").mkdir(parents=True)
    for name in (".DS_Store", "inside/Thumbs.db"):
        (tmp_path / "seen" / name).touch()
    fill(tmp_path / "seen")
    assert files_below(tmp_path / "seen") == ["inside/a.txt"]


def test_what_comes_meanwhile_stays(tmp_path):
    with pytest.raises(UserError, match=r"mine\.txt"), new_folder(tmp_path / "new") as new:
        (new / "a.txt").write_text("a")
        (tmp_path / "new").mkdir()
        (tmp_path / "new" / "mine.txt").write_text("mine")
    assert files_below(tmp_path) == ["new/mine.txt"]


def test_replaceable_files_alone_are_replaced(tmp_path):
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "old.txt").write_text("old")
    with new_folder(folder, replaceable=lambda _: ["old.txt", "other.txt"]) as new:
        (new / "a.txt").write_text("a")
        assert files_below(folder) == ["old.txt"]
    assert files_below(tmp_path) == ["new/a.txt"]
    with pytest.raises(UserError, match=r"a\.txt"):
        check_new_folder(folder, replaceable=lambda _: ["old.txt"])


@pytest.mark.parametrize("place", ["source", "source/inside", ".", "link", "link/inside"])
def test_what_is_read_is_neither_written_to_nor_replaced(tmp_path, place):
    (tmp_path / "source").mkdir()
    (tmp_path / "link").symlink_to("source")
    with pytest.raises(UserError, match="which is read"):
        check_new_folder(tmp_path / place, apart_from=[tmp_path / "source"])
