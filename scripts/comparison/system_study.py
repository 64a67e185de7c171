"""The trainings behind figures of systems: which there are, and what they came to."""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from comparison.runs import State, in_process, read_state, train_in_process
from comparison.study import Launch
from comparison.system import Figure, System, minutes_at
from comparison.system_cost import measure_system
from kerasgan.errors import UserError, shortened
from kerasgan.files.atomic import write_text
from kerasgan.recipes.own_pictures import recipe_for_data
from kerasgan.recipes.recipe import Recipe
from kerasgan.training.resolved_recipe import resolve_recipe
from kerasgan.training.run_folder import RunFolder

_TURN = 3.0  # Seconds of two cores.


class SystemStudy:
    """Trainings of systems in a folder, which has `costs.json` and a run folder for each system.

    A training lasts as many iterations as cost `minutes` of two cores, by what an iteration of the
    system cost when it was measured before. A busy machine makes a training wait, but no shorter,
    and it can be stopped and resumed.

    Args:
        folder: The folder, which need not exist.
        data: Folder or file of the images, by the name of the data; `None` for the download.
        minutes: The length of a training, of two cores.
        points: How often each is measured.
    """

    def __init__(
        self,
        folder: Path,
        data: Mapping[str, Path | None],
        *,
        minutes: float,
        points: int = 12,
    ) -> None:
        self.folder, self.data = folder, data
        self.minutes, self.points = minutes, points

    @property
    def _costs_file(self) -> Path:
        return self.folder / "costs.json"

    @cached_property
    def costs(self) -> dict[str, list[float]]:
        """The seconds of two cores that an iteration costs in each phase, by the system's name."""
        if not self._costs_file.is_file():
            return {}
        return json.loads(self._costs_file.read_text(encoding="utf-8"))

    def measure(self, figure: Figure, launch: Callable[..., Any] = in_process) -> None:
        """Measures what an iteration of a figure's systems costs, where that is not known yet."""
        for system in figure.systems.values():
            if system.name in self.costs:
                continue
            print(f"Measuring what an iteration of {system.name} costs ...", flush=True)
            turn = min(_TURN, self.minutes * 60 / 20)
            data = self.data[figure.data]
            self.costs[system.name] = launch(measure_system, system, data, turn)
            write_text(self._costs_file, json.dumps(self.costs, indent=1) + "\n")

    def recipe(self, system: System) -> Recipe:
        """Returns the recipe of a system's training."""
        return system.planned(self.costs[system.name], self.minutes * 60, self.points)

    def run_folder(self, system: System) -> Path:
        """Returns the folder of a system's training.

        A longer training continues a shorter one, but for one with a curriculum, whose sizes begin
        later in it.
        """
        ending = f"-{self.minutes:g}-minutes" if len(system.phases) > 1 else ""
        return self.folder / "runs" / f"{system.name}{ending}"

    def state(self, system: System) -> State:
        """Returns how far a system's training came."""
        return read_state(self.run_folder(system))

    def train(
        self,
        figure: Figure,
        launch: Launch = train_in_process,
        measure: Callable[..., Any] = in_process,
    ) -> None:
        """Trains the systems of a figure that are not finished.

        Args:
            figure: The figure.
            launch: Trains a recipe in a folder on some data.
            measure: Calls what measures costs.

        Raises:
            comparison.runs.Interrupted: A signal ended a training; it resumes at the next call.
            UserError: A training was not measured, or its recipe or data must be corrected.
        """
        self.measure(figure, measure)
        for title, system in figure.systems.items():
            recipe = self.recipe(system)
            iterations = recipe.training.iterations
            folder, data = self.run_folder(system), self.data[figure.data]
            if self.state(system).is_finished(iterations):
                # It raises if the recipe was changed since.
                resolve_recipe(recipe_for_data(recipe, data), RunFolder(folder))
                continue
            print(f"{figure.name}, {title}: up to iteration {iterations:,}", flush=True)
            launch(recipe, folder, data)
            state = self.state(system)
            if state.diverged is None and not state.curve:
                raise UserError(f"{system.name} was not measured; see the message above")

    def result(self, figure: Figure) -> dict[str, Any]:
        """Returns what the trainings of a figure came to, JSON-able."""
        return {
            "title": figure.title,
            "text": figure.text,
            "data": figure.data,
            "minutes": self.minutes,
            "points": self.points,
            "systems": {
                title: self._outcome(system)
                for title, system in figure.systems.items()
                if system.name in self.costs
            },
        }

    def _outcome(self, system: System) -> dict[str, Any]:
        recipe, state, costs = self.recipe(system), self.state(system), self.costs[system.name]
        iterations = recipe.training.iterations
        return {
            "recipe": system.recipe,
            "changes": list(system.changes),
            "costs": costs,
            "planned": iterations,
            "iterations": min(state.iterations, iterations),
            "diverged": None if state.diverged is None else shortened(state.diverged, 200),
            "curve": [
                {**line, "minutes": minutes_at(recipe, costs, int(line["iteration"]))}
                for line in state.curve
                if line["iteration"] <= iterations
            ],
        }
