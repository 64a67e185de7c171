import pytest

from kerasgan.errors import UserError
from kerasgan.training import RunFolder


def test_second_training_in_a_folder_is_refused_until_the_first_ends(tmp_path):
    with RunFolder(tmp_path).lock():
        refusal = pytest.raises(UserError, match=f"Another process .*{tmp_path}")
        with refusal, RunFolder(tmp_path).lock():
            pass
        with RunFolder(tmp_path / "other").lock():
            pass
    with RunFolder(tmp_path).lock():
        pass
