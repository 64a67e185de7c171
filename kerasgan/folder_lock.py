"""One process at a time in a folder."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from kerasgan.errors import UserError
from kerasgan.files import check_writable

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


@contextlib.contextmanager
def folder_lock(folder: Path, *, busy: str) -> Iterator[None]:
    """Makes a folder, and keeps other processes out of it while the block runs.

    The lock is on the folder itself and dies with the process, so there is no file to clean up
    after a kill. Where folders cannot be locked (Windows, some network disks) it holds nobody
    off. A folder that was made here and is still empty at the end is removed.

    Args:
        folder: The folder.
        busy: What to say to the process that is held off.

    Raises:
        UserError: Another process holds the lock, or the folder cannot be made or written to.
    """
    is_new = not folder.exists()
    check_writable(folder)
    try:
        with contextlib.ExitStack() as stack:
            if fcntl is not None:
                descriptor = os.open(folder, os.O_RDONLY)
                stack.callback(os.close, descriptor)
                _lock(descriptor, busy)
            yield
    finally:
        if is_new:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _lock(descriptor: int, busy: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UserError(busy) from None
    except OSError:
        # A disk without locks.
        return
