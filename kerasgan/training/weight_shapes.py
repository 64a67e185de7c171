"""Which layers of a file of weights have other shapes than those of a model."""

from typing import BinaryIO

import h5py


def difference_of_shapes(found: BinaryIO, expected: BinaryIO) -> str | None:
    """Says which layer of a file of weights does not fit a model, with both shapes.

    Args:
        found: The file, in Keras's HDF5 format, open for reading.
        expected: A file of the weights that the model has now, in the same format.

    Returns:
        A phrase that names the first such layer and counts the others, or `None` if all weights
        have the same shapes.

    Raises:
        Exception: Whatever HDF5 raises if a file is damaged.
    """
    with h5py.File(found) as file, h5py.File(expected) as own:
        names, there = _layers(file)
        own_names, here = _layers(own)
    names |= own_names
    differing = [place for place in names if there.get(place) != here.get(place)]
    if not differing:
        return None
    # Optimizers and averages differ where the networks do.
    networks = [place for place in differing if not _follows_networks(place)]
    first, *others = networks or differing
    owner = first.partition("/")[0]
    if "_optimizer" in owner:
        return f"the state of the {owner} is that of another optimizer"
    more = f" ({len(others)} more do not fit)" if others else ""
    return (
        f"the weights of the {owner}'s layer {names[first]!r} are {there.get(first, 'missing')} "
        f"in the file and {here.get(first, 'missing')} in the model{more}"
    )


def _layers(file: h5py.File) -> tuple[dict[str, str], dict[str, str]]:
    """Returns the names of the layers that have weights, and their shapes, by their places."""
    names, shapes = {}, {}

    def visit(path: str, item: h5py.Group | h5py.Dataset) -> None:
        place = path.removesuffix("/vars")
        if place != path and isinstance(item, h5py.Group) and len(item):
            names[place] = str(item.attrs.get("name", place))
            arrays = [item[str(number)] for number in range(len(item))]
            sizes = [each.shape for each in arrays if isinstance(each, h5py.Dataset)]
            shapes[place] = " and ".join(map(str, sizes))

    file.visititems(visit)
    return names, shapes


def _follows_networks(place: str) -> bool:
    return place.startswith("ema_") or "_optimizer" in place
