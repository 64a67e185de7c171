"""The contents of a prepared data set as text."""

import io
from collections.abc import Mapping, Sequence

import rich.box
from rich.console import Console
from rich.table import Table

from kerasgan.wikiart.preparer.stats import Stats

# Wider than the widest table of the dump's 27 styles and 10 genres: nothing is cut off.
_WIDTH = 400


def stats_tables(stats: Stats) -> str:
    """Returns tables of the splits, genres, styles, both together, image sizes and causes."""
    ends = [*list(stats.longer_sides)[1:], None]
    sizes = {
        f"{least} to {end - 1}" if end else f"{least} or more": count
        for (least, count), end in zip(stats.longer_sides.items(), ends, strict=True)
        if count
    }
    joint = [
        (style, *map(int, counts))
        for style, counts in zip(stats.styles, stats.joint.T, strict=True)
    ]
    tables = [
        _counts("Split", stats.splits),
        _counts("Genre", dict(zip(stats.genres, stats.joint.sum(axis=1).tolist(), strict=True))),
        _counts("Style", dict(zip(stats.styles, stats.joint.sum(axis=0).tolist(), strict=True))),
        _table(("Style and genre", *stats.genres), joint),
        _counts("Longer side in the source", sizes),
        _counts("Skipped", stats.causes),
    ]
    return "\n".join(tables)


def _counts(title: str, counts: Mapping[str, int]) -> str:
    return _table((title, "Paintings"), [*counts.items(), ("all", sum(counts.values()))])


def _table(header: Sequence[str], rows: Sequence[Sequence[str | int]]) -> str:
    table = Table(box=rich.box.SIMPLE, pad_edge=False)
    for number, name in enumerate(header):
        table.add_column(name, justify="right" if number else "left", no_wrap=True)
    for name, *counts in rows:
        table.add_row(name, *(f"{count:,}" for count in counts))
    text = io.StringIO()
    Console(file=text, width=_WIDTH, highlight=False, markup=False).print(table)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())
