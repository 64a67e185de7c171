#!/usr/bin/env python3
"""Measures how fast `kerasgan wikiart prepare` decodes paintings, beside Pillow alone.

    python scripts/benchmark_decoding.py path/to/wikiart.zip --json result.json

| contestant | what it is |
|---|---|
| kerasgan | the decoding stage of `prepare`, on all processors |
| pillow | `Image.open(...).convert("RGB")` on one, one picture after the other |

kerasgan reads each painting from the folder or zip, decodes it, makes it square, encodes it again
as a JPEG, and takes its perceptual hash and its sha256. Its time begins before its processes are
started, which takes about a second, and ends when all files are written: measure some thousands of
paintings. Pillow reads the same files, a tenth of them, and keeps nothing.

They take turns, so that a drift of the machine's speed meets both. Measure on an idle machine.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path

import click

from benchmarking.report import machine
from kerasgan.data.decoder import Decoder
from kerasgan.distribution.cores import available_cores
from kerasgan.wikiart.preparer.decoding import prepare_parts
from kerasgan.wikiart.preparer.find_paintings import find_paintings
from kerasgan.wikiart.preparer.painting import Collection
from kerasgan.wikiart.preparer.work_folder import start


def prepare_speed(found: Collection, size: int) -> float:
    """Returns how many images a second the decoding stage of `prepare` makes."""
    with tempfile.TemporaryDirectory() as folder:
        parts = start(Path(folder), found, found.paintings, Decoder(size, fit="squash"))
        begin = time.perf_counter()
        prepare_parts(parts, workers=available_cores(), progress=False)
        return len(found.paintings) / (time.perf_counter() - begin)


def pillow_speed(found: Collection) -> float:
    """Returns how many images a second Pillow decodes in this process."""
    from PIL import Image

    paintings = found.paintings[::10]
    begin = time.perf_counter()
    for painting in paintings:
        with found.tree.open(painting.file) as file:
            Image.open(file).convert("RGB")
    return len(paintings) / (time.perf_counter() - begin)


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--size", default=64, show_default=True, type=click.IntRange(1), help="In pixels.")
@click.option("--count", type=click.IntRange(1), help="Only so many paintings.  [default: all]")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1))
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Save the results.")
def main(source: Path, size: int, count: int | None, rounds: int, json_file: Path | None) -> None:
    """Measure the decoding of SOURCE, a folder or zip that `kerasgan wikiart prepare` takes."""
    found = find_paintings(source)
    found = Collection(found.kind, found.tree, found.paintings[:count], found.skipped)
    report = {"machine": machine(), "source": str(source), "paintings": len(found.paintings)}
    report |= {"size": size, "processes": available_cores()}
    click.echo("; ".join(f"{key}: {value}" for key, value in report["machine"].items()))
    click.echo(f"{len(found.paintings):,} paintings to {size}x{size}, {rounds} rounds\n")
    speeds = {"kerasgan": [], "pillow": []}
    for _ in range(rounds):
        speeds["kerasgan"].append(prepare_speed(found, size))
        speeds["pillow"].append(pillow_speed(found))
    click.echo("| contestant | processes | images/s | of rounds |\n|---|---|---|---|")
    for name, of_rounds in speeds.items():
        processes = available_cores() if name == "kerasgan" else 1
        click.echo(
            f"| {name} | {processes} | {statistics.median(of_rounds):.0f} "
            f"| {min(of_rounds):.0f} to {max(of_rounds):.0f} |"
        )
    report["images_per_second"] = speeds
    if json_file:
        json_file.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
