"""What a zoo entry is."""

import json
from pathlib import Path
from typing import Any

from kerasgan.errors import UserError
from kerasgan.regular_file import read_text
from kerasgan.training.recipe_file import read_recipe
from kerasgan.zoo.entries import find

METRICS = "metrics.json"


def describe(name_or_folder: str | Path) -> dict[str, Any]:
    """Describes a pretrained model without loading it, and without TensorFlow.

    Returns:
        `name`; `folder`; `megabytes`; `recipe`, as nested dicts with all defaults; and
        `metrics`, what its export recorded of the training and the networks.

    Raises:
        UserError: There is no such model, or its description is damaged.
    """
    folder = find(name_or_folder)
    try:
        metrics = json.loads(read_text(folder / METRICS))
    except (OSError, ValueError) as error:
        raise UserError(f"Cannot read {folder / METRICS}: {error}") from None
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {
        "name": folder.resolve().name,
        "folder": str(folder),
        "megabytes": round(size / 1e6, 1),
        "recipe": read_recipe(folder / "recipe.toml").as_dict(),
        "metrics": metrics,
    }
