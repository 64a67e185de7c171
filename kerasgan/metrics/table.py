"""Evaluations as tables."""

from collections.abc import Mapping

from rich import box
from rich.table import Table

from kerasgan.metrics.evaluation import Evaluation
from kerasgan.metrics.measure import Measure


def tables(evaluations: Mapping[str, Evaluation]) -> list[Table]:
    """Returns tables of measures, models side by side: one for each set of real images.

    Each value stands beside how many times the floor it is; the floor is the last column.

    Args:
        evaluations: By the models' names.
    """
    by_reals: dict[tuple, dict[str, Evaluation]] = {}
    for name, evaluation in evaluations.items():
        protocol = evaluation.protocol
        key = (protocol["images_fingerprint"], protocol["count"], protocol["features"])
        by_reals.setdefault(key, {})[name] = evaluation
    return [_table(group) for group in by_reals.values()]


def caption(evaluation: Evaluation) -> str:
    """Returns what the numbers are of, in one line."""
    protocol = evaluation.protocol
    height, width, _ = protocol["image_shape"]
    return (
        f"{protocol['count']:,} drawn against {protocol['count']:,} of {protocol['real_images']:,} "
        f"real images of {height}x{width}; features: {protocol['features']} at "
        f"{protocol['feature_image_size']}x{protocol['feature_image_size']} "
        f"({protocol['resizer']}); floor: as many other reals for the drawn; seed "
        f"{protocol['seed']}"
    )


def _table(evaluations: Mapping[str, Evaluation]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left")
    table.title = caption(next(iter(evaluations.values())))
    table.add_column("measure")
    for name in evaluations:
        table.add_column(name, justify="right")
    table.add_column("floor", justify="right")
    names = dict.fromkeys(name for each in evaluations.values() for name in each.measures)
    for name in names:
        measured = [each.measures.get(name) for each in evaluations.values()]
        known = next(each for each in measured if each is not None)
        table.add_row(
            name.replace("_", " "),
            *["" if each is None else _cell(each) for each in measured],
            _number(known.floor, known.floor_standard_error),
        )
    return table


def _cell(measure: Measure) -> str:
    text = _number(measure.value, measure.standard_error)
    return text if measure.ratio is None else f"{text} ({measure.ratio:.2f}x)"


def _number(value: float, error: float | None) -> str:
    return f"{value:.4g}" if error is None else f"{value:.4g} ± {error:.1g}"
