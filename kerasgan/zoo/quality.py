"""The measures of zoo entries, which their cards and the zoo's table show."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kerasgan.drawing import grid, save_picture
from kerasgan.files.atomic import write_text
from kerasgan.zoo.entry_files import METRICS

if TYPE_CHECKING:
    from kerasgan.metrics import Evaluation

NEIGHBOURS = "neighbours.jpg"
CONFUSION = "confusion.png"
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
    """Keeps an evaluation in an entry: `quality` in `metrics.json`, and its pictures.

    `neighbours.jpg` has the eight generated images that are nearest to a real one, and below each
    that real image. `confusion.png` shows which classes the model's class heads take for which.

    Args:
        folder: The entry.
        evaluation: What `kerasgan.metrics.evaluate` returned for its model.

    Raises:
        UserError: matplotlib is missing, and the model has class heads.
    """
    from kerasgan.metrics import draw_confusions  # Not above: cards are made without TensorFlow.

    # First, because it may fail.
    if evaluation.confusions:
        draw_confusions(evaluation.confusions, folder / CONFUSION)
    else:
        (folder / CONFUSION).unlink(missing_ok=True)
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
            title = name.replace("held_out", "held-out").replace("_", " ")
            title = title.replace("frechet", "Fréchet").capitalize()
            rows.append(f"| {title} | {each['value']:.4g} | {each['floor']:.4g} | {ratio} |")
    protocol = quality["protocol"]
    size = protocol["feature_image_size"]
    text = (
        f"{protocol['count']:,} generated images against {protocol['count']:,} of "
        f"{protocol['real_images']:,} real ones; features of `{protocol['features']}` at "
        f"{size}x{size}. The floor is the same measure with as many other real images in place of "
        "the generated ones."
    )
    known = protocol["real_images"]
    searched = min(2 * protocol["count"], known)
    of_all = f" of {known:,}" if searched < known else ""
    pairs = (
        f"![Generated images and their nearest real ones]({NEIGHBOURS})\n\n"
        "Above, the eight generated images that are nearest to one of "
        f"{searched:,}{of_all} real images; below each, that real image."
    )
    confusions = _confusion_section(quality)
    return "\n\n".join([text, "\n".join(rows), pairs, *([confusions] if confusions else [])])


def _confusion_section(quality: Mapping[str, Any]) -> str:
    sentences = []
    for name, each in quality.get("confusions", {}).items():
        accuracy = f"held_out_{name}_accuracy"
        others = quality["measures"][accuracy]["floor"]
        weighted = quality["measures"].get(f"{accuracy}_by_frequency")
        sentences.append(
            f"Of {each['images']:,} held-out images it names the right one of "
            f"{len(each['class_names'])} classes of {name} for {_percent(each['accuracy'])} "
            f"({_percent(each['balanced_accuracy'])} in the mean of the classes)."
        )
        if weighted is not None:
            sentences.append(
                "It learned from equally many images of each class; with its probabilities "
                "weighted by how frequent the classes are, it is right for "
                f"{_percent(weighted['value'])}."
            )
        sentences.append(
            "A small classifier that was trained on the same images is right for "
            f"{_percent(others)}, and always naming the commonest class for "
            f"{_percent(each['commonest'])}."
        )
    if not sentences:
        return ""
    return (
        f"![The true and the predicted classes of held-out images]({CONFUSION})\n\n"
        "What the discriminator's class head takes held-out images for, in percent of each true "
        f"class. {' '.join(sentences)}"
    )


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.1f} %"


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
