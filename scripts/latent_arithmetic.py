"""Adds differences of latents to latents: slants a nine, narrows a two, thins a six and a three.

The examples of "Latent Vector Arithmetic" in Ha's "Generating Large Images from Latent Vectors"
(2016), whose digits its author chose by eye. Here, of those digits of MNIST that the model
reconstructs best, a fifth differs most one way and a fifth the other, such as the most upright
ones and the most slanted; the two nearest latents of these fifths differ in that and in little
else. How much of it the result took on is printed.

    python scripts/latent_arithmetic.py --data PATH --out latent_arithmetic.png
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kerasgan.cli.quiet import import_tensorflow_quietly

_AMONG = 400
_SIDE = 128


def slant(image: np.ndarray) -> float:
    """How many columns ink moves to the right for each row upwards: of a slash, about 1."""
    x, y = _centred(image)
    return -np.sum(image * x * y) / np.sum(image * y**2)


def width(image: np.ndarray) -> float:
    """Standard deviation of the ink's columns, as a part of the picture's."""
    x, _ = _centred(image)
    return np.sqrt(np.sum(image * x**2) / np.sum(image)) / image.shape[1]


def ink(image: np.ndarray) -> float:
    """Part of the picture that is ink."""
    return float(image.mean())


# What the result is to be, the measure of that, the digit that shows it and whether more of the
# measure is wanted, and the digit that it is added to.
_EXAMPLES: list[tuple[str, Callable, int, bool, int]] = [
    ("slanted", slant, 1, True, 9),
    ("narrower", width, 5, False, 2),
    ("skinnier", ink, 8, False, 6),
    ("skinnier", ink, 8, False, 3),
    ("fatter", ink, 8, True, 3),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="mnist_cppn_vaegan", help="One with an encoder.")
    parser.add_argument("--data", type=Path, help="Where TFDS keeps MNIST.")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("latent_arithmetic.png"))
    arguments = parser.parse_args()
    import_tensorflow_quietly()
    from kerasgan import zoo
    from kerasgan.drawing import Sampler, grid, save_picture

    model = zoo.open_model(arguments.model)
    sampler = Sampler(model, data=arguments.data, seed=arguments.seed)
    pictures = []
    for name, measure, shows, more, digit in _EXAMPLES:
        least, most = _pair(sampler, shows, measure)
        z_before, z_after = (least, most) if more else (most, least)
        z = _typical(sampler, digit, measure)
        z_altered = z + (z_after - z_before)
        row = [sampler.generate(each, _SIDE, _SIDE) for each in (z_before, z_after, z, z_altered)]
        pictures += row
        old, new = measure(row[2]), measure(row[3])
        print(
            f"{digit} + ({shows} - {shows}), {name}: {measure.__name__} {old:.3f} becomes {new:.3f}"
        )
    print("Rows: what was subtracted, what was added, the digit before and after")
    print(save_picture(grid(np.stack(pictures), columns=4), arguments.out))


def _pair(sampler, digit: int, measure: Callable) -> tuple[np.ndarray, np.ndarray]:
    """Returns the latents of two digits that differ in a measure and in little else."""
    latents = _in_order(sampler, digit, measure)
    fifth = len(latents) // 5
    low, high = latents[:fifth], latents[-fifth:]
    distances = np.linalg.norm(low[:, np.newaxis] - high, axis=-1)
    one, other = np.unravel_index(distances.argmin(), distances.shape)
    return low[one], high[other]


def _typical(sampler, digit: int, measure: Callable) -> np.ndarray:
    """Returns the latent of the digit in the middle of a measure."""
    latents = _in_order(sampler, digit, measure)
    return latents[len(latents) // 2]


def _in_order(sampler, digit: int, measure: Callable) -> np.ndarray:
    """Returns latents of well reconstructed digits, in the order of a measure."""
    from kerasgan.drawing import encode

    images = np.stack([sampler.get_random_specific_mnist(digit) for _ in range(_AMONG)])
    encoding = encode(sampler.model, images)
    well = np.argsort(encoding.errors, kind="stable")[: _AMONG // 4]
    order = np.argsort([measure(image) for image in images[well]], kind="stable")
    return encoding.latents[well][order]


def _centred(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows from the middle of the ink."""
    y, x = np.indices(image.shape[:2])[..., np.newaxis]
    total = image.sum()
    return x - np.sum(image * x) / total, y - np.sum(image * y) / total


if __name__ == "__main__":
    sys.exit(main())
