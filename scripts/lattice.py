"""Measures how strong a lattice lies over the pictures of models, beside real images.

    python scripts/lattice.py wikiart_gangogh wikiart_can --data PATH

Layers with strides draw lattices: stripes with a period of a few pixels, at the same place in every
picture. A stripe is a narrow peak of the power spectrum. Of the grey values, under a Hann window,
the strongest one with a period of 2 to 8 pixels is taken, above the median of the 7x7 waves around
it, and its amplitude told in grey levels of 255:

- "in all": in the mean spectrum of all pictures, where only what they have in common stays narrow.
  One grey level is the least step that there is, and no eye sees it in a picture.
- "in one": the median of the pictures, and what 1 in 100 exceeds. Real images have fences, waves
  and hatching; a model without a lattice has no stronger stripes than they.

The images of `--data` are those of each model's recipe, without augmentation.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from scipy.ndimage import median_filter

from kerasgan.cli.quiet import import_tensorflow_quietly
from kerasgan.errors import UserError

LONGEST_PERIOD = 8
_NEIGHBOURS = 7


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="+", help="Names in the zoo, entries' or run folders.")
    parser.add_argument("--data", type=Path, help="Folder or file of the real images.")
    parser.add_argument("--count", type=int, default=500, help="Pictures of each (500).")
    arguments = parser.parse_args()
    if arguments.count < 2:
        parser.error("--count must be at least 2")
    import_tensorflow_quietly()
    print("| | in all | in one, median | in one, 1 in 100 |\n|---|---|---|---|", flush=True)
    try:
        for name in arguments.models:
            real, drawn = pictures(name, arguments.data, arguments.count)
            for what, images in ((name, drawn), ("real images", real)):
                common, each = stripes(images)
                median, largest = np.percentile(each, [50, 99])
                print(f"| {what} | {common:.2f} | {median:.2f} | {largest:.2f} |", flush=True)
    except UserError as error:
        sys.exit(f"Error: {error}")


def pictures(name: str, data: Path | None, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns real images and pictures of a model, uint8 `(count, side, side, channels)` each.

    If there are fewer real images, all are returned.

    Raises:
        UserError: The model or its images are missing.
    """
    from kerasgan.drawing.picture import to_uint8
    from kerasgan.recipes.own_pictures import recipe_for_data
    from kerasgan.recipes.recipe_images import RecipeImages
    from kerasgan.zoo.evaluator import recipe_of
    from kerasgan.zoo.loader import open_model

    recipe = recipe_for_data(recipe_of(name), data)
    images, _ = RecipeImages(recipe, data, progress=True).measured()
    order = np.random.default_rng(0).permutation(len(images))[:count]
    real = images.images[np.sort(order)]
    return real, to_uint8(open_model(name).generate(count, seed=0))


def stripes(images: np.ndarray) -> tuple[float, np.ndarray]:
    """Returns the amplitudes of the strongest stripes in pictures.

    Args:
        images: `(n, side, side, channels)`, in grey levels.

    Returns:
        The amplitude of the strongest stripe in the mean spectrum of all, and those in the spectrum
        of each, float64 `(n,)`; in grey levels.
    """
    spectra = _spectra(images)
    return _strongest(spectra.mean(0)), np.array([_strongest(each) for each in spectra])


def _spectra(images: np.ndarray) -> np.ndarray:
    """Returns the squared amplitudes of all waves, `(n, side, side)`, the longest at the centre."""
    grey = images.astype(np.float64).mean(-1)
    side = grey.shape[1]
    # The periodic window: `np.hanning` repeats its first value at the end.
    window = np.hanning(side + 1)[:-1]
    window = window[:, np.newaxis] * window
    centred = grey - (grey * window).sum((1, 2), keepdims=True) / window.sum()
    waves = np.abs(np.fft.fft2(centred * window)) / window.sum()
    # A cosine has half of its amplitude at each of its two waves, unless both are the same.
    number = np.fft.fftfreq(side, 1 / side)
    alone = (2 * number % side == 0)[:, np.newaxis] & (2 * number % side == 0)
    return np.fft.fftshift(np.where(alone, waves, 2 * waves) ** 2, axes=(1, 2))


def _strongest(spectrum: np.ndarray) -> float:
    """Returns the amplitude of the highest narrow peak in a spectrum."""
    side = len(spectrum)
    above = spectrum - median_filter(spectrum, _NEIGHBOURS, mode="wrap")
    number = np.arange(side) - side // 2
    is_short = np.hypot(number[:, np.newaxis], number) >= side / LONGEST_PERIOD
    return float(np.sqrt(max(0.0, above[is_short].max())))


if __name__ == "__main__":
    main()
