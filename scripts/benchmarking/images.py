"""The images that a system is measured on: for kerasgan its data, for the baselines an array."""

import csv
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_file import recipe_from_dict

_NOISE = 1000


def stand_in(name: str, recipe: Recipe, folder: Path) -> tuple[Path, str]:
    """Returns images for a system that is measured without data, and what they are.

    Noise, except where the package embeds pictures that will do: what an image shows makes no
    difference to the time.
    """
    if name == "pokemon_wgan":
        from kerasgan.data.embedded import embedded_images

        return embedded_images(), "the embedded creatures"
    count = max(_NOISE, recipe.training.batch_size)
    if recipe.data.source == "wikiart":
        _write_labelled_noise(recipe, folder, count)
    else:
        _write_noise(recipe, folder, count)
    return folder, f"{count} images of noise"


def decode(recipe: Recipe, data: Path, file: Path, environment: dict[str, str]) -> None:
    """Saves the images and labels that a recipe trains on as an `.npz`.

    Args:
        recipe: The recipe.
        data: Its data.
        file: Where: the array `images`, uint8 `(n, size, size, channels)`, and `labels`, int32
            `(n,)`, if the recipe has a label set.
        environment: Environment variables that say where kerasgan keeps what it decodes.
    """
    # In a process of its own: a child's peak memory begins with its parent's.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        pool.submit(_decode, recipe.as_dict(), data, file, environment).result()


def _decode(table: dict, data: Path, file: Path, environment: dict[str, str]) -> None:
    from kerasgan.cli.quiet import import_tensorflow_quietly

    import_tensorflow_quietly()
    import numpy as np

    from kerasgan.recipes.recipe_images import RecipeImages

    os.environ.update(environment)
    recipe = recipe_from_dict(table, where="the benchmark's recipe")
    image_set = RecipeImages(recipe, data, progress=sys.stderr.isatty()).all
    arrays = {"images": np.asarray(image_set.images)}
    for name in recipe.data.labels:
        arrays["labels"] = image_set.labels[name]
    np.savez(file, **arrays)


def _write_noise(recipe: Recipe, folder: Path, count: int) -> list[str]:
    """Writes images of noise as PNG and returns their names."""
    import numpy as np
    from PIL import Image

    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    side, channels = recipe.data.image_size, recipe.data.channels
    names = [f"noise_{number}.png" for number in range(count)]
    for name in names:
        pixels = random.integers(0, 256, (side, side, channels), np.uint8)
        Image.fromarray(pixels.squeeze()).save(folder / name)
    return names


def _write_labelled_noise(recipe: Recipe, folder: Path, count: int) -> None:
    """Writes images of noise with every genre in turn, laid out as the WikiArt Dataset."""
    names = _write_noise(recipe, folder / "wikiart/Noise", count)
    genres = recipe.data.classes["genre"]
    tables = folder / "wikiart_csv"
    tables.mkdir()
    lines = [f"{number} {genre}\n" for number, genre in enumerate(genres)]
    (tables / "genre_class.txt").write_text("".join(lines))
    with (tables / "genre_train.csv").open("w", newline="") as table:
        writer = csv.writer(table)
        writer.writerows([f"Noise/{name}", row % len(genres)] for row, name in enumerate(names))
