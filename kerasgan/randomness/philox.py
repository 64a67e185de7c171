"""The random numbers of `stateless` in numpy alone, for pictures drawn without TensorFlow.

A block is four 32-bit words, a function of a 128-bit counter and a 64-bit key. TensorFlow's
stateless operations encrypt the two integers of their seed once: the result has the key of the
draw and the upper half of its counter, whose lower half numbers the blocks. From two words
Box and Muller's method makes two normal numbers.

References:
    Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011,
    https://doi.org/10.1145/2063384.2063405, section 3.3 (Philox4x32-10).
    Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958.
    TensorFlow, `tensorflow/core/lib/random/random_distributions.h` (how words become numbers) and
    `tensorflow/core/kernels/stateless_random_ops.cc` (how a seed becomes a key).
"""

import zlib
from collections.abc import Sequence

import numpy as np

from kerasgan.randomness.seeds import canonical_seed

_ROUNDS = 10
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
# The key with which TensorFlow encrypts seeds.
_SEED_KEY = (0x3EC8F720, 0x02461E29)
_WORD = 0xFFFFFFFF
# The words of a block, of which each has its own place in the stream.
_BLOCK = 4

# Computing takes 15 times the memory of what comes out.
_NUMBERS_AT_ONCE = 2**18

# TensorFlow takes no logarithm of less.
_SMALLEST = np.float32(1e-7)


def normal(rows: Sequence[int], length: int, *, seed: int, purpose: str) -> np.ndarray:
    """Returns rows of the float32 N(0, 1) draws of `stateless.normal` at step 0.

    Only these rows are computed, however many come before them. They differ from TensorFlow's by
    the rounding of its logarithm, sine and cosine, by less than 1e-6.

    Args:
        rows: Numbers of the rows, counted from 0.
        length: Length of a row.
        seed: See `kerasgan.randomness.stateless.key`.
        purpose: See `kerasgan.randomness.stateless.key`.

    Returns:
        float32 `(len(rows), length)`.
    """
    numbers = np.empty((len(rows), length), np.float32)
    at_once = max(1, _NUMBERS_AT_ONCE // length)
    for first in range(0, len(rows), at_once):
        part = slice(first, first + at_once)
        numbers[part] = _normal(rows[part], length, seed, purpose)
    return numbers


def _normal(rows: Sequence[int], length: int, seed: int, purpose: str) -> np.ndarray:
    places = np.asarray(rows, np.uint64)[:, np.newaxis] * np.uint64(length)
    places = places + np.arange(length, dtype=np.uint64)
    blocks, block = np.unique(places // np.uint64(_BLOCK), return_inverse=True)
    words = _words(blocks, seed, purpose).reshape(-1, _BLOCK // 2, 2)
    # Each step is rounded to float32 where TensorFlow rounds, and computed exactly before.
    logarithms = _rounded(np.log(np.maximum(_unit(words[..., 0]), _SMALLEST).astype(np.float64)))
    radii = np.sqrt(np.float32(-2.0) * logarithms)
    angles = _rounded(2.0 * np.pi * _unit(words[..., 1]).astype(np.float64)).astype(np.float64)
    pairs = np.stack([_rounded(np.sin(angles)), _rounded(np.cos(angles))], axis=-1)
    pairs = (pairs * radii[..., np.newaxis]).reshape(-1, _BLOCK)
    place = (places % np.uint64(_BLOCK)).astype(np.intp)
    return pairs[block.reshape(places.shape), place]


def integers(count: int, below: int, *, seed: int, purpose: str) -> np.ndarray:
    """Returns the int32 `(count,)` draws in [0, below) of `stateless.integers` at step 0.

    They are TensorFlow's in bits.
    """
    blocks = np.arange(-(-count // _BLOCK), dtype=np.uint64)
    words = _words(blocks, seed, purpose).ravel()[:count]
    return (words % np.uint64(below)).astype(np.int32)


def _words(blocks: np.ndarray, seed: int, purpose: str) -> np.ndarray:
    """Returns the words of these blocks of a draw, uint64 `(blocks, 4)`."""
    stream = zlib.crc32(purpose.encode()), canonical_seed(seed)
    encrypted = _philox([np.uint64(word) for word in (*stream, 0, 0)], _SEED_KEY)
    low, high = blocks & np.uint64(_WORD), blocks >> np.uint64(32)
    key = int(encrypted[0]), int(encrypted[1])
    upper = [np.full_like(blocks, word) for word in encrypted[2:]]
    return np.stack(_philox([low, high, *upper], key), axis=-1)


def _philox(counter: Sequence[np.ndarray | np.uint64], key: tuple[int, int]) -> list:
    """Returns the four words for a counter of four words, each uint64 below 2**32."""
    a, b, c, d = counter
    for turn in range(_ROUNDS):
        one, two = (
            np.uint64((start + turn * step) & _WORD)
            for start, step in zip(key, _KEY_STEPS, strict=True)
        )
        first, second = np.uint64(_MULTIPLIERS[0]) * a, np.uint64(_MULTIPLIERS[1]) * c
        a, b, c, d = (
            (second >> np.uint64(32)) ^ b ^ one,
            second & np.uint64(_WORD),
            (first >> np.uint64(32)) ^ d ^ two,
            first & np.uint64(_WORD),
        )
    return [a, b, c, d]


def _unit(words: np.ndarray) -> np.ndarray:
    """Returns the low 23 bits of words as float32 in [0, 1)."""
    return (words & np.uint64(0x7FFFFF)).astype(np.float32) / np.float32(2**23)


def _rounded(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32)
