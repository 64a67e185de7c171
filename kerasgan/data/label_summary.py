"""The classes of a set of images, for people."""

import numpy as np

from kerasgan.data.image_set import ImageSet
from kerasgan.errors import shortened, shortened_message

# The largest number of classes that a line names.
_NAMED = 20


def label_summary(images: ImageSet) -> list[str]:
    """Returns a line for each label set, with its largest classes and how many images each has.

    Columns of a table that are no label set have a line too, which says why.
    """
    lines = []
    for name, class_names in images.class_names.items():
        labels = images.labels[name]
        counts = np.bincount(labels[labels >= 0], minlength=len(class_names))
        largest_first = np.argsort(-counts, kind="stable")
        parts = [f"{shortened(class_names[n])} {counts[n]:,}" for n in largest_first[:_NAMED]]
        if (more := len(class_names) - _NAMED) > 0:
            parts.append(f"and {more:,} more")
        classes = "1 class" if len(class_names) == 1 else f"{len(class_names):,} classes"
        unknown = np.count_nonzero(labels < 0)
        without = f"; {unknown:,} without one" if unknown else ""
        lines.append(f"{name}, {classes}: {', '.join(parts)}{without}")
    lines += [f"{name} is no label set: it {why}" for name, why in images.no_label_sets.items()]
    return [shortened_message(line) for line in lines]
