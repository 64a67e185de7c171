"""A recipe for data other than its own: any folder or zip of pictures."""

from pathlib import Path

import msgspec

from kerasgan.data.load import open_source
from kerasgan.data.lost_colours import lost_colours_summary
from kerasgan.data.sources.image_table import TABLES
from kerasgan.data.sources.recognition import recognized_source
from kerasgan.data.sources.source import Source
from kerasgan.data.sources.wikiart_source import is_prepared
from kerasgan.errors import UserError, shortened
from kerasgan.files.user_path import user_path
from kerasgan.recipes.objective import objective_of
from kerasgan.recipes.recipe import DataSection, Recipe

# The accuracy on fewer images says nothing, and of small sets every picture is needed.
_FEWEST_HELD_OUT = 10


def recipe_for_data(recipe: Recipe, data: str | Path | None = None) -> Recipe:
    """Returns a recipe that trains on what lies at a path, whatever data it was written for.

    If those are the recipe's own data, or there is no path, it is the recipe itself. Otherwise
    `data.source` becomes that of the data, `"images"` for a folder or zip of pictures, and what
    belongs to the recipe's own data is replaced:

    - if the recipe learns classes, they are those of the data: the subfolders of a folder, or else
      the column of a table beside the pictures that has the fewest; a part is held out only if that
      is at least ten pictures;
    - if it only chooses images by their classes, it takes all of them;
    - pictures are not turned upside down.

    Args:
        recipe: The recipe.
        data: Folder or file of the data; by default the recipe's.

    Raises:
        UserError: There is nothing to train on at the path, the recipe learns classes and the
            pictures have none, or paintings were prepared without a class that the recipe names, or
            smaller than it draws them.
    """
    section = recipe.data
    path = data or section.path or None
    if path is None:
        return recipe
    path = user_path(path)
    learns = learns_classes(recipe)
    source = recognized_source(path, section.source, section.classes)
    if source == section.source and not (learns and source == "images"):
        if is_prepared(path):
            prepared = open_source(source, path, section.split)[1]
            _check_is_large_enough(prepared, section)
            _check_has_classes(prepared, section)
        return recipe
    found = open_source(source, path, section.split if source == section.source else "train")[1]
    if learns and not found.class_names and _has_table(found):
        listed = open_source("imagefolder", path)[1]
        if _fewest_classes(listed):
            source, found = "imagefolder", listed
    if learns and not found.class_names:
        raise UserError(
            f"{path} has no classes{_exception(found)}, and this recipe learns some: put the "
            "pictures in one subfolder per class, at least two, such as cats/1.png and dogs/1.png; "
            "or train a recipe without classes, such as fastgan or projected_gan"
        )
    if source == section.source:
        return recipe
    labels: list[str] = []
    if learns:
        has_all = all(name in found.class_names for name in section.labels)
        labels = (
            section.labels if has_all else [_fewest_classes(found) or next(iter(found.class_names))]
        )
    holds_out = labels and found.count * section.holdout >= _FEWEST_HELD_OUT
    changed = msgspec.structs.replace(
        section,
        source=source,
        split="train",
        help="",
        labels=labels,
        classes={name: section.classes[name] for name in labels if name in section.classes},
        balanced=labels[0] if section.balanced and labels else None,
        holdout=section.holdout if holds_out else 0.0,
        augmentation=msgspec.structs.replace(section.augmentation, flip_vertical=False),
    )
    return msgspec.structs.replace(recipe, data=changed)


def lost_colours(recipe: Recipe, data: str | Path | None = None) -> list[str]:
    """Returns a line that says how to keep the colours of pictures that become grey, or none.

    Args:
        recipe: A recipe for the data; see `recipe_for_data`.
        data: Folder or file of the data; by default the recipe's.
    """
    section, path = recipe.data, data or recipe.data.path or None
    if section.channels != 1 or path is None:
        return []
    _, found = open_source(section.source, user_path(path), section.split)
    # Whoever made records decided what colours they have.
    return lost_colours_summary(found.items()) if found.has_files else []


def learns_classes(recipe: Recipe) -> bool:
    """Tells whether the label sets of a recipe are learned, and not only select its images."""
    return bool(recipe.data.labels) and objective_of(recipe).takes_classes


def _check_is_large_enough(found: Source, section: DataSection) -> None:
    if (side := found.side) is not None and side < section.image_size:
        raise UserError(
            f"{found.where} was prepared at {side}x{side}, and the recipe draws pictures of "
            f"{section.image_size}x{section.image_size}: prepare it again with "
            f"kerasgan wikiart prepare PAINTINGS OUT --size {section.image_size}, or override the "
            f"recipe by data.image_size={side} (on the command line after --set)"
        )


def _check_has_classes(found: Source, section: DataSection) -> None:
    """Raises UserError if prepared paintings lack a class: many sets have other names, or fewer."""
    for name, wanted in section.classes.items():
        known = found.class_names.get(name, ())
        missing = [class_name for class_name in wanted if class_name not in known]
        if known and missing:
            raise UserError(
                f"{found.where} has no {name} {shortened(', '.join(missing), 200)}, but "
                f"{shortened(', '.join(known), 200)}: to train on all those that are there, "
                "override the recipe by data.classes={} (on the command line after --set)"
            )


def _has_table(found: Source) -> bool:
    """Tells whether a table that may have classes lies beside pictures."""
    return any(file.path.split("/")[-1] in TABLES for file in found.left_out)


def _fewest_classes(found: Source) -> str | None:
    """Returns the label set of the fewest classes, but at least two; the others may be captions."""
    counts = {name: len(classes) for name, classes in found.class_names.items()}
    return min((name for name in counts if counts[name] > 1), key=counts.__getitem__, default=None)


def _exception(found: Source) -> str:
    """Returns the end of a message that names a picture outside of the class folders, or ""."""
    by_depth = sorted((item.name for item in found.items()), key=lambda name: name.count("/"))
    first, last = by_depth[0], by_depth[-1]
    if first.count("/") == last.count("/"):
        return ""
    return f" ({shortened(first)} lies in fewer folders than {shortened(last)})"
