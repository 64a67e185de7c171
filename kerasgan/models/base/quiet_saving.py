"""SavedModels without what TensorFlow says about them."""

import contextlib
import logging
from collections.abc import Iterator


@contextlib.contextmanager
def quiet_saving() -> Iterator[None]:
    """Hides TensorFlow's line on where a SavedModel was written.

    Models are saved into folders that are renamed or go away, so the line misleads.
    """
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
