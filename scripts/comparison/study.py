"""A comparison: which runs it has, in which order they are trained, and its results."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from comparison.contestant import Contestant
from comparison.cost import measure_costs
from comparison.runs import State, in_process, read_state, train_in_process
from kerasgan.errors import UserError
from kerasgan.files.atomic import write_text
from kerasgan.recipes.recipe import Recipe

_TURN = 3.0  # Seconds of two cores.
# Distances of a game that is over still move in their last digits.
_LEAST_GAIN = 0.005
Launch = Callable[[Recipe, Path, Path | None], None]


@dataclass(frozen=True)
class Run:
    """A training of a contestant.

    Attributes:
        contestant: The contestant.
        rate: The learning rate of both players.
        seed: The seed.
        iterations: How long it lasts.
    """

    contestant: Contestant
    rate: float
    seed: int
    iterations: int

    @property
    def name(self) -> str:
        """The name of the run's folder, which does not depend on how long the run lasts."""
        return f"{self.contestant.name}-{self.rate:g}-{self.seed}"


class Study:
    """A comparison in a folder, which has `costs.json` and a run folder for each run.

    How long a run lasts is counted in iterations: as many as cost `minutes` of two cores. What an
    iteration costs is measured once, before the runs, for all objectives side by side. A busy
    machine then makes a run wait, but never shorter than another, and each run can be stopped,
    resumed and repeated in bits.

    A search trains each contestant with each rate and the seed 0 for `search_minutes`. The run
    with the smallest Fréchet distance then goes on to `minutes`. Searches prefer rates that are
    fast at first, and so may be too high for a run of `minutes`: if it came no closer in the second
    half of its time than in the first, by half a percent, or diverged, the next lower rate goes on
    to `minutes` too. The one that ends with the smaller distance counts, and runs with its rate and
    other seeds follow.

    Args:
        folder: The folder, which need not exist.
        contestants: What is compared, and shown as far as it was trained.
        data: Folder or file of the images, for each data set; `None` for the download.
        rates: The learning rates that are tried.
        seeds: How many runs of `minutes` each contestant has.
        minutes: Of two cores.
        search_minutes: Of two cores, at most `minutes`.
        points: How often each run of `minutes` is measured.
        chosen: The contestants that are trained now; all by default.

    Raises:
        UserError: `search_minutes` is not in this range.
    """

    def __init__(
        self,
        folder: Path,
        contestants: list[Contestant],
        data: Mapping[str, Path | None],
        *,
        rates: tuple[float, ...],
        seeds: int,
        minutes: float,
        search_minutes: float,
        points: int = 12,
        chosen: list[Contestant] | None = None,
    ) -> None:
        if not 0 < search_minutes <= minutes:
            raise UserError(
                "--search-minutes must be above 0 and at most --minutes. "
                f"Received: {search_minutes:g} and {minutes:g}"
            )
        self.folder, self.contestants, self.data = folder, contestants, data
        self.chosen = contestants if chosen is None else chosen
        self.rates, self.seeds = rates, seeds
        self.minutes, self.search_minutes, self.points = minutes, search_minutes, points

    @property
    def _costs_file(self) -> Path:
        return self.folder / "costs.json"

    @cached_property
    def measured(self) -> dict[str, dict[str, Any]]:
        """What `measure_costs` returned for each data set, of those that were measured."""
        if not self._costs_file.is_file():
            return {}
        return json.loads(self._costs_file.read_text(encoding="utf-8"))

    def measure(self, launch: Callable[..., Any] = in_process) -> None:
        """Measures what iterations cost on those data sets where that is not known yet."""
        for name in self.data:
            if name in self.measured:
                continue
            print(f"Measuring what an iteration costs on {name} ...", flush=True)
            recipes = {
                each.objective: each.recipe(self.rates[0])
                for each in self.chosen
                if each.data == name
            }
            turn = min(_TURN, self.minutes * 60 / 20)
            self.measured[name] = launch(measure_costs, recipes, self.data[name], turn)
            write_text(self._costs_file, json.dumps(self.measured, indent=1) + "\n")

    @property
    def known(self) -> list[Contestant]:
        """The contestants that are trained now or were before, whose costs are known."""
        return [
            each
            for each in self.contestants
            if each.data in self.data
            and each.objective in self.measured.get(each.data, {"costs": {}})["costs"]
        ]

    def cost(self, contestant: Contestant) -> float:
        """Returns the seconds of two cores that an iteration costs."""
        costs = self.measured[contestant.data]["costs"]
        if contestant.objective not in costs:
            raise UserError(
                f"{self._costs_file} lacks {contestant.objective}: costs are measured side by "
                "side, so compare it in another --out"
            )
        return costs[contestant.objective]["seconds"]

    def every(self, contestant: Contestant) -> int:
        """Returns the iterations between measurements."""
        return max(1, round(self.minutes * 60 / self.cost(contestant) / self.points))

    def iterations(self, contestant: Contestant) -> int:
        """Returns how many iterations a run of `minutes` has."""
        return self.every(contestant) * self.points

    def searches(self, contestant: Contestant) -> list[Run]:
        """Returns the runs of a contestant's search."""
        iterations = max(1, round(self.search_minutes * 60 / self.cost(contestant)))
        iterations = min(iterations, self.iterations(contestant))
        return [Run(contestant, rate, 0, iterations) for rate in self.rates]

    def best_rate(self, contestant: Contestant) -> float | None:
        """Returns the rate whose search ended with the smallest Fréchet distance.

        A run that diverged is worse than any that did not. `None` while the search is not done.
        """
        searches = self.searches(contestant)
        if any(map(self._is_pending, searches)):
            return None
        return min(searches, key=self._distance_at_the_end).rate

    def whole_runs(self, contestant: Contestant) -> list[Run]:
        """Returns the runs of seed 0 that last for `minutes`, as far as they are known.

        The best rate of the search comes first. The next lower one follows if that run is finished
        and its rate was too high.
        """
        best = self.best_rate(contestant)
        if best is None:
            return []
        iterations = self.iterations(contestant)
        run = Run(contestant, best, 0, iterations)
        lower = [rate for rate in self.rates if rate < best]
        if not lower or not self._had_too_high_a_rate(run):
            return [run]
        return [run, Run(contestant, max(lower), 0, iterations)]

    def _had_too_high_a_rate(self, run: Run) -> bool:
        state = self.state(run)
        if state.diverged is not None:
            return True
        if not state.is_finished(run.iterations):
            return False
        halves: tuple[list[float], list[float]] = ([math.inf], [math.inf])
        for line in state.curve:
            if line["iteration"] <= run.iterations:
                is_late = line["iteration"] > run.iterations / 2
                halves[is_late].append(line["frechet_distance"])
        first, second = map(min, halves)
        return second > (1 - _LEAST_GAIN) * first

    def rate(self, contestant: Contestant) -> float | None:
        """Returns the rate that counts: of the whole run with the smaller distance at its end.

        Before one of them is finished it is that of the first; `None` before that is known.
        """
        runs = self.whole_runs(contestant)
        return min(runs, key=self._distance_at_the_end).rate if runs else None

    def _distance_at_the_end(self, run: Run) -> float:
        end = self.state(run).at(run.iterations)
        return math.inf if end is None else end["frechet_distance"]

    def final(self, contestant: Contestant, seed: int) -> Run | None:
        """Returns the run of a seed with the rate that counts, or `None` while it is not known."""
        rate = self.rate(contestant)
        if rate is None:
            return None
        return Run(contestant, rate, seed, self.iterations(contestant))

    def run_folder(self, run: Run) -> Path:
        """Returns the folder of a run."""
        return self.folder / "runs" / run.name

    def state(self, run: Run) -> State:
        """Returns how far a run came."""
        return read_state(self.run_folder(run))

    def pending(self) -> Iterator[Run]:
        """Yields the runs that are not finished, in the order of their training.

        All searches come first, then all runs of one seed, then those of the next: whenever the
        comparison is stopped, the objectives have had the same.
        """
        for contestant in self.chosen:
            yield from filter(self._is_pending, self.searches(contestant))
        for contestant in self.chosen:
            yield from filter(self._is_pending, self.whole_runs(contestant)[:1])
            # What that run came to decides whether another follows it.
            yield from filter(self._is_pending, self.whole_runs(contestant)[1:])
        for seed in range(1, self.seeds):
            for contestant in self.chosen:
                run = self.final(contestant, seed)
                if run is not None and self._is_pending(run):
                    yield run

    def _is_pending(self, run: Run) -> bool:
        return not self.state(run).is_finished(run.iterations)

    def train(
        self, launch: Launch = train_in_process, after_each: Callable[[], None] = lambda: None
    ) -> None:
        """Trains all runs that are not finished.

        Args:
            launch: Trains a recipe in a folder on some data.
            after_each: Called after each run.

        Raises:
            comparison.runs.Interrupted: A signal ended one of them; it resumes at the next call.
        """
        for run in self.pending():
            print(f"{run.name}: up to iteration {run.iterations:,}", flush=True)
            recipe = run.contestant.recipe(
                run.rate,
                seed=run.seed,
                iterations=run.iterations,
                every=self.every(run.contestant),
                precision=self.measured[run.contestant.data]["precision"],
            )
            launch(recipe, self.run_folder(run), self.data[run.contestant.data])
            state = self.state(run)
            if state.curve:
                print(f"  {state.curve[-1]['frechet_ratio']:.2f} times the floor", flush=True)
            if state.diverged is None and state.at(run.iterations) is None:
                raise UserError(f"{run.name} was not measured; see the message above")
            after_each()
