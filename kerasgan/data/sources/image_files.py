"""The sources "images" and "imagefolder": the user's own images, in a folder or a zip."""

from collections.abc import Sequence
from pathlib import Path

from kerasgan.data.skipped import SkippedFile
from kerasgan.data.sources.file_names import composed, decoded
from kerasgan.data.sources.files_at import files_at
from kerasgan.data.sources.folder_split import images_of_split, left_out_of_training
from kerasgan.data.sources.gnt import is_gnt_name
from kerasgan.data.sources.image_table import TABLES, Row, read_table
from kerasgan.data.sources.source import Source
from kerasgan.errors import UserError

# A column with more different values holds captions or numbers, not classes.
_MOST_CLASSES = 10_000


def image_files(path: Path | None, split: str) -> Source:
    """Returns the image files under `path`, sorted by their names.

    If the images lie in at least two folders side by side, these folders are the classes of the
    label set `"folder"`, whatever folders they have inside. A folder around all images is none.

    Args:
        path: The folder or the zip; see `files_at`.
        split: The folder of the split, see `images_of_split`; `"train"` is all images if there are
            no splits.

    Raises:
        UserError: There is no such path, it is not a folder or zip, or it has no images or no such
            split.
    """
    tree = files_at(path, source="images")
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
    list counts. An empty value, NaN, NA, N/A or null is none. Of words, spaces around them and the
    form of their Unicode do not count. Images that no table lists are left out; if several lines
    list an image, the first one counts. See https://huggingface.co/docs/datasets/image_dataset.

    Args:
        path: The folder or the zip; see `files_at`.
        split: The folder of the split, see `images_of_split`; `"train"` is all images if there are
            no splits.

    Raises:
        UserError: There is no such path or split, the folder has no table or tables of both kinds,
            or a line of a table is wrong or leads out of the folder.
    """
    tree = files_at(path, source="imagefolder")
    tables = [name for name in tree.names if name.split("/")[-1] in TABLES]
    if not tables:
        raise UserError(
            f"{path} has no {' or '.join(TABLES)}: pass path=FOLDER with the folder that has one, "
            'or use the source "images", which takes the folders of the images for their classes'
        )
    if len({name.split("/")[-1] for name in tables}) > 1:
        raise UserError(f"{path} has both {' and '.join(TABLES)}: remove one of them")
    rows: dict[str, Row] = {}
    for table in tables:
        for name, row in read_table(tree, table):
            rows.setdefault(tree.name_of(name), row)
    if not rows:
        raise UserError(f"{path}: {tables[0]} lists no image")
    names = images_of_split(sorted(rows), split, where=tree.where)
    columns = dict.fromkeys(column for name in names for column in rows[name])
    values = {column: [rows[name].get(column) for name in names] for column in columns}
    reasons = {column: _why_no_classes(each) for column, each in values.items()}
    classes = {column: _as_classes(each) for column, each in values.items() if not reasons[column]}
    left_out = [
        SkippedFile(name, f"not listed in {tables[0].split('/')[-1]}")
        for name in tree.images
        if name not in rows
    ]
    left_out += left_out_of_training(sorted(rows), split)
    return tree.source(
        names,
        classes,
        also_read=tables,
        left_out=left_out,
        no_label_sets={column: reason for column, reason in reasons.items() if reason},
    )


def _folders_as_classes(names: Sequence[str]) -> dict[str, Sequence[str]]:
    """Returns the folder of each image as its class, or nothing if the folders are not classes."""
    folders = [name.split("/")[:-1] for name in names]
    # Zips often have one folder around all images, which is not a class.
    for level in range(min(map(len, folders))):
        classes = [composed(decoded(parts[level])) for parts in folders]
        if len(set(classes)) > 1:
            return {"folder": classes}
    return {}


def _why_no_classes(values: Sequence[str | int | float | None]) -> str:
    """Returns why the values of a column are not classes, or "" if they are."""
    known = {value for value in values if value is not None}
    if not known:
        return "has neither words nor integers"
    fractions = [value for value in known if isinstance(value, float)]
    if fractions and not any(isinstance(value, str) for value in known):
        return f"has numbers that are no integers, such as {min(fractions):g}"
    if len(known) > _MOST_CLASSES:
        return f"has {len(known):,} different values, more than {_MOST_CLASSES:,}"
    return ""


def _as_classes(values: Sequence[str | int | float | None]) -> Sequence[str | int | None]:
    """Returns the values of a column as classes: integers, or words if one of them is a word."""
    if any(isinstance(value, str) for value in values):
        return [None if value is None else str(value) for value in values]
    return [None if value is None else int(value) for value in values]
