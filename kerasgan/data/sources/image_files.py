"""The sources "images" and "imagefolder": the user's own images, in a folder or a zip."""

from collections.abc import Sequence
from pathlib import Path

from kerasgan.data.skipped import SkippedFile
from kerasgan.data.sources.file_tree import composed, file_tree
from kerasgan.data.sources.folder_split import images_of_split, left_out_of_training
from kerasgan.data.sources.gnt import is_gnt_name
from kerasgan.data.sources.image_table import TABLES, Row, read_table
from kerasgan.data.sources.source import Source
from kerasgan.errors import UserError

# A column with more different values holds captions or numbers, not classes.
_MOST_CLASSES = 10_000


def image_files(path: Path | None, split: str) -> Source:
    """Returns the image files under `path`, sorted by their names.

    If all images lie in folders of the same depth, and in at least two folders of different names,
    these folders are the classes of the label set `"folder"`.

    Args:
        path: The folder or the zip; see `file_tree`.
        split: The folder of the split, see `images_of_split`; `"train"` is all images if there are
            no splits.

    Raises:
        UserError: There is no such path, it is not a folder or zip, or it has no images or no such
            split.
    """
    tree = file_tree(path, source="images")
    if not tree.images and any(map(is_gnt_name, tree.names)):
        raise UserError(
            f"{path} has .gnt files and no images: convert them with "
            f"kerasgan data prepare casia --data {path} --out DIR, and pass path=DIR"
        )
    tree.check_has_pictures()
    names = images_of_split(tree.images, split, where=tree.where)
    left_out = left_out_of_training(tree.images, split)
    return tree.source(names, _folders_as_classes(names), left_out=left_out)


def image_folder(path: Path | None, split: str) -> Source:
    """Returns the images that `metadata.jsonl` or `metadata.csv` lists, with its columns as labels.

    The table lies in the folder, or there is one in each of several folders inside. Its column
    `file_name` has the paths of the images, relative to the table. Each other column that holds
    words, integers or lists of these is a label set named like the column; the first value of a
    list counts. See https://huggingface.co/docs/datasets/image_dataset. Images that no table lists
    are left out; if several lines list an image, the first one counts.

    Args:
        path: The folder or the zip; see `file_tree`.
        split: The folder of the split, see `images_of_split`; `"train"` is all images if there are
            no splits.

    Raises:
        UserError: There is no such path or split, the folder has no table or tables of both kinds,
            or a line of a table is wrong or leads out of the folder.
    """
    tree = file_tree(path, source="imagefolder")
    tables = [name for name in tree.names if name.split("/")[-1] in TABLES]
    if not tables:
        raise UserError(
            f"{path} has no {' or '.join(TABLES)}: pass path=FOLDER with the folder that has one, "
            'or use the source "images", which takes the folders of the images for their classes'
        )
    if len({name.split("/")[-1] for name in tables}) > 1:
        raise UserError(f"{path} has both {' and '.join(TABLES)}: remove one of them")
    # macOS writes the names of files in another form of Unicode than people write tables in.
    written = {composed(name): name for name in tree.names}
    rows: dict[str, Row] = {}
    for table in tables:
        for name, row in read_table(tree, table):
            rows.setdefault(written.get(composed(name), name), row)
    if not rows:
        raise UserError(f"{path}: {tables[0]} lists no image")
    names = images_of_split(sorted(rows), split, where=tree.where)
    columns = dict.fromkeys(column for name in names for column in rows[name])
    values = {column: [rows[name].get(column) for name in names] for column in columns}
    classes = {column: _column_as_classes(each) for column, each in values.items()}
    # A column may be empty for all images of a split.
    known = {column: each for column, each in classes.items() if {*each} - {None}}
    left_out = [
        SkippedFile(name, f"not listed in {tables[0].split('/')[-1]}")
        for name in tree.images
        if name not in rows
    ]
    left_out += left_out_of_training(sorted(rows), split)
    return tree.source(names, known, also_read=tables, left_out=left_out)


def _folders_as_classes(names: Sequence[str]) -> dict[str, Sequence[str]]:
    """Returns the folder of each image as its class, or nothing if the folders are not classes."""
    equally_deep = len({name.count("/") for name in names}) == 1
    if not equally_deep or "/" not in names[0]:
        return {}
    folders = [composed(name.split("/")[-2]) for name in names]
    # Zips often have one folder around all images, which is not a class.
    return {"folder": folders} if len(set(folders)) > 1 else {}


def _column_as_classes(values: Sequence[str | int | float | None]) -> Sequence[str | int | None]:
    """Returns a column as classes, or nothing if its values are not classes."""
    known = {value for value in values if value is not None}
    if len(known) > _MOST_CLASSES or any(isinstance(value, float) for value in known):
        return []
    if all(isinstance(value, int) for value in known):
        return [None if value is None else int(value) for value in values]
    return [None if value is None else str(value) for value in values]
