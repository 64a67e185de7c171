"""The folders in which TensorFlow Datasets keeps data sets that are prepared."""

import os
from pathlib import Path

from kerasgan.files.user_path import user_path

# The file of a prepared data set that TFDS writes last.
LAST_FILE = "dataset_info.json"


def is_on_disk(name: str, path: Path | None) -> bool:
    """Tells whether a folder of prepared data sets has one, in any version.

    Args:
        name: The name in TFDS, which may include a configuration and a version.
        path: The folder of prepared data sets (`data_dir`); None for TFDS's default, which is
            `TFDS_DATA_DIR` or `~/tensorflow_datasets`.
    """
    if path is None:
        path = user_path(os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets")
    folder = path / name_alone(name)
    # Between the data set and its files there are its version and perhaps its configuration.
    return any(any(folder.glob(f"{depth}/{LAST_FILE}")) for depth in ("*", "*/*"))


def name_alone(name: str) -> str:
    """Returns the name of a TFDS data set without its configuration and version."""
    return name.split("/")[0].split(":")[0]
