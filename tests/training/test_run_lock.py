import pytest

from kerasgan.errors import UserError
from kerasgan.training.run_lock import run_lock


def test_second_training_in_a_folder_is_refused_until_the_first_ends(tmp_path):
    with run_lock(tmp_path):
        refusal = pytest.raises(UserError, match=f"Another process is training in {tmp_path}")
        with refusal, run_lock(tmp_path):
            pass
        with run_lock(tmp_path / "other"):
            pass
    with run_lock(tmp_path):
        pass
