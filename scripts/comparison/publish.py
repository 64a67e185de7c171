"""From a comparison to its page, its JSON and its pictures."""

import json
from pathlib import Path
from typing import Any

from comparison.charts import copy_sheet, draw_curves, minutes_of
from comparison.page import page
from comparison.results import results
from comparison.study import Study
from kerasgan.files.atomic import write_text

_RESULTS = "objectives.json"
# What a reader of the results wrote about them, which the page begins with.
_NOTES = "objectives/notes.md"


def publish(study: Study, docs: Path) -> None:
    """Writes the results of a comparison: `objectives.json`, the page and its pictures.

    Data sets that this comparison does not have keep what the JSON has of them, so that each can be
    compared by itself: another day, on another machine.

    Args:
        study: The comparison, finished or not.
        docs: The folder of the page.
    """
    file = docs / _RESULTS
    earlier = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    found = {**earlier, **results(study)}
    write_text(file, json.dumps(found, indent=1) + "\n")
    for contestant in study.known:
        final = study.final(contestant, seed=0)
        if final is not None:
            copy_sheet(
                study.run_folder(final) / "samples", docs / "objectives" / f"{contestant.name}.jpg"
            )
    write_page(found, docs)


def write_page(found: dict[str, Any], docs: Path) -> None:
    """Writes the curves and the page from the results, around the samples and notes that are there.

    Args:
        found: What `results` returned, of all data sets that the page has.
        docs: The folder of the page.
    """
    for name, data in found.items():
        curves = {
            objective: [
                [(minutes_of(outcome, line), line["frechet_ratio"]) for line in run["curve"]]
                for run in outcome["finals"]
            ]
            for objective, outcome in data["objectives"].items()
        }
        draw_curves(curves, docs / "objectives" / f"{name}-curves.png")
    notes = docs / _NOTES
    text = page(
        found,
        pictures=lambda path: (docs / path).is_file(),
        notes=notes.read_text(encoding="utf-8") if notes.is_file() else "",
    )
    write_text(docs / "objectives.md", text)
