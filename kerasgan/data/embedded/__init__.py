"""Image sets small enough to travel inside the package; NOTICE.md says whose they are."""

from pathlib import Path

from kerasgan.errors import UserError

_FOLDER = Path(__file__).parent


def embedded_images(name: str = "creatures") -> Path:
    """Returns the path of the zip file that holds an embedded image set.

    `"creatures"` is 125 drawings of animals, monsters and plants from Google's Noto Emoji: PNG,
    64x64 pixels, transparent background, stored as `creatures/<unicode name>.png`.

    Args:
        name: The image set. Defaults to `"creatures"`, the only one so far.

    Raises:
        UserError: No set of that name is embedded; the message lists those that are.

    Example:
        >>> embedded_images().name
        'creatures.zip'
    """
    known = {path.stem: path for path in sorted(_FOLDER.glob("*.zip"))}
    if name not in known:
        raise UserError(f"name must be one of {', '.join(known)}. Received: name={name!r}")
    return known[name]
