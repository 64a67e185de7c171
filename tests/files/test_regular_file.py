import os

import pytest

from kerasgan.files.regular_file import open_regular, read_text


def test_a_file_is_read(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfZo\xc3\xab")
    assert read_text(tmp_path / "a.txt") == "Zoë"


def test_what_would_not_end_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    kinds = {tmp_path / "pipe": "named pipe", "/dev/zero": "device", tmp_path: "folder"}
    for path, kind in kinds.items():
        with pytest.raises(OSError, match=kind):
            open_regular(path)


@pytest.mark.parametrize("name", ["missing", "nul\0", "loop", "x" * 300, "\ud800"])
def test_what_cannot_be_there_is_an_error_of_the_system(tmp_path, name):
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError) as caught:
        open_regular(f"{tmp_path}/{name}")
    assert caught.value.strerror
