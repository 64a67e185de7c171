"""The files that are left out of an image set, and their summary."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kerasgan.errors import shortened, shortened_message

# The largest number of files that a line of the summary names.
_NAMED = 3


@dataclass(frozen=True)
class SkippedFile:
    """A file that is left out of an image set.

    Attributes:
        path: The name of the file, relative to the folder or zip that holds it.
        reason: Why it was left out, in one line. Details stand in parentheses at its end, so that
            files can be grouped by what precedes them.
    """

    path: str
    reason: str

    @property
    def cause(self) -> str:
        """The reason without its details."""
        return self.reason.partition(" (")[0]


def skipped_summary(skipped: Sequence[SkippedFile], full_list: str) -> list[str]:
    """Returns lines that count the files by the reason they were left out, and name some of each.

    Args:
        skipped: The files.
        full_list: Where all of them are named, such as `"in run.json"`, for the last line; it is
            omitted if the other lines name them all.

    Returns:
        No lines if there are no such files.
    """
    if not skipped:
        return []
    groups: dict[str, list[SkippedFile]] = {}
    for file in skipped:
        groups.setdefault(file.cause, []).append(file)
    lines = [f"Left out {len(skipped):,} {_files(skipped)}:"]
    for cause, files in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        named = ", ".join(_with_details(file) for file in files[:_NAMED])
        more = f" and {len(files) - _NAMED:,} more" if len(files) > _NAMED else ""
        lines.append(f"  {len(files):,} {cause}: {named}{more}")
    if any(len(files) > _NAMED for files in groups.values()):
        lines.append(f"All of them are listed {full_list}.")
    return lines


def skipped_list(skipped: Iterable[SkippedFile]) -> list[str]:
    """Returns a line for each file: its name and the reason."""
    return [shortened_message(f"{file.path}: {file.reason}") for file in skipped]


def _files(files: Sequence[SkippedFile]) -> str:
    return "file" if len(files) == 1 else "files"


def _with_details(file: SkippedFile) -> str:
    # Names that are not UTF-8 could not be printed.
    return shortened(shortened_message(file.path + file.reason[len(file.cause) :]))
