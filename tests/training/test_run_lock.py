import subprocess
import sys

import pytest

from kerasgan.errors import UserError
from kerasgan.training import RunFolder

pytest.importorskip("fcntl")


def test_second_training_in_a_folder_is_refused_until_the_first_ends(tmp_path):
    with RunFolder(tmp_path).lock():
        refusal = pytest.raises(UserError, match=f"Another process is training in {tmp_path}")
        with refusal, RunFolder(tmp_path).lock():
            pass
        with RunFolder(tmp_path / "other").lock():
            pass
    with RunFolder(tmp_path).lock():
        pass


def test_lock_of_a_killed_process_is_gone(tmp_path):
    # What another program holds by flock(2), this module must respect.
    holder = (
        "import fcntl, os, sys, time; fd = os.open(sys.argv[1], os.O_RDONLY);"
        "fcntl.flock(fd, fcntl.LOCK_EX); print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(UserError, match="Another process"), RunFolder(tmp_path).lock():
            pass
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    with RunFolder(tmp_path).lock():
        pass


def test_folder_is_left_only_if_something_is_in_it(tmp_path):
    with pytest.raises(ZeroDivisionError), RunFolder(tmp_path / "failed").lock():
        raise ZeroDivisionError
    assert not (tmp_path / "failed").exists()
    (tmp_path / "mine").mkdir()
    with RunFolder(tmp_path / "mine").lock():
        pass
    assert (tmp_path / "mine").is_dir()
    with RunFolder(tmp_path / "used").lock():
        (tmp_path / "used" / "file").touch()
    assert (tmp_path / "used" / "file").exists()
