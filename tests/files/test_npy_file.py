import numpy as np
import pytest

from kerasgan.errors import UserError
from kerasgan.files.npy_file import read_npy


def claiming(path, shape, dtype="<f4", content=b""):
    """Writes a header for an array of a shape, and other content behind it."""
    with path.open("wb") as file:
        header = {"descr": dtype, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        file.write(content)
    return path


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "i2", "u1"])
def test_what_numpy_saved_is_read(tmp_path, dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    np.save(tmp_path / "a.npy", array)
    np.testing.assert_array_equal(read_npy(tmp_path / "a.npy", what="numbers"), array)


@pytest.mark.parametrize(
    "shape", [(2**36,), (10**6, 10**6), (1, 4), (2**62, 2), (-1, 3), (10**30,), (10**30, 0)]
)
def test_a_header_that_claims_more_than_there_is_is_refused_before_memory_is_taken(tmp_path, shape):
    path = claiming(tmp_path / "a.npy", shape, content=bytes(12))
    with pytest.raises(UserError, match=r"a\.npy"):
        read_npy(path, what="numbers")


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (%s,)}" % (b"9" * 5000),
        b"(" * 5000,
        b"{'descr': '<f4'}",
        b"\0" * 100,
        b"{'descr': 'O', 'fortran_order': False, 'shape': (3,)}",
    ],
)
def test_a_header_that_is_none_is_one_clear_error(tmp_path, header):
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(12)
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(UserError, match=r"a\.npy"):
        read_npy(tmp_path / "a.npy", what="numbers")
