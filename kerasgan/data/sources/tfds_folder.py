"""The folders in which TensorFlow Datasets keeps data sets that are prepared."""

import fnmatch
import os
from pathlib import Path

from kerasgan.files.user_path import user_path

# The file of a prepared data set that TFDS writes last.
LAST_FILE = "dataset_info.json"


def is_on_disk(name: str, path: Path | None) -> bool:
    """Tells whether a folder of prepared data sets has one.

    Args:
        name: The name in TFDS, which may include a configuration and a version; without them, any
            will do.
        path: The folder of prepared data sets (`data_dir`); None for TFDS's default, which is
            `TFDS_DATA_DIR` or `~/tensorflow_datasets`.
    """
    _, config, version = _parts(name)
    return any(
        config in ("", found_config) and fnmatch.fnmatchcase(found_version, version or "*")
        for _, found_config, found_version in map(_parts, names_on_disk(name, path))
    )


def names_on_disk(name: str, path: Path | None) -> list[str]:
    """Returns the names, with configuration and version, that a folder has of a data set.

    Args:
        name: As in `is_on_disk`; its configuration and version do not matter.
        path: As in `is_on_disk`.
    """
    if path is None:
        path = user_path(os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets")
    folder = path / name_alone(name)
    # Between the data set and its files there are its version and perhaps its configuration.
    found = [file.parent for depth in ("*", "*/*") for file in folder.glob(f"{depth}/{LAST_FILE}")]
    return sorted(f"{each.parent.relative_to(path).as_posix()}:{each.name}" for each in found)


def name_alone(name: str) -> str:
    """Returns the name of a TFDS data set without its configuration and version."""
    return _parts(name)[0]


def _parts(name: str) -> tuple[str, str, str]:
    """Returns the name alone, the configuration and the version, "" where there is none."""
    data_set, _, version = name.partition(":")
    data_set, _, config = data_set.partition("/")
    # Arguments of the data set's own, such as size=small, may follow.
    return data_set, "" if "=" in config else config, version.split("/")[0]
