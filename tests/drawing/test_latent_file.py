import json

import numpy as np
import pytest

from kerasgan.drawing.latent_file import read_latent
from kerasgan.errors import UserError

NUMBERS = [0.5, -1.25, 3.0]


@pytest.mark.parametrize("shape", [(3,), (1, 3)])
def test_npy_and_json_hold_a_latent(tmp_path, shape):
    numbers = np.reshape(NUMBERS, shape)
    np.save(tmp_path / "a.npy", numbers)
    (tmp_path / "a.json").write_text(json.dumps(numbers.tolist()))
    for name in ("a.npy", "a.json"):
        latent = read_latent(tmp_path / name, latent_dim=3)
        assert (latent.tolist(), latent.dtype) == (NUMBERS, np.float32)


@pytest.mark.parametrize(
    ("numbers", "received"),
    [
        ([1.0, 2.0], r"\(2,\)"),
        ([[1.0, 2.0, 3.0]] * 2, r"\(2, 3\)"),
        (1.0, r"\(\)"),
        ([1.0, float("nan"), 2.0], r"\(3,\)"),
    ],
)
def test_another_length_is_refused_with_file_and_length(tmp_path, numbers, received):
    np.save(tmp_path / "a.npy", numbers)
    with pytest.raises(UserError, match=rf"a\.npy must hold one latent of 3 .*shape {received}"):
        read_latent(tmp_path / "a.npy", latent_dim=3)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"1 2 3", r"a\.txt: a latent is a \.npy or \.json file"),
        ("a.npy", b"", r"a\.npy holds no list of numbers"),
        ("a.npy", b"no numbers", r"a\.npy holds no list of numbers"),
        ("a.json", b"{", r"a\.json holds no list of numbers"),
        ("a.json", b'{"a": 1}', r"a\.json holds no list of numbers"),
        ("a.json", b'["a", 1, 2]', r"a\.json holds no list of numbers"),
        ("a.json", b"[[1], [1, 2]]", r"a\.json holds no list of numbers"),
        ("a.json", b"\xff\xfe", r"a\.json holds no list of numbers"),
    ],
)
def test_another_file_is_refused_in_one_line(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=said):
        read_latent(tmp_path / name, latent_dim=3)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"Cannot read \S*a\.npy: No such file"):
        read_latent(tmp_path / "a.npy", latent_dim=3)
