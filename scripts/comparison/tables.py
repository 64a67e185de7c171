"""The tables of the page of a comparison, in Markdown."""

import statistics
from typing import Any

from comparison.charts import minutes_of


def outcome_table(data: dict[str, Any]) -> str:
    """Returns what the runs of each objective on a data set came to."""
    rows = [
        "| objective | distance | lowest on the way | precision | recall | coverage | rate "
        "| iterations | images/s | runs |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    batch = data["recipe"]["training"]["batch_size"]
    for name, outcome in data["objectives"].items():
        runs = [run for run in outcome["finals"] if run["curve"]]
        ends = [run["curve"][-1] for run in runs]
        speed = batch * outcome["own"].get("n_critic", 1) / outcome["cost"]["seconds"]
        rate = "" if outcome["rate"] is None else f"{outcome['rate']:g}"
        cells = [
            name,
            _over_seeds([end["frechet_ratio"] for end in ends]),
            _lowest(outcome, runs),
            *(_over_seeds([end[key] for end in ends]) for key in ("precision", "recall")),
            _over_seeds([end["coverage"] for end in ends]),
            rate,
            "" if not runs else f"{max(run['iterations'] for run in runs):,}",
            f"{speed:,.0f}",
            str(len(runs)),
        ]
        rows.append("| " + " | ".join(cells) + " |")
    rows += [
        "",
        "The distance is the Fréchet distance at the end of a run, in times its floor; of several "
        "runs the mean, and the lowest to the highest. Images/s are real images in a second of two "
        "cores.",
    ]
    return "\n".join(rows)


def _over_seeds(values: list[float]) -> str:
    if not values:
        return ""
    mean = f"{statistics.mean(values):.2f}"
    return mean if len(values) == 1 else f"{mean} ({min(values):.2f} to {max(values):.2f})"


def _lowest(outcome: dict[str, Any], runs: list[dict[str, Any]]) -> str:
    lines = [line for run in runs for line in run["curve"]]
    if not lines:
        return ""
    lowest = min(lines, key=lambda line: line["frechet_ratio"])
    return f"{lowest['frechet_ratio']:.2f} at minute {minutes_of(outcome, lowest):.1f}"


def search_table(objectives: dict[str, Any], rates: list[float]) -> str:
    """Returns how far each objective came with each learning rate; the best is bold."""
    rows = ["| objective | " + " | ".join(f"{rate:g}" for rate in rates) + " |"]
    rows.append("|---" * (1 + len(rates)) + "|")
    for name, outcome in objectives.items():
        cells = [_search_cell(search, outcome["best_rate"]) for search in outcome["searches"]]
        rows.append("| " + " | ".join([name, *cells]) + " |")
    return "\n".join(rows)


def _search_cell(search: dict[str, Any], best: float | None) -> str:
    if search["iterations"] < search["planned"]:
        return "not yet" if search["diverged"] is None else "diverged"
    ratio = f"{search['curve'][-1]['frechet_ratio']:.2f}"
    return f"**{ratio}**" if search["rate"] == best else ratio
