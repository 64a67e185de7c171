"""The measures of zoo entries, which their cards and the zoo's table show."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kerasgan.drawing import grid, save_picture
from kerasgan.files import write_text
from kerasgan.zoo.entries import METRICS

if TYPE_CHECKING:
    from kerasgan.metrics import Evaluation

NEIGHBOURS = "neighbours.jpg"
_PAIRS = 8
_SHOWN = (
    "frechet_distance",
    "kernel_distance",
    "precision",
    "recall",
    "density",
    "coverage",
    "critic_distance",
)


def record_quality(folder: Path, evaluation: "Evaluation") -> None:
    """Keeps an evaluation in an entry: `quality` in `metrics.json`, and `neighbours.jpg`.

    The picture has the eight generated images that are nearest to a real one, and below each that
    real image.

    Args:
        folder: The entry.
        evaluation: What `kerasgan.metrics.evaluate` returned for its model.
    """
    metrics = json.loads((folder / METRICS).read_text(encoding="utf-8"))
    metrics["quality"] = evaluation.as_dict()
    write_text(folder / METRICS, json.dumps(metrics, indent=2) + "\n")
    fakes, reals = evaluation.pairs[0::2][:_PAIRS], evaluation.pairs[1::2][:_PAIRS]
    save_picture(grid(np.concatenate([fakes, reals]), columns=len(fakes)), folder / NEIGHBOURS)


def quality_section(quality: Mapping[str, Any] | None) -> str:
    """Returns the part of a card that shows an entry's measures, in Markdown.

    Args:
        quality: `quality` of the entry's `metrics.json`, or `None` if it was never measured.
    """
    if quality is None:
        return ""
    rows = ["| measure | value | floor | times the floor |", "|---|---|---|---|"]
    measures = quality["measures"]
    for name in [*_SHOWN, *(name for name in measures if name not in _SHOWN)]:
        if name in measures:
            each = measures[name]
            ratio = "" if each["ratio"] is None else f"{each['ratio']:.2f}"
            title = name.replace("_", " ").replace("frechet", "Fréchet").capitalize()
            rows.append(f"| {title} | {each['value']:.4g} | {each['floor']:.4g} | {ratio} |")
    protocol = quality["protocol"]
    size = protocol["feature_image_size"]
    text = (
        f"{protocol['count']:,} generated images against {protocol['count']:,} of "
        f"{protocol['real_images']:,} real ones; features of `{protocol['features']}` at "
        f"{size}x{size}. The floor is the same measure with as many other real images in place of "
        "the generated ones."
    )
    pairs = (
        f"![Generated images and their nearest real ones]({NEIGHBOURS})\n\n"
        "Above, the eight generated images that are nearest to a real one; below each, that real "
        "image."
    )
    return "\n\n".join([text, "\n".join(rows), pairs])


def quality_cells(quality: Mapping[str, Any] | None) -> list[str]:
    """Returns an entry's distance in times the floor, precision and recall, for a table."""
    if quality is None:
        return ["", "", ""]
    measures = quality["measures"]
    return [
        f"{measures['frechet_distance']['ratio']:.1f}",
        f"{measures['precision']['value']:.2f}",
        f"{measures['recall']['value']:.2f}",
    ]
