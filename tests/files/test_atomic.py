import os
from pathlib import Path

import pytest

from kerasgan.errors import UserError
from kerasgan.files.atomic import (
    atomic_path,
    atomic_write,
    check_could_be_made,
    check_writable,
    publish_folder,
    remove_partial_files,
    replace,
    write_text,
)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_whole_file_takes_the_place_of_the_old_one(tmp_path):
    path = tmp_path / "deep" / "a.weights.h5"
    for content in (b"old", b"new"):
        with atomic_path(path) as temporary:
            assert temporary.parent == path.parent
            assert temporary.name.endswith(".weights.h5")
            temporary.write_bytes(content)
    assert path.read_bytes() == b"new"
    assert names(path.parent) == ["a.weights.h5"]


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, OSError])
def test_failing_block_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "a.txt"
    path.write_text("old")
    expected = UserError if error is OSError else error
    with pytest.raises(expected), atomic_path(path) as temporary:
        temporary.write_text("ne")
        raise error
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_writers_of_one_file_do_not_mix_and_the_last_to_end_wins(tmp_path):
    # Two processes of containers, which have the same number.
    path = tmp_path / "a.npy"
    with atomic_write(path) as first, atomic_write(path) as second:
        first.write(b"1" * 100)
        second.write(b"2" * 50)
        first.write(b"1" * 100)
    assert path.read_bytes() == b"1" * 200
    assert names(tmp_path) == ["a.npy"]


def test_block_that_writes_nothing_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(UserError, match=r"a\.txt"), atomic_path(path):
        pass
    assert path.read_text() == "old"


def test_full_disk_is_a_user_error_that_names_file_and_reason(tmp_path):
    # HDF5 puts a page of text where others put "No space left on device".
    with (
        pytest.raises(UserError, match=r"a\.h5: No space left on device$"),
        atomic_path(tmp_path / "a.h5") as temporary,
    ):
        temporary.touch()
        raise OSError(28, "Unable to extend file properly, time = Mon\n, errno = 28")
    assert names(tmp_path) == []


def test_path_below_a_file_is_a_user_error(tmp_path):
    (tmp_path / "file").write_text("kept")
    for function in (lambda path: write_text(path, "x"), check_writable):
        with pytest.raises(UserError, match=r"file/run: \S*/file\b"):
            function(tmp_path / "file" / "run")
    assert (tmp_path / "file").read_text() == "kept"


def test_folder_in_the_place_of_the_file_is_a_user_error(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(UserError, match=r"a\.txt: Is a directory"):
        write_text(tmp_path / "a.txt", "x")
    assert names(tmp_path) == ["a.txt"]


def test_error_about_another_file_is_not_blamed_on_this_one(tmp_path):
    with pytest.raises(FileNotFoundError, match="source"), atomic_path(tmp_path / "a.txt"):
        (tmp_path / "source").read_bytes()


def test_bytes_and_text_are_written_as_given(tmp_path):
    with atomic_write(tmp_path / "a") as file:
        file.write(b"\0\xff")
    write_text(tmp_path / "b", "Pokémon\n")
    assert (tmp_path / "a").read_bytes() == b"\0\xff"
    assert (tmp_path / "b").read_bytes() == b"Pok\xc3\xa9mon\n"


def test_writable_folder_is_made_and_left_empty(tmp_path):
    assert check_writable(tmp_path / "x" / "y") == tmp_path / "x" / "y"
    assert names(tmp_path / "x" / "y") == []


def test_file_in_the_place_of_the_folder_is_a_user_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"\S*file: \S*file\b"):
        check_writable(tmp_path / "file")


def test_only_leftovers_of_killed_writers_are_removed(tmp_path):
    (tmp_path / "samples").mkdir()
    kept = ["a-partial.png", "leaf-3-partial.png", "weights.h5", "samples"]
    left = ["weights-000000000017-partial.h5", "samples/000001-123456789012-partial.png"]
    for name in (*kept[:3], *left, "notes-000000000017-partial"):
        (tmp_path / name).touch()
    remove_partial_files(tmp_path)
    assert names(tmp_path) == sorted(kept)
    assert names(tmp_path / "samples") == []


def test_leftover_of_this_very_writer_would_be_removed(tmp_path):
    with atomic_path(tmp_path / "a.b.c") as temporary:
        temporary.touch()
        remove_partial_files(tmp_path)
        assert not temporary.exists()
        temporary.touch()


@pytest.mark.parametrize("name", ["x" * 251 + ".png", "a." + "b" * 240, "ü" * 127, "a." * 120])
def test_a_name_may_be_as_long_as_the_system_allows(tmp_path, name):
    write_text(tmp_path / name, "whole")
    assert (tmp_path / name).read_text() == "whole"
    with atomic_path(tmp_path / name) as temporary:
        assert len(os.fsencode(temporary.name)) <= 255
        temporary.touch()
        remove_partial_files(tmp_path)
        assert not temporary.exists()
        temporary.touch()


def test_a_file_that_another_program_has_open_is_replaced_when_it_lets_go(tmp_path, monkeypatch):
    source, target = tmp_path / "new", tmp_path / "old"
    source.touch()
    tries = []

    def locked(self, path):
        tries.append(path)
        if len(tries) < 3:
            raise PermissionError("in use")

    monkeypatch.setattr(Path, "replace", locked)
    replace(source, target, patience=60.0)
    assert tries == [target] * 3
    tries.clear()
    with pytest.raises(PermissionError):
        replace(source, target, patience=0.0)
    assert tries == [target]


def test_a_drive_that_is_not_there_is_a_user_error(tmp_path, monkeypatch):
    monkeypatch.setattr(os.path, "exists", lambda path: False)
    with pytest.raises(UserError, match=r"^Cannot write to the folder .*run"):
        check_could_be_made(tmp_path / "run")


def test_folder_takes_its_place_where_nothing_or_an_empty_folder_is(tmp_path):
    for name in ("absent", "empty"):
        (tmp_path / "new" / "deep").mkdir(parents=True)
        (tmp_path / "new" / "deep" / "a.txt").write_text(name)
        if name == "empty":
            (tmp_path / name).mkdir()
        publish_folder(tmp_path / "new", tmp_path / name)
        assert (tmp_path / name / "deep" / "a.txt").read_text() == name
    assert names(tmp_path) == ["absent", "empty"]


def test_folder_does_not_take_the_place_of_another(tmp_path):
    for name in ("new", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(name)
    with pytest.raises(UserError, match=r"/old\b"):
        publish_folder(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old" / "a.txt").read_text() == "old"
    assert (tmp_path / "new" / "a.txt").exists()


def test_what_a_link_points_to_is_replaced_and_the_link_stays(tmp_path):
    link = tmp_path / "link.txt"
    link.symlink_to("there.txt")
    for content in ("first", "second"):
        write_text(link, content)
        assert (tmp_path / "there.txt").read_text() == content
    assert link.is_symlink()
    assert names(tmp_path) == ["link.txt", "there.txt"]


@pytest.mark.parametrize("name", ["x" * 251 + ".txt", "ü" * 125 + ".txt"])
def test_the_longest_name_that_a_file_can_have_is_written(tmp_path, name):
    write_text(tmp_path / name, "a")
    assert names(tmp_path) == [name]


def test_a_file_keeps_who_may_read_it(tmp_path):
    path = tmp_path / "mine.txt"
    write_text(path, "first")
    path.chmod(0o600)
    write_text(path, "second")
    assert path.stat().st_mode & 0o777 == 0o600
