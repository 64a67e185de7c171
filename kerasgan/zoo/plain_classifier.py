"""A plain classifier of an entry's images, which its card shows beside the model's class head."""

import json
from pathlib import Path

RESULT = "plain_classifier.json"
PICTURE = "plain_classifier.png"


def plain_classifier_section(folder: Path) -> str:
    """Returns the part of a card about what `scripts/plain_classifier.py` wrote into an entry.

    Args:
        folder: The entry.

    Returns:
        Markdown; empty if nothing was written there.
    """
    if not (folder / RESULT).is_file():
        return ""
    result = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    with_augmentation = "and augmentation " if result["augmentation"] else ""
    sentences = [
        f"For comparison: a plain classifier of {result['parameters']:,} parameters learned from "
        f"the same images {with_augmentation}for {result['minutes']:g} minutes of two cores."
    ]
    for name, each in result["confusions"].items():
        sentences.append(
            f"Of {each['images']:,} held-out images it names the right one of "
            f"{len(each['class_names'])} classes of {name} for {100 * each['accuracy']:.1f} % "
            f"({100 * each['balanced_accuracy']:.1f} % in the mean of the classes)."
        )
    picture = f"![The true and the predicted classes of a plain classifier]({PICTURE})"
    return f"{' '.join(sentences)}\n\n{picture}"
