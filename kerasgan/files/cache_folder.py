"""The folder where what takes long to compute is kept."""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import platformdirs

from kerasgan.files.user_path import user_path

_KEY_DIGITS = 32


def cache_folder() -> Path:
    """Returns `$KERASGAN_CACHE`, or else the platform's cache folder; it need not exist yet."""
    default = platformdirs.user_cache_dir("kerasgan", appauthor=False)
    return user_path(os.environ.get("KERASGAN_CACHE") or default)


def cache_key(identity: Any) -> str:
    """Returns what the name of a cached file begins with, before a dot.

    Args:
        identity: JSON-able: all that the file's content depends on.
    """
    encoded = json.dumps(identity, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(encoded.encode()).hexdigest()[:_KEY_DIGITS]


def cached_files() -> list[Path]:
    """Returns the files in the cache folder that kerasgan wrote there, unfinished ones included.

    All of them are made again when they are needed: decoded images, indices of records, features
    of images, and the classifiers that measure.
    """
    names = re.compile(rf"[0-9a-f]{{{_KEY_DIGITS}}}[.-]")
    folder = cache_folder()
    return sorted(p for p in folder.glob("*") if names.match(p.name) and p.is_file())
