"""An objective on a data set, and the recipes that it is trained by."""

import copy
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_file import recipe_from_dict

_HERE = Path(__file__).resolve().parent

OBJECTIVES: dict[str, dict[str, Any]] = tomllib.loads((_HERE / "objectives.toml").read_text())
DATA_SETS: dict[str, dict[str, Any]] = {
    name: tomllib.loads((_HERE / f"{name}.toml").read_text()) for name in ("mnist", "pokemon")
}


@dataclass(frozen=True)
class Contestant:
    """An objective on a data set.

    Attributes:
        data: The data set's name.
        objective: The objective's name, a class of `kerasgan.models`.
        shared: The tables of a recipe that all objectives on this data set share.
        own: The arguments that the objective has of its own.
    """

    data: str
    objective: str
    shared: dict[str, Any]
    own: dict[str, Any]

    @property
    def name(self) -> str:
        """The contestant's name, which is that of its files too."""
        return f"{self.data}-{self.objective}"

    def recipe(
        self,
        rate: float,
        *,
        seed: int = 0,
        iterations: int = 1,
        every: int = 1,
        precision: str = "auto",
    ) -> Recipe:
        """Returns the recipe of a training.

        Args:
            rate: The learning rate of both players.
            seed: The seed of the training.
            iterations: How long it lasts.
            every: Iterations between measurements.
            precision: The precision, unless the shared tables name one.
        """
        table = copy.deepcopy(self.shared)
        training = table["training"]
        optimizer = {**training.pop("optimizer"), "learning_rate": rate}
        table["model"] |= {"objective": self.objective, **self.own}
        training.setdefault("precision", precision)
        training |= {
            "generator_optimizer": optimizer,
            "discriminator_optimizer": dict(optimizer),
            "seed": seed,
            "iterations": iterations,
            "log_every": every,
            "evaluate_every": every,
            "sample_every": every,
            "checkpoint_every": max(1, every // 4),
        }
        return recipe_from_dict(table, where=self.name)


def contestants(
    data_sets: dict[str, dict[str, Any]], objectives: dict[str, dict[str, Any]]
) -> list[Contestant]:
    """Returns every objective on every data set."""
    return [
        Contestant(data, objective, shared, own)
        for data, shared in data_sets.items()
        for objective, own in objectives.items()
    ]
