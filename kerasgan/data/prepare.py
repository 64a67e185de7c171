"""Getting a data set ready to train on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kerasgan.data.sources.casia import describe, prepare_casia
from kerasgan.data.sources.catalog import DataSet, data_set
from kerasgan.errors import UserError
from kerasgan.files import check_writable


@dataclass(frozen=True)
class Prepared:
    """A data set that is ready.

    Attributes:
        path: What to pass by `--data`; None if it is found without.
        contents: What it holds, in words.
        problems: What was passed over, a line for each.
    """

    path: Path | None
    contents: str
    problems: tuple[str, ...] = ()


def prepare(
    name: str,
    *,
    data: Path | None = None,
    out: Path | None = None,
    characters: int | str | None = None,
    progress: bool = False,
) -> Prepared:
    """Downloads or converts a data set, or checks one that is ready as it is.

    Args:
        name: As the catalog has it, or `tfds:NAME`.
        data: Where its files are; not for data sets that are downloaded.
        out: Where it is put; not for data sets that are used where they are. None for where
            TensorFlow Datasets keeps those that it downloads.
        characters: Of `casia`, see `prepare_casia`.
        progress: Whether to show progress bars on stderr.

    Raises:
        UserError: There is no such data set, an argument is missing or not for this one, or it
            cannot be read, downloaded or written.
    """
    chosen = _chosen(name)
    if characters is not None and name != "casia":
        raise UserError(f"{name} has no characters to choose: leave out --characters")
    if chosen.source.startswith("tfds:"):
        if data is not None:
            raise UserError(
                f"{name} is downloaded: leave out --data, and say where to by --out DIR"
            )
        return _downloaded(chosen, out)
    if data is None:
        raise UserError(f"say where {name} is by --data PATH. {chosen.get}")
    if name == "casia" and out is not None:
        return _casia(data, out, characters, progress)
    if characters is not None:
        raise UserError("the characters are chosen when .gnt files are converted: give --out DIR")
    if out is not None:
        raise UserError(f"{name} needs no conversion and stays where it is: leave out --out")
    return Prepared(data, _contents(chosen.source, data))


def _chosen(name: str) -> DataSet:
    if name.startswith("tfds:"):
        return DataSet(name=name, source=name, what="", size="", labels="", get="")
    return data_set(name)


def _downloaded(chosen: DataSet, out: Path | None) -> Prepared:
    from kerasgan.data.sources.tfds_source import tfds_splits

    if out is not None:
        check_writable(out)
    splits = tfds_splits(chosen.source.removeprefix("tfds:"), out)
    counts = ", ".join(f"{count:,} {split}" for split, count in splits.items())
    return Prepared(out, f"{counts} images")


def _casia(data: Path, out: Path, characters: int | str | None, progress: bool) -> Prepared:
    prepared = prepare_casia(data, out, characters=characters, progress=progress)
    counts = ", ".join(f"{count:,} {split}" for split, count in sorted(prepared.images.items()))
    contents = f"{counts} images of {len(prepared.characters):,} characters"
    if prepared.left_out:
        contents += f"; {prepared.left_out:,} of other characters left out"
    problems = [f"{name} is a copy of another file" for name in prepared.repeated]
    problems += [describe(record) for record in prepared.bad]
    return Prepared(out, contents, tuple(problems))


def _contents(source: str, data: Path) -> str:
    from kerasgan.data.load import open_source

    _, found = open_source(source, data)
    return "; ".join([f"{found.count:,} images", *_label_sets(found.class_names)])


def _label_sets(class_names: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for label_set, names in class_names.items():
        shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
        yield f"{label_set}: {len(names):,} classes ({shown})"
