"""A system that others are compared with, and how long it trains."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from kerasgan.recipes import read_recipe
from kerasgan.recipes.recipe import Recipe

# As the name of a file may be, with the endings of its run.
_LONGEST = 180


@dataclass(frozen=True)
class System:
    """A recipe with some changes.

    Attributes:
        recipe: The name of a shipped recipe, or the path of a recipe file.
        changes: Overrides of its keys, `"section.key=value"`.
    """

    recipe: str
    changes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """A name for its files, which no other changes have."""
        recipe = Path(self.recipe).name.removesuffix(".toml")
        if not self.changes:
            return recipe
        name = "-".join([recipe, *(re.sub(r"[^\w.]+", "-", each) for each in self.changes)])
        digest = hashlib.sha256(repr(self.changes).encode()).hexdigest()[:8]
        return f"{name[: _LONGEST - 9]}-{digest}"

    def read(self, *further: str) -> Recipe:
        """Returns the recipe, with further changes."""
        return read_recipe(self.recipe, [*self.changes, *further])

    @property
    def phases(self) -> list[int]:
        """The iterations at which the phases of a training begin: 0, and those of a curriculum."""
        curriculum = self.read().curriculum
        return [0] if curriculum is None else [0, *curriculum.begins]

    def planned(self, costs: list[float], seconds: float, points: int) -> Recipe:
        """Returns the recipe of a training of some seconds, measured at some points.

        The sizes of a curriculum have the same shares of the iterations as in the recipe.

        Args:
            costs: The seconds that an iteration costs in each phase.
            seconds: How long the training lasts.
            points: How often it is measured, evenly over its iterations.
        """
        recipe = self.read()
        whole = recipe.training.iterations
        lengths = [end - begin for begin, end in pairwise([*self.phases, whole])]
        mean = sum(length * cost for length, cost in zip(lengths, costs, strict=True)) / whole
        every = max(1, round(seconds / mean / points))
        iterations = every * points
        # Nothing but iterations can be measured in, so they are logged as often.
        keys = ("log_every", "evaluate_every", "sample_every")
        changes = [f"training.{key}={every}" for key in keys]
        changes += [f"training.iterations={iterations}"]
        changes += [f"training.checkpoint_every={max(1, every // 4)}"]
        if recipe.curriculum is not None:
            begins = [max(1, each * iterations // whole) for each in recipe.curriculum.begins]
            changes += [f"curriculum.begins={begins}"]
            changes += [f"curriculum.fade={recipe.curriculum.fade * iterations // whole}"]
        return self.read(*changes)


def minutes_at(recipe: Recipe, costs: list[float], iteration: int) -> float:
    """Returns how many minutes a training has lasted at an iteration.

    Args:
        recipe: The recipe of the training.
        costs: The seconds that an iteration costs in each phase.
        iteration: The iteration.
    """
    begins = [0] if recipe.curriculum is None else [0, *recipe.curriculum.begins]
    spans = pairwise([*begins, recipe.training.iterations])
    return (
        sum(
            max(0, min(end, iteration) - begin) * cost
            for (begin, end), cost in zip(spans, costs, strict=True)
        )
        / 60
    )


@dataclass(frozen=True)
class Figure:
    """Systems that are compared in one figure.

    Attributes:
        name: Its name, which is that of its files too.
        data: The name of the data that all of its systems train on.
        title: Its title on the page.
        text: What it compares, in Markdown.
        systems: The systems by what the figure calls them.
    """

    name: str
    data: str
    title: str
    text: str
    systems: dict[str, System]


def _figure(name: str, table: dict[str, Any]) -> Figure:
    systems = {
        title: System(recipe, tuple(changes))
        for title, (recipe, *changes) in table["systems"].items()
    }
    return Figure(name, table["data"], table["title"], table["text"], systems)


FIGURES: dict[str, Figure] = {
    name: _figure(name, table)
    for name, table in tomllib.loads(
        (Path(__file__).resolve().parent / "systems.toml").read_text(encoding="utf-8")
    ).items()
}
