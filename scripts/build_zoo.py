"""Regenerates what is derived from the zoo's entries: their cards and the README's table.

Run it after editing the prose (`notes.md`) of an entry: python scripts/build_zoo.py
"""

import re
import sys
from pathlib import Path

from kerasgan import zoo
from kerasgan.files import write_text
from kerasgan.recipes.shipped import zoo_folder
from kerasgan.zoo.card import write_card, zoo_table
from kerasgan.zoo.checksums import write_checksums

CHECKOUT = Path(__file__).resolve().parent.parent
README = CHECKOUT / "README.md"
_TABLE = re.compile(r"(<!-- zoo -->\n).*?(\n<!-- /zoo -->)", re.DOTALL)


def main() -> int:
    # An installed package would have the entries of another checkout rewritten.
    if zoo_folder() != CHECKOUT / "zoo":
        sys.exit(
            f"The installed kerasgan has its zoo in {zoo_folder()}, not in {CHECKOUT / 'zoo'}: "
            f"set PYTHONPATH={CHECKOUT}"
        )
    folders = [zoo.find(name) for name in zoo.list()]
    for folder in folders:
        write_card(folder)
        write_checksums(folder)
    text, found = _TABLE.subn(
        rf"\g<1>\n{zoo_table(folders)}\n\g<2>", README.read_text(encoding="utf-8")
    )
    if not found:
        sys.exit(f"{README} has no place for the table between <!-- zoo --> and <!-- /zoo -->")
    write_text(README, text)
    print(f"{len(folders)} entries")
    return 0


if __name__ == "__main__":
    sys.exit(main())
