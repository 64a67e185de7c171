import numpy as np
import pytest

from kerasgan.randomness import philox, stateless


def test_philox_gives_the_published_words():
    # Known answers of Random123, the reference implementation of its authors: philox4x32, 10.
    words = philox._philox([np.uint64(0)] * 4, (0, 0))
    assert [int(word) for word in words] == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    pi = [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344]
    words = philox._philox([np.uint64(word) for word in pi], (0xA4093822, 0x299F31D0))
    assert [int(word) for word in words] == [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]


@pytest.mark.parametrize("seed", [0, 7, 2**31 - 1, 2**40 + 3, -5])
@pytest.mark.parametrize("length", [1, 3, 128])
def test_normal_draws_are_those_of_tensorflow(seed, length):
    ours = philox.normal(range(500), length, seed=seed, purpose="generate")
    theirs = stateless.normal((500, length), seed=seed, step=0, purpose="generate").numpy()
    assert ours.dtype == np.float32
    assert np.abs(ours - theirs).max() < 1e-6


def test_rows_are_those_of_the_whole_stream():
    whole = philox.normal(range(50), 7, seed=3, purpose="generate")
    rows = philox.normal([41, 0, 41, 13], 7, seed=3, purpose="generate")
    assert np.array_equal(rows, whole[[41, 0, 41, 13]])


def test_many_rows_are_computed_in_parts_and_are_the_same(monkeypatch):
    whole = philox.normal(range(50), 7, seed=3, purpose="generate")
    monkeypatch.setattr(philox, "_NUMBERS_AT_ONCE", 20)
    assert np.array_equal(philox.normal(range(50), 7, seed=3, purpose="generate"), whole)


def test_integers_are_those_of_tensorflow_in_bits():
    for below in (1, 3, 10, 1000):
        ours = philox.integers(201, below, seed=11, purpose="generate genre")
        theirs = stateless.integers((201,), below, seed=11, step=0, purpose="generate genre")
        assert ours.dtype == np.int32
        assert np.array_equal(ours, theirs.numpy())
