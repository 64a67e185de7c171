"""Where what takes long to make is kept."""

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Returns `$KERASGAN_CACHE`, or else the platform's cache folder; it need not exist yet."""
    default = platformdirs.user_cache_dir("kerasgan", appauthor=False)
    return Path(os.environ.get("KERASGAN_CACHE") or default)
