"""Where a command writes: what `--out` names, or the first free name of its default."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kerasgan.errors import UserError


class Output:
    """The file or folder that a command writes.

    Without `--out` it is made under another name, and takes the first name that is free once it is
    complete. So a second command at the same moment takes the next one.

    Args:
        out: What `--out` names; `None` where it is not given.
        default: The name in the folder of now that is taken instead, with a number where it exists.

    Attributes:
        path: What `--out` names, or a name that is free now; after `writing`, what was written.
    """

    def __init__(self, out: Path | None, default: str) -> None:
        from kerasgan.drawing.overwriting import free_name

        self.path = free_name(default) if out is None else out
        self._default = Path(default) if out is None else None

    @contextlib.contextmanager
    def writing(self) -> Iterator[Path]:
        """Yields the path to write to. If the block fails, nothing takes the default's name.

        Raises:
            UserError: The folder of now cannot be written to.
        """
        from kerasgan.drawing.overwriting import move_to_free_name

        if self._default is None:
            yield self.path
            return
        try:
            place = tempfile.TemporaryDirectory(prefix=".kerasgan-", dir=Path())
        except OSError as error:
            raise UserError(f"Cannot write {self.path}: {error.strerror or error}") from None
        with place as folder:
            made = Path(folder) / self._default
            try:
                yield made
            except UserError as error:
                raise UserError(str(error).replace(str(made), str(self.path))) from error
            self.path = move_to_free_name(made, self._default)
