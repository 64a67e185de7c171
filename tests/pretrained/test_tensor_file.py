import base64
import os
import pickle
import zlib

import numpy as np
import pytest

from kerasgan.errors import UserError
from kerasgan.pretrained.tensor_file import read_tensors

# What PyTorch 2.13 writes, in its format of before 1.6, of the tensors below; two of them are views
# of one array.
WRITTEN_BY_PYTORCH = (
    "eNptkstu00AUhsdjJwWTlnCnXMPd4RKR4KbNCiqhCmRuNRtvkGXsoTYaeXLGkyKQKmXTCHgGFix5jD4KWx4BCQnO"
    "xFZLq4z8j+zjme//fTxj+tXmf76t/W69//FqsTOmz3+ZOG8BcYImIWQohRKx4OEmk0UmcjBwQTCPb3imFGchy5Ms"
    "yoF+Dmwsqo9DFhbZJ1aAuQWWE9SwWKRCKqh5NDDxKcsV1D0rsDRD5Bsw51mjEXrGaMNZrNClsF/KhEmWPM5iZQNp"
    "+2A4pYGM8mIoCpYAjZWQcdoJRyrjhR1K9naU8SRULC+EDDd7NpiOE8zpBLgy2mBglVvsNS4i9bos2lALFnDNwH2w"
    "1B90u25vqe+uQH0aNh6OMF/jhYJD6x7xLM+cwGHP8KwJ2F9SneuIgoYP85WNzBJMtpCicWqlM8FH0xLYXEcc9egE"
    "jumbCRwvgScUnPTh1LRzH1LBGZwucVX2Z9iz3ehnDjj0ut0enEUHig6LOjLdhnOesQ3nS/oFBRd9uBTUddw44pGE"
    "y/vwT/O9xrQO0Ptutw9XkG4g/SrS2+2Sek3BdR9uTP9pGvF3cHMf8wmWdqG39qDLg7677A4wslNFbleRb+vId0r4"
    "XQX3fOjoI/JGH8sZ241ZbaCzum/O+iSLdSipxgrZ2b3XwyDkbzUa/9fJ+CFOj/BCjVHfUTuonyiySkgT1ULdXzWq"
    "HfqI/AObHN2N"
)


def test_tensors_are_those_that_pytorch_wrote(tmp_path):
    path = tmp_path / "weights.pth"
    path.write_bytes(zlib.decompress(base64.b64decode(WRITTEN_BY_PYTORCH)))
    whole = np.arange(12, dtype=np.float32).reshape(3, 4)
    expected = {
        "transposed": whole.T,
        "strided": whole[1:, ::2],
        "whole": np.array([2**40, -1]),
        "scalar": np.array(7, np.int32),
        "half": np.array([0.5, -2.0], np.float16),
    }
    tensors = read_tensors(path)
    assert list(tensors) == list(expected)
    for name, tensor in tensors.items():
        assert tensor.dtype == expected[name].dtype
        assert tensor.flags["C_CONTIGUOUS"]
        np.testing.assert_array_equal(tensor, expected[name])


class Malicious:
    def __reduce__(self):
        return os.mkdir, ("made by a pickle",)


def test_functions_in_the_file_are_not_called(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "weights.pth"
    path.write_bytes(pickle.dumps(Malicious(), protocol=2))
    with pytest.raises(UserError, match=r"\w+.mkdir"):
        read_tensors(path)
    assert not (tmp_path / "made by a pickle").exists()


@pytest.mark.parametrize("size", [0, 10, 300, 700, -1])
def test_a_file_that_is_cut_off_is_an_error(tmp_path, size):
    path = tmp_path / "weights.pth"
    path.write_bytes(zlib.decompress(base64.b64decode(WRITTEN_BY_PYTORCH))[:size])
    with pytest.raises(UserError, match=r"Cannot read tensors from .*weights.pth"):
        read_tensors(path)
