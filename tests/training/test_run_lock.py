import subprocess
import sys

import pytest

from kerasgan.errors import UserError
from kerasgan.training.run_lock import run_lock

pytest.importorskip("fcntl")


def test_second_training_in_a_folder_is_refused_until_the_first_ends(tmp_path):
    with run_lock(tmp_path):
        refusal = pytest.raises(UserError, match=f"Another process is training in {tmp_path}")
        with refusal, run_lock(tmp_path):
            pass
        with run_lock(tmp_path / "other"):
            pass
    with run_lock(tmp_path):
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
        with pytest.raises(UserError, match="Another process"), run_lock(tmp_path):
            pass
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    with run_lock(tmp_path):
        pass


def test_folder_is_left_only_if_something_is_in_it(tmp_path):
    with pytest.raises(ZeroDivisionError), run_lock(tmp_path / "failed"):
        raise ZeroDivisionError
    assert not (tmp_path / "failed").exists()
    (tmp_path / "mine").mkdir()
    with run_lock(tmp_path / "mine"):
        pass
    assert (tmp_path / "mine").is_dir()
    with run_lock(tmp_path / "used"):
        (tmp_path / "used" / "file").touch()
    assert (tmp_path / "used" / "file").exists()
