"""Regenerates what is derived from the zoo's entries: their cards and the README's table.

Run it after editing the prose (`notes.md`) of an entry: python scripts/build_zoo.py

With --litert it writes the LiteRT files of the entries first, into their folders `litert`.

With --evaluate it measures the entries first and writes `zoo/results.json`. Each --data gives the
images of the entries whose names begin with NAME; the longest NAME that fits counts:

    python scripts/build_zoo.py --evaluate --data mnist=TFDS --data cifar10=TFDS \
        --data casia=PATH --data pokemon=PATH --data wikiart=PATH --data wikiart_fastgan=PATH \
        --data wikiart_gangogh_stage2=PATH
"""

import argparse
import json
import re
import sys
from pathlib import Path

from kerasgan import zoo
from kerasgan.cli.quiet import hidden_stderr, import_tensorflow_quietly
from kerasgan.files.atomic import write_text
from kerasgan.zoo.card import write_card, zoo_table
from kerasgan.zoo.checksums import write_checksums
from kerasgan.zoo.entries import zoo_folder
from kerasgan.zoo.entry_files import METRICS

CHECKOUT = Path(__file__).resolve().parent.parent
README = CHECKOUT / "README.md"
RESULTS = CHECKOUT / "zoo" / "results.json"
_TABLE = re.compile(r"(<!-- zoo -->\n).*?(\n<!-- /zoo -->)", re.DOTALL)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("entries", nargs="*", help="Entries to measure or export (all).")
    parser.add_argument("--litert", action="store_true", help="Write the entries' LiteRT files.")
    parser.add_argument("--evaluate", action="store_true", help="Measure the entries.")
    parser.add_argument("--data", action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--count", type=int, default=1000, help="Pictures measured (1000).")
    arguments = parser.parse_args()
    # An installed package would have the entries of another checkout rewritten.
    if zoo_folder() != CHECKOUT / "zoo":
        sys.exit(
            f"The installed kerasgan has its zoo in {zoo_folder()}, not in {CHECKOUT / 'zoo'}: "
            f"set PYTHONPATH={CHECKOUT}"
        )
    if arguments.litert:
        write_litert_files(arguments.entries or zoo.list())
    if arguments.evaluate:
        data = dict(each.split("=", 1) for each in arguments.data)
        measure(arguments.entries or zoo.list(), data, arguments.count)
    build()


def write_litert_files(names: list[str]) -> None:
    """Writes the LiteRT files of entries."""
    import_tensorflow_quietly()
    from kerasgan.export import export_litert
    from kerasgan.zoo.entry_files import LITERT

    total = 0
    for name in names:
        entry = zoo.find(name)
        model = zoo.load(name)
        with hidden_stderr():
            folder = export_litert(model, entry / LITERT, name=name, force=True)
        write_checksums(entry)
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{name}: {size:,} bytes", flush=True)
        total += size
    print(f"{total:,} bytes in all")


def measure(names: list[str], data: dict[str, str], count: int) -> None:
    """Measures entries and keeps the measures in them."""
    import_tensorflow_quietly()
    from kerasgan.zoo.evaluator import evaluate
    from kerasgan.zoo.quality import record_quality

    for name in names:
        keys = [key for key in data if name.startswith(key)]
        if not keys:
            sys.exit(f"Give the images of {name}: --data {name.split('_')[0]}=PATH")
        print(f"Measuring {name} ...", flush=True)
        path = data[max(keys, key=len)]
        (evaluation,) = evaluate([name], path, count=count, progress=True).values()
        record_quality(zoo.find(name), evaluation)
        write_checksums(zoo.find(name))


def build() -> None:
    """Writes the cards, the README's table and the file of all results."""
    folders = [zoo.find(name) for name in zoo.list()]
    results = {}
    for folder in folders:
        write_card(folder)
        write_checksums(folder)
        metrics = json.loads((folder / METRICS).read_text(encoding="utf-8"))
        if "quality" in metrics:
            results[folder.name] = metrics["quality"]
    write_text(RESULTS, json.dumps(results, indent=1) + "\n")
    text, found = _TABLE.subn(
        rf"\g<1>\n{zoo_table(folders)}\n\g<2>", README.read_text(encoding="utf-8")
    )
    if not found:
        sys.exit(f"{README} has no place for the table between <!-- zoo --> and <!-- /zoo -->")
    write_text(README, text)
    print(f"{len(folders)} entries, {len(results)} of them measured")


if __name__ == "__main__":
    main()
