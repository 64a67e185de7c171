"""Ids of paintings, which become names of files."""

import re

# The site's are 24 hexadecimal digits, older ones decimal; neither these nor UUIDs can be a path, a
# device of Windows, or two names of one file on a disk blind to case.
_SAFE_ID = re.compile(r"[0-9a-f][0-9a-f-]{0,63}", re.ASCII)


def is_safe_id(text: str) -> bool:
    """Tells whether an id, wherever it comes from, can be the name of a file in any folder."""
    return _SAFE_ID.fullmatch(text) is not None
