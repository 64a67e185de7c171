"""What was measured of a model, and its table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rich import box
from rich.console import Console, Group
from rich.table import Table

from kerasgan.metrics.confusion import Confusion

# Below this many drawn pictures a caption warns.
_FEW = 250
_TITLES = {"frechet_distance": "Fréchet distance"}


@dataclass(frozen=True)
class Measure:
    """A measure of a model, beside its floor.

    Attributes:
        value: The measure of the model's images.
        floor: The same measure with real images in place of the model's, which is the value that
            a perfect model reaches. It is not always the lowest value: for precision it is about
            the highest.
        standard_error: The standard error of the value, or None if it is not known.
        floor_standard_error: The standard error of the floor, or None if it is not known.
    """

    value: float
    floor: float
    standard_error: float | None = None
    floor_standard_error: float | None = None

    @property
    def ratio(self) -> float | None:
        """`value / floor`, which is 1 for real images; None where the floor is expected to be 0.

        A floor with a standard error belongs to an unbiased distance, whose expectation is 0.
        """
        if self.floor_standard_error is not None or self.floor == 0.0:
            return None
        return self.value / self.floor

    def as_dict(self) -> dict[str, Any]:
        """Returns the ratio and those attributes that are known, JSON-able."""
        known = {
            "value": self.value,
            "standard_error": self.standard_error,
            "floor": self.floor,
            "floor_standard_error": self.floor_standard_error,
            "ratio": self.ratio,
        }
        always = ("value", "floor", "ratio")
        return {key: value for key, value in known.items() if key in always or value is not None}


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The measures of a model, and how they were taken.

    Attributes:
        protocol: How the measures were taken: the features, sizes, counts, seeds and images.
        measures: The measures by their names.
        pairs: uint8 `(2 n, height, width, channels)`: the fakes that are closest to a real image,
            the closest first, each followed by that image.
        confusions: By label set, what the model's own class heads take held-out images for; empty
            if it has none, or there are no held-out images of its classes.
    """

    protocol: dict[str, Any]
    measures: dict[str, Measure]
    pairs: np.ndarray = field(repr=False)
    confusions: Mapping[str, Confusion] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> Measure:
        return self.measures[name]

    def as_dict(self) -> dict[str, Any]:
        """Returns the protocol, the measures and the confusions, JSON-able."""
        numbers = {
            "protocol": self.protocol,
            "measures": {name: each.as_dict() for name, each in self.measures.items()},
        }
        if self.confusions:
            numbers["confusions"] = {name: each.as_dict() for name, each in self.confusions.items()}
        return numbers


def tables(evaluations: Mapping[str, Evaluation], *, width: int = 80) -> list[Group]:
    """Returns tables of measures for each set of real images, with the models side by side.

    Each value is followed by its ratio to the floor, which is in the last column. Models that have
    no room beside the others are in a further table.

    Args:
        evaluations: The evaluations by the models' names.
        width: Letters on a line.
    """
    by_reals: dict[tuple[str, str], dict[str, Evaluation]] = {}
    for name, evaluation in evaluations.items():
        # Models may see the same files in other cuts.
        key = caption(evaluation), evaluation.protocol["images_fingerprint"]
        by_reals.setdefault(key, {})[name] = evaluation
    return [Group(text, *_side_by_side(group, width)) for (text, _), group in by_reals.items()]


def caption(evaluation: Evaluation) -> str:
    """Returns how the measures were taken, in one line."""
    protocol = evaluation.protocol
    height, width, _ = protocol["image_shape"]
    is_few = protocol["count"] < _FEW
    accuracies = "".join(
        f", {name.replace('_', ' ')} {value:.3g} on held-out images"
        for name, value in protocol.items()
        if name.endswith("_accuracy")
    )
    return (
        f"{protocol['count']:,} drawn against {protocol['count']:,} of {protocol['real_images']:,} "
        f"real images of {height}x{width}; features: {protocol['features']} at "
        f"{protocol['feature_image_size']}x{protocol['feature_image_size']} "
        f"({protocol['resizer']}{accuracies}); "
        "floor: as many other real images in place of the drawn ones; "
        f"seed {protocol['seed']}"
        + ("; so few pictures tell little, of precision and density least" if is_few else "")
    )


def _side_by_side(evaluations: Mapping[str, Evaluation], width: int) -> list[Table]:
    console = Console(width=width)
    names, found = list(evaluations), []
    while names:
        for count in range(len(names), 0, -1):
            table = _table({name: evaluations[name] for name in names[:count]})
            if console.measure(table).maximum < width or count == 1:
                break
        found.append(table)
        names = names[count:]
    return found


def _table(evaluations: Mapping[str, Evaluation]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("measure", no_wrap=True)
    for name in evaluations:
        table.add_column(name, justify="right", no_wrap=True, overflow="fold")
    table.add_column("floor", justify="right", no_wrap=True)
    names = dict.fromkeys(name for each in evaluations.values() for name in each.measures)
    for name in names:
        measured = [each.measures.get(name) for each in evaluations.values()]
        floors = dict.fromkeys(_floor(each) for each in measured if each is not None)
        # Some measures have a different floor for each model, such as the critic's distance.
        common = len(floors) == 1
        cells = ["" if each is None else _cell(each, with_floor=not common) for each in measured]
        table.add_row(
            _TITLES.get(name, name.replace("held_out", "held-out").replace("_", " ")),
            *cells,
            next(iter(floors)) if common else "",
        )
    return table


def _cell(measure: Measure, *, with_floor: bool) -> str:
    notes = [] if measure.ratio is None else [f"{measure.ratio:.2f}x"]
    notes += [f"floor {_floor(measure)}"] if with_floor else []
    text = _number(measure.value, measure.standard_error)
    return f"{text} ({', '.join(notes)})" if notes else text


def _floor(measure: Measure) -> str:
    return _number(measure.floor, measure.floor_standard_error)


def _number(value: float, error: float | None) -> str:
    return f"{value:.4g}" if error is None else f"{value:.4g} ± {error:.1g}"
