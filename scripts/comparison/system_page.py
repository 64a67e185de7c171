"""From the trainings of systems to their page, its JSON and its pictures."""

import json
from pathlib import Path
from typing import Any

from comparison.charts import draw_curves
from comparison.runs import in_process
from comparison.system import FIGURES, Figure
from comparison.system_rows import draw_rows
from comparison.system_study import SystemStudy
from kerasgan.files.atomic import write_text
from kerasgan.training.run_folder import RunFolder

_PAGE = "comparisons"
_INTRODUCTION = """\
# Systems side by side

What the systems' documents compare, or propose to compare, trained from the recipes of this
package. `scripts/systems_figure.py` made this page and its pictures from the results in
[`comparisons.json`](comparisons.json).

All systems of a figure train for the same time. Minutes are minutes of two cores, counted in
iterations whose cost is measured at the beginning of a training, so that other work on the machine
takes nothing from them. Pictures are drawn from the same latents and not selected. The distance is
the Fréchet distance of up to 500 pictures, in times its floor, the same distance between two sets
of real images; see [Read the metrics](guides/metrics.md). There is one run of each system, so small
differences mean nothing.
"""


def publish(study: SystemStudy, figure: Figure, docs: Path) -> None:
    """Adds a figure to the JSON, draws its pictures, and writes the page again.

    Args:
        study: The trainings.
        figure: The figure, whose trainings need not be finished.
        docs: The folder of the page.
    """
    folders = {name: study.run_folder(system) for name, system in figure.systems.items()}
    drawable = {
        name: folder
        for name, folder in folders.items()
        if RunFolder(folder).checkpoints.newest is not None
    }
    if drawable:
        in_process(draw_rows, drawable, docs / _PAGE / f"{figure.name}.jpg")
    found = {**read_results(docs), figure.name: study.result(figure)}
    write_text(docs / f"{_PAGE}.json", json.dumps(found, indent=1) + "\n")
    write_page(found, docs)


def read_results(docs: Path) -> dict[str, Any]:
    """Returns what the JSON beside the page holds, by the names of figures.

    Titles and texts are those of `systems.toml`, which may have been written anew.
    """
    path = docs / f"{_PAGE}.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for name in found.keys() & FIGURES.keys():
        found[name] |= {"title": FIGURES[name].title, "text": FIGURES[name].text}
    return found


def write_page(found: dict[str, Any], docs: Path) -> None:
    """Writes the curves and the page from the results, around the samples that are there.

    Args:
        found: The result of each figure; see `SystemStudy.result`.
        docs: The folder of the page. What a reader of a figure wrote about it, in
            `comparisons/NAME.md`, goes below it.
    """
    parts = [_INTRODUCTION]
    for name, figure in found.items():
        curves = {
            title: [[(line["minutes"], line["frechet_ratio"]) for line in system["curve"]]]
            for title, system in figure["systems"].items()
        }
        draw_curves(curves, docs / _PAGE / f"{name}-curves.png")
        parts.append(_section(name, figure, docs))
    write_text(docs / f"{_PAGE}.md", "\n".join(parts))


def _section(name: str, figure: dict[str, Any], docs: Path) -> str:
    systems = figure["systems"]
    parts = [f"## {figure['title']}", figure["text"].strip(), _table(systems)]
    notes = [note for title, each in systems.items() for note in _notes(title, each)]
    parts += ["\n".join(f"- {note}" for note in notes)] if notes else []
    listed = ", ".join(systems)
    if (docs / _PAGE / f"{name}.jpg").is_file():
        parts.append(f"![From above: {listed}]({_PAGE}/{name}.jpg)")
    if (docs / _PAGE / f"{name}-curves.png").is_file():
        parts.append(f"![Fréchet distance against minutes: {listed}]({_PAGE}/{name}-curves.png)")
    if (seen := docs / _PAGE / f"{name}.md").is_file():
        parts.append(seen.read_text(encoding="utf-8").strip())
    most = max((len(each["curve"]) for each in systems.values()), default=0)
    points = figure.get("points", most)
    parts.append(
        f"Each trained for {figure['minutes']:g} minutes of two cores: `python "
        f"scripts/systems_figure.py {name} --data {figure['data']}=PATH "
        f"--minutes {figure['minutes']:g} --points {points} --out FOLDER`"
    )
    return "\n\n".join(parts) + "\n"


def _table(systems: dict[str, Any]) -> str:
    titles = ["", "recipe", "distance", "lowest on the way", "precision", "recall", "coverage"]
    titles += ["iterations"]
    rows = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    for title, each in systems.items():
        changes = "".join(f", `{change}`" for change in each["changes"])
        cells = [title, f"`{each['recipe']}`{changes}", *_measured(each["curve"])]
        cells.append(f"{each['iterations']:,}")
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _measured(curve: list[dict[str, float]]) -> list[str]:
    if not curve:
        return [""] * 5
    lowest = min(curve, key=lambda line: line["frechet_ratio"])
    return [
        f"{curve[-1]['frechet_ratio']:.2f}",
        f"{lowest['frechet_ratio']:.2f} at minute {lowest['minutes']:.1f}",
        *(f"{curve[-1][key]:.2f}" for key in ("precision", "recall", "coverage")),
    ]


def _notes(title: str, system: dict[str, Any]) -> list[str]:
    """Returns what was cut short, a sentence for each."""
    part = system["iterations"] / system["planned"]
    if system["diverged"]:
        return [f"{title} diverged after {part:.0%} of its time."]
    return [f"{title} is cut short at {part:.0%} of its time."] if part < 1 else []
