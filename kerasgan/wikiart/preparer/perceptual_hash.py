"""A hash that stays nearly the same when a picture is scaled, compressed or brightened."""

import numpy as np
from PIL import Image

_SIDE, _KEPT = 32, 8


def perceptual_hash(picture: Image.Image) -> int:
    """Returns 64 bits that tell which low frequencies of a picture are strong.

    The picture is made grey and scaled to 32x32. Of its two-dimensional discrete cosine transform,
    the 8x8 lowest frequencies each give a bit: whether the coefficient is above their median. The
    bits, row by row with the highest bit first, are those of `imagehash.phash` of the ImageHash
    library. The method is described in
    https://www.hackerfactor.com/blog/index.php?/archives/432-Looks-Like-It.html.
    """
    grey = picture.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    coefficients = _dct(_dct(np.asarray(grey, np.float64).T).T)[:_KEPT, :_KEPT]
    bits = np.packbits(coefficients > np.median(coefficients))
    return int.from_bytes(bits.tobytes())


def _dct(values: np.ndarray) -> np.ndarray:
    """Returns the type-II discrete cosine transform along the last axis, not normalized.

    By one fast Fourier transform, as in J. Makhoul, "A fast cosine transform in one and two
    dimensions", 1980. The coefficients of a uniform row are exactly 0 then, so that rounding
    does not decide the bits of a plain picture, as it would in a product with a matrix of cosines.
    """
    size = values.shape[-1]
    folded = np.concatenate([values[..., ::2], values[..., ::-2]], axis=-1)
    turn = np.exp(-0.5j * np.pi * np.arange(size) / size)
    return 2.0 * (np.fft.fft(folded) * turn).real
