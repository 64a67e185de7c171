import subprocess
import sys

import pytest

from kerasgan.errors import UserError
from kerasgan.files.folder_lock import LOCK_FILE, folder_lock

HOLDER = """
import sys, time
from pathlib import Path
from kerasgan.files.folder_lock import folder_lock
with folder_lock(Path(sys.argv[1]), busy="the child is kept out"):
    print("held", flush=True)
    time.sleep(60)
"""


def held(folder):
    return subprocess.run(
        [sys.executable, "-c", HOLDER, str(folder)], capture_output=True, text=True
    )


def test_another_process_is_kept_out_while_the_block_runs(tmp_path):
    with folder_lock(tmp_path, busy=""):
        done = held(tmp_path)
    assert done.returncode == 1
    assert done.stderr.endswith("UserError: the child is kept out\n")


def test_lock_of_a_killed_process_is_gone(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "held\n"
        refusal = pytest.raises(UserError, match="busy here")
        with refusal, folder_lock(tmp_path, busy="busy here"):
            pass
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert (tmp_path / LOCK_FILE).exists()
    with folder_lock(tmp_path, busy=""):
        pass
    assert not list(tmp_path.iterdir())


def test_what_another_program_locks_is_respected(tmp_path):
    fcntl = pytest.importorskip("fcntl")
    with (tmp_path / LOCK_FILE).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="busy here"), folder_lock(tmp_path, busy="busy here"):
            pass


def test_a_lock_file_that_is_a_link_is_refused_and_not_followed(tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / LOCK_FILE).symlink_to(tmp_path / "mine")
    with pytest.raises(UserError, match=LOCK_FILE), folder_lock(tmp_path / "folder", busy=""):
        pass
    assert (tmp_path / "mine").read_text() == "mine"


def test_folders_that_were_made_are_removed_if_they_are_empty(tmp_path):
    with pytest.raises(ZeroDivisionError), folder_lock(tmp_path / "runs" / "failed", busy=""):
        raise ZeroDivisionError
    assert not any(tmp_path.iterdir())
    (tmp_path / "mine").mkdir()
    with folder_lock(tmp_path / "mine", busy=""):
        pass
    assert (tmp_path / "mine").is_dir()
    with folder_lock(tmp_path / "used", busy=""):
        (tmp_path / "used" / "file").touch()
    assert [path.name for path in (tmp_path / "used").iterdir()] == ["file"]


def test_a_folder_on_a_disk_without_locks_is_used_without_one(tmp_path, monkeypatch):
    import errno

    from filelock import FileLock

    def unsupported(*_, **__):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(FileLock, "acquire", unsupported)
    with folder_lock(tmp_path, busy=""):
        (tmp_path / "file").touch()
    assert (tmp_path / "file").exists()
