"""Features that are computed once."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from kerasgan.data.cache_folder import cache_folder
from kerasgan.files import atomic_write

# Raise it whenever the same images come to other features.
_FORMAT = 1


class FeatureCache:
    """A `.npy` of features beside the decoded images that they are of.

    Args:
        folder: Where; None for `$KERASGAN_CACHE`, else the platform's cache folder.
        identity: JSON-able: the images, and all that their features depend on.
    """

    def __init__(self, folder: str | Path | None, identity: Any) -> None:
        folder = cache_folder() if folder is None else Path(folder)
        encoded = json.dumps(["features", _FORMAT, identity], sort_keys=True)
        key = hashlib.sha256(encoded.encode()).hexdigest()[:32]
        self.path = folder / f"{key}.features.npy"

    def read(self) -> np.ndarray | None:
        """Returns the features, or None if they are not there whole."""
        try:
            return np.load(self.path, allow_pickle=False)
        except (OSError, ValueError):
            return None

    def write(self, features: np.ndarray) -> None:
        """Keeps the features.

        Raises:
            UserError: The folder cannot be written, or the disk is full.
        """
        with atomic_write(self.path) as file:
            np.save(file, features)
