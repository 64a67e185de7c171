"""The source "imagefolder": images and a table of them, as Hugging Face lays them out."""

from collections.abc import Sequence
from pathlib import Path

from kerasgan.data.sources.file_tree import file_tree
from kerasgan.data.sources.folder_split import images_of_split
from kerasgan.data.sources.image_table import TABLES, Row, read_table
from kerasgan.data.sources.source import Source
from kerasgan.errors import UserError

# A column of more different values is a caption or a number, not a class.
_MOST_CLASSES = 10_000


def image_folder(argument: str, path: Path | None, split: str) -> Source:
    """Returns the images that `metadata.jsonl` or `metadata.csv` lists, with its columns as labels.

    The table lies in the folder, or there is one in each of several folders inside. Its column
    `file_name` is the path of an image from where the table lies. Each other column that holds
    words, integers or lists of these is a label set of the column's name; of a list, the first
    counts. See https://huggingface.co/docs/datasets/image_dataset. Images that no table lists are
    left out; of lines that list the same image, the first counts.

    Args:
        argument: What followed `imagefolder:`; must be empty.
        path: The folder or the zip; see `file_tree`.
        split: The folder of a data set laid out in splits, see `images_of_split`; `"train"` is
            all images of one that is not.

    Raises:
        UserError: There is no such path, it holds no table, or tables of both kinds, a line of
            one is wrong or leads out of the folder, there is no such split, or an argument was
            given.
    """
    if argument:
        raise UserError(
            'source "imagefolder" takes no name: pass its folder or zip by --data PATH. '
            f'Received: "imagefolder:{argument}"'
        )
    tree = file_tree(path, source="imagefolder")
    tables = [name for name in tree.names if name.split("/")[-1] in TABLES]
    if not tables:
        raise UserError(
            f"{path} has no {' or '.join(TABLES)}: pass the folder that holds it by --data PATH, "
            'or use the source "images", which takes the folders of the images for their classes'
        )
    if len({name.split("/")[-1] for name in tables}) > 1:
        raise UserError(f"{path} has both {' and '.join(TABLES)}: remove the one or the other")
    rows: dict[str, Row] = {}
    for table in tables:
        for name, row in read_table(tree, table):
            rows.setdefault(name, row)
    if not rows:
        raise UserError(f"{path}: {tables[0]} lists no image")
    names = images_of_split(sorted(rows), split, where=tree.where)
    columns = dict.fromkeys(column for name in names for column in rows[name])
    values = {column: [rows[name].get(column) for name in names] for column in columns}
    classes = {column: _classes(each) for column, each in values.items()}
    # A column may say nothing of the images of a split.
    known = {column: each for column, each in classes.items() if {*each} - {None}}
    return tree.source(names, known, also_read=tables)


def _classes(values: Sequence[str | int | float | None]) -> Sequence[str | int | None]:
    """Returns a column as classes, nothing if it is none."""
    known = {value for value in values if value is not None}
    if len(known) > _MOST_CLASSES or any(isinstance(value, float) for value in known):
        return []
    if all(isinstance(value, int) for value in known):
        return values
    return [None if value is None else str(value) for value in values]
