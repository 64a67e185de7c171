"""Opening regular files, not pipes or devices."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


def open_regular(path: str | Path) -> BufferedReader:
    """Opens a regular file for reading bytes.

    Opening a named pipe waits until someone writes to it, and a device such as `/dev/zero` never
    ends.

    Raises:
        OSError: There is no such file, it cannot be read, or it is not a regular file; `strerror`
            says which.
    """
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 (a name may be bytes that are not UTF-8)
    except ValueError as error:  # a NUL, or characters that no file system takes
        raise OSError(errno.EINVAL, f"not a file name ({error})", str(path)) from None
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "something else")
        raise OSError(errno.EINVAL, f"it is {kind}, not a file", str(path))
    return Path(path).open("rb")


def read_text(path: str | Path) -> str:
    """Returns the text of a UTF-8 file, without the byte order mark that some editors write.

    Raises:
        OSError: See `open_regular`.
        UnicodeDecodeError: It is not UTF-8.
    """
    with open_regular(path) as file:
        return file.read().decode("utf-8-sig")
