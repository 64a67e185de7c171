"""What is said of the pictures and the recipe of a training, in a plan and at its start."""

from kerasgan.data.image_set import advice_on_count
from kerasgan.data.skipped import skipped_summary
from kerasgan.precision import advice_on_precision
from kerasgan.training.resolved_run import ResolvedRun


def advice(resolved: ResolvedRun, *, listed: str) -> list[str]:
    """Returns lines on files that are left out, on few pictures and on slow arithmetic.

    Args:
        resolved: What is trained, and on what.
        listed: Where all files that are left out are listed.
    """
    images = resolved.images.all
    return [
        *skipped_summary(images.skipped, listed),
        *advice_on_count(len(images)),
        *advice_on_precision(resolved.recipe.training.precision),
    ]
