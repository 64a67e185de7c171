"""A checksum in the file that it is the checksum of."""

import hashlib

# HDF5 leaves the first 512 bytes of a file to its user and looks for its own beginning after them,
# so Keras and other programs read a sealed file as it is. The checksum cannot be lost or be
# another file's, as one beside the file could after a kill.
_BYTES = 512
_HDF5 = b"\x89HDF\r\n\x1a\n"


def sealed(content: bytes) -> bytes:
    """Returns an HDF5 file, given as bytes, with its SHA-256 checksum before it."""
    return _seal(content) + content


def unsealed(data: bytes) -> tuple[bytes, bool]:
    """Returns the HDF5 file that `sealed` was given, and whether it was verified.

    It was not where it never had a seal: files from before there were seals begin with HDF5's own
    signature, which no damaged seal resembles.

    Raises:
        ValueError: The file is damaged.
    """
    if data.startswith(_HDF5):
        return data, False
    content = data[_BYTES:]
    if data[:_BYTES] != _seal(content):
        raise ValueError("its checksum differs")
    return content, True


def _seal(content: bytes) -> bytes:
    text = f"checkpoint of kerasgan\nsha256 of the rest: {hashlib.sha256(content).hexdigest()}\n"
    return text.encode("ascii").ljust(_BYTES, b"\0")
