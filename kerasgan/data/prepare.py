"""Preparing a data set for training."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kerasgan.data.sources.casia import describe, prepare_casia
from kerasgan.data.sources.catalog import DataSet, data_set
from kerasgan.errors import UserError
from kerasgan.files.atomic import check_writable


@dataclass(frozen=True)
class Prepared:
    """A data set that is ready.

    Attributes:
        path: The path to train on; None for the folder of TensorFlow Datasets.
        contents: A description of its contents.
        problems: The parts that were left out and why, one line each.
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
        name: A name of the catalog, or `tfds:NAME`.
        data: The folder or file of the data set; None for data sets that are downloaded.
        out: The folder for a data set that is downloaded or converted; None for the folder of
            TensorFlow Datasets.
        characters: The characters of `casia`; see `prepare_casia`.
        progress: Whether to show progress bars on stderr.

    Raises:
        UserError: There is no such data set, an argument is missing or does not apply to it, or
            the data set cannot be read, downloaded or written.
    """
    chosen = _chosen(name)
    if characters is not None and name != "casia":
        raise UserError(f"{name} has no characters to choose: leave out characters={characters!r}")
    if chosen.source.startswith("tfds:"):
        if data is not None:
            raise UserError(
                f"{name} is downloaded: leave out data={data}, and pass out=DIR with its folder"
            )
        return _downloaded(chosen, out)
    if data is None:
        raise UserError(f"{name} must be on this machine: pass data=PATH. {chosen.get}")
    if name == "casia" and out is not None:
        return _casia(data, out, characters, progress)
    if characters is not None:
        raise UserError("characters are chosen when .gnt files are converted: pass out=DIR")
    if out is not None:
        raise UserError(f"{name} is used where it is, without conversion: leave out out={out}")
    return _as_it_is(chosen.source, data)


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


def _as_it_is(source: str, data: Path) -> Prepared:
    from kerasgan.data.load import open_source

    _, found = open_source(source, data)
    unread = "picture files, not read yet" if found.has_files else "images"
    contents = "; ".join([f"{found.count:,} {unread}", *_label_sets(found.class_names)])
    return Prepared(data, contents, tuple(f"{each.path}: {each.reason}" for each in found.left_out))


def _label_sets(class_names: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for label_set, names in class_names.items():
        shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
        yield f"{label_set}: {len(names):,} classes ({shown})"
