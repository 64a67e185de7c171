"""Adds differences of latents to latents: slants a nine, narrows a two, thins a six and a three.

The examples of "Latent Vector Arithmetic" in Ha's "Generating Large Images from Latent Vectors"
(2016). Of many digits of MNIST it takes those that show a difference well: of the ones an upright
and a slanted one, of the fives a wide and a narrow one, of the eights a fat and a skinny one, and
says how much of it the result took on.

    python scripts/latent_arithmetic.py --data PATH --out latent_arithmetic.png
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kerasgan.cli.quiet import import_tensorflow_quietly

_AMONG = 200
_SIDE = 128


def slant(image: np.ndarray) -> float:
    """How many columns ink moves to the right for each row upwards: of a slash, about 1."""
    x, y = _centred(image)
    return -np.sum(image * x * y) / np.sum(image * y**2)


def width(image: np.ndarray) -> float:
    """Standard deviation of the ink's columns, slant taken out, as a part of the picture's."""
    x, y = _centred(image)
    x = x + slant(image) * y
    return np.sqrt(np.sum(image * x**2) / np.sum(image)) / image.shape[1]


def ink(image: np.ndarray) -> float:
    """Part of the picture that is ink."""
    return float(image.mean())


# A name, what differs, the digit that shows it, from which to which part of it in the order of
# the measure, and the digit that it is added to.
_EXAMPLES: list[tuple[str, Callable, int, tuple[float, float], int]] = [
    ("slanted", slant, 1, (0.1, 0.9), 9),
    ("narrower", width, 5, (0.95, 0.05), 2),
    ("skinnier", ink, 8, (0.9, 0.1), 6),
    ("skinnier", ink, 8, (0.9, 0.1), 3),
    ("fatter", ink, 8, (0.1, 0.9), 3),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="mnist_cppn_vaegan", help="One with an encoder.")
    parser.add_argument("--data", type=Path, help="Where TFDS keeps MNIST.")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("latent_arithmetic.png"))
    arguments = parser.parse_args()
    import_tensorflow_quietly()
    from kerasgan.drawing import Sampler, grid, save_picture

    sampler = Sampler(arguments.model, data=arguments.data, seed=arguments.seed)
    pictures = []
    for name, measure, shows, (before, after), digit in _EXAMPLES:
        z_before, z_after = _at(sampler, shows, measure, before, after)
        (z,) = _at(sampler, digit, measure, 0.5)
        z_altered = z + (z_after - z_before)
        row = [sampler.generate(each, _SIDE, _SIDE) for each in (z_before, z_after, z, z_altered)]
        pictures += row
        old, new = measure(row[2]), measure(row[3])
        print(
            f"{digit} + ({shows} - {shows}), {name}: {measure.__name__} {old:.3f} becomes {new:.3f}"
        )
    print("Rows: what was subtracted, what was added, the digit before and after")
    print(save_picture(grid(np.stack(pictures), columns=4), arguments.out))


def _at(sampler, digit: int, measure: Callable, *parts: float) -> list[np.ndarray]:
    """Encodes the digits at these parts of the order of a measure, among many."""
    images = [sampler.get_random_specific_mnist(digit) for _ in range(_AMONG)]
    order = np.argsort([measure(image) for image in images], kind="stable")
    return [sampler.encode(images[order[round(part * (_AMONG - 1))]]) for part in parts]


def _centred(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows from the middle of the ink."""
    y, x = np.indices(image.shape[:2])[..., np.newaxis]
    total = image.sum()
    return x - np.sum(image * x) / total, y - np.sum(image * y) / total


if __name__ == "__main__":
    sys.exit(main())
