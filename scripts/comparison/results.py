"""What a comparison came to, as data."""

from typing import Any

from comparison.contestant import Contestant
from comparison.study import Run, Study
from kerasgan.errors import shortened
from kerasgan.training.run_folder import RunFolder


def results(study: Study) -> dict[str, Any]:
    """Returns all that the page shows of the data sets of a comparison, JSON-able, by their names.

    Objectives are compared on one data set at a time, so each has its own protocol and machine.
    """
    found: dict[str, Any] = {}
    for contestant in study.known:
        name = contestant.data
        shared = found.setdefault(
            name,
            {
                "protocol": {
                    "minutes": study.minutes,
                    "search_minutes": study.search_minutes,
                    "rates": list(study.rates),
                    "seeds": study.seeds,
                    "points": study.points,
                },
                "machine": _machine(study, name),
                "recipe": contestant.shared,
                "reference": study.measured[name]["reference"],
                "objectives": {},
            },
        )
        shared["objectives"][contestant.objective] = _outcome(study, contestant)
    return found


def _outcome(study: Study, contestant: Contestant) -> dict[str, Any]:
    rate, finals = study.rate(contestant), []
    for seed in range(study.seeds):
        run = study.final(contestant, seed)
        if run is not None and study.run_folder(run).is_dir():
            finals.append({"seed": seed, **_described(study, run)})
    return {
        "own": contestant.own,
        "cost": study.measured[contestant.data]["costs"][contestant.objective],
        "searches": [
            {"rate": run.rate, **_described(study, run, up_to=run.iterations)}
            for run in study.searches(contestant)
        ],
        "best_rate": study.best_rate(contestant),
        "rate": rate,
        "finals": finals,
        "others": [
            {"rate": run.rate, **_described(study, run)}
            for run in study.whole_runs(contestant)
            if run.rate != rate
        ],
    }


def _described(study: Study, run: Run, *, up_to: int | None = None) -> dict[str, Any]:
    state = study.state(run)
    curve = [line for line in state.curve if up_to is None or line["iteration"] <= up_to]
    done = min(state.iterations, run.iterations)
    return {
        "planned": run.iterations,
        "iterations": done,
        "diverged": None if state.diverged is None else shortened(state.diverged, 200),
        "curve": curve,
    }


def _machine(study: Study, data: str) -> dict[str, Any] | None:
    for run in sorted((study.folder / "runs").glob(f"{data}-*/run.json")):
        description = RunFolder(run.parent).describe()
        precision = description["recipe"]["training"]["precision"]
        return {
            **description["machine"],
            "versions": description["versions"],
            "precision": precision,
        }
    return None
