"""A picture that libvips saves while it is drawn."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pyvips


def save_stream(stream: Iterator[bytes], save: Callable[[pyvips.Image], None]) -> None:
    """Saves a picture that comes as a stream of an image file's bytes.

    Neither the stream nor the picture need fit in memory: libvips asks for bytes as it writes.

    Args:
        stream: The bytes. It is drawn from in threads of libvips, by one at a time.
        save: Saves an image that can be read once, from the top downwards.

    Raises:
        pyvips.Error: The image cannot be saved.
        Exception: Whatever `stream` raises.
    """
    reader = _Reader(stream)
    source = pyvips.SourceCustom()
    source.on_read(reader.read)

    def run() -> None:
        save(pyvips.Image.new_from_source(source, "", access="sequential", fail_on="error"))

    try:
        # In this thread Ctrl-C would wait for libvips to return, which is when all is drawn.
        with ThreadPoolExecutor(1, "saving") as thread, contextlib.closing(reader):
            thread.submit(run).result()
    except BaseException:
        if reader.error is not None:
            raise reader.error from None
        raise


class _Reader:
    """Reads a stream in pieces of any length.

    A read is called from C, which no exception passes: the picture ends there, which libvips takes
    for an error, and `error` keeps what happened.
    """

    def __init__(self, stream: Iterator[bytes]) -> None:
        self.error: BaseException | None = None
        self._stream = stream
        self._left = memoryview(b"")
        self._closed = False

    def close(self) -> None:
        """Ends the stream."""
        self._closed = True

    def read(self, length: int) -> bytes:
        """Returns at most `length` bytes; none at the end."""
        try:
            while not self._left and not self._closed:
                piece = next(self._stream, None)
                if piece is None:
                    break
                self._left = memoryview(piece)
        except BaseException as error:
            self.error = error
            self._closed = True
        if self._closed:
            return b""
        piece, self._left = self._left[:length], self._left[length:]
        return bytes(piece)
