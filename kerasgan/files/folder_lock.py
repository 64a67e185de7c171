"""One process at a time in a folder."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from kerasgan.errors import UserError
from kerasgan.files.atomic import check_writable

LOCK_FILE = ".lock"
"""The name of the file in a folder that is locked while a process works there."""

_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP)


@contextlib.contextmanager
def folder_lock(folder: Path, *, busy: str) -> Iterator[None]:
    """Makes a folder, and keeps other processes out of it while the block runs.

    The operating system releases the lock when the process ends, however it ends. The file
    `LOCK_FILE` is removed at the end; one that a killed process left behind locks nothing. On a
    disk that does not support locks (some network disks) no process is kept out, and the file
    stays. Folders that were made here and are still empty at the end are removed.

    Args:
        folder: The folder.
        busy: The message for a process that is kept out.

    Raises:
        UserError: Another process holds the lock, or the folder cannot be made or written to.
    """
    # `Path.exists` raises an error where a folder above may not be searched.
    made = [p for p in (folder, *folder.parents) if not os.path.exists(p)]  # noqa: PTH110
    check_writable(folder)
    lock = FileLock(folder / LOCK_FILE)
    try:
        _acquire(lock, busy)
        try:
            yield
        finally:
            if lock.is_locked:
                # Windows removes no open file, so there the library does it after the release.
                with contextlib.suppress(OSError):
                    Path(lock.lock_file).unlink()
                lock.release()
    finally:
        with contextlib.suppress(OSError):
            for each in made:
                each.rmdir()


def _acquire(lock: FileLock, busy: str) -> None:
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise UserError(busy) from None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise UserError(f"Cannot lock {lock.lock_file}: {error.strerror or error}") from error
