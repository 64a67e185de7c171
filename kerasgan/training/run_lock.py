"""One training at a time in a run folder."""

from contextlib import AbstractContextManager
from pathlib import Path

from kerasgan.folder_lock import folder_lock


def run_lock(folder: Path) -> AbstractContextManager[None]:
    """Makes a folder, and keeps other processes from training in it while the block runs.

    Raises:
        UserError: Another process trains there, or the folder cannot be made or written to.
    """
    busy = f"Another process is training in {folder}; let it end, or give another folder with --out"
    return folder_lock(folder, busy=busy)
