"""From one picture to the next: morphs, zooms, pans and ways between classes."""

from collections.abc import Mapping, Sequence

import numpy as np

from kerasgan.drawing.animation import Animation
from kerasgan.drawing.any_size.any_size import check_any_size
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.drawn_picture import DrawnPicture
from kerasgan.drawing.frames import Frames
from kerasgan.drawing.latents import Interpolation, along, lerp, positions
from kerasgan.drawing.mixed_labels import mix
from kerasgan.drawing.picture import to_uint8
from kerasgan.drawing.provenance import Motion, Provenance, packed
from kerasgan.drawing.redraw import checked_latents, draw, fingerprint, show
from kerasgan.drawing.size import Size
from kerasgan.models import AdversarialModel
from kerasgan.models.class_names import class_number


def morph(
    model: AdversarialModel,
    latents: np.ndarray,
    labels: Mapping[str, Sequence[str | int]] | None = None,
    *,
    frames: int = 24,
    sinusoid: bool = False,
    loop: bool = False,
    interpolation: Interpolation = lerp,
    size: tuple[int, int] | None = None,
    views: tuple[View, View] | None = None,
    fps: float = 24.0,
    name: str = "",
) -> Animation:
    """Draws the way through latents, classes and views.

    Args:
        model: The model.
        latents: The stations, `(n, latent_dim)`.
        labels: For a conditional model, the classes of every label set at the stations, by names
            or numbers. One latent, or one label, is that of all stations.
        frames: Frames from one station to the next, both included; at least 2.
        sinusoid: Whether to move fast away from a station and slowly towards the next; see
            `kerasgan.drawing.latents.positions`.
        loop: Whether to return to the first station, and a zoom to its beginning.
        interpolation: `lerp` or `slerp`.
        size: (height, width), of a CPPN alone; `None` is the model's own.
        views: From where to where to zoom and pan along the whole way, of a CPPN alone.
        fps: Frames in a second, when it plays.
        name: The model's, as `kerasgan.zoo.open_model` takes it.

    Returns:
        An animation of uint8 frames, which are drawn when they are asked for, with the weights
        that the model has then.

    Raises:
        ValueError: There is nothing to move between, stations differ in number, or classes are
            unknown or missing.
        UserError: A size or views are given to a model that is no CPPN, or a side is out of range.
    """
    latents = checked_latents(model, latents)
    size = model.image_shape[:2] if views and size is None else size
    if size is not None:
        check_any_size(model, name)
        Size(width=size[1], height=size[0])
    named = _named(model, labels or {})
    stations = max([len(latents), *map(len, named.values())])
    if stations == 1 and not views:
        raise ValueError("A morph needs two latents or labels or more, or a zoom or pan")
    moves = stations > 1
    stations = max(stations, 2)
    latents = _repeated("latents", latents, stations)
    named = {key: _repeated(f"labels of {key}", names, stations) for key, names in named.items()}
    # A view that comes back is a loop by itself: there is no leg from the last station to add.
    way = positions(stations, frames, sinusoid=sinusoid, loop=loop and moves)
    path = along(latents, way, interpolation)
    known = {"model": name, "weights": fingerprint(model), "columns": 1, "show": 0}

    def frame(index: int) -> DrawnPicture:
        station, t = way[index]
        provenance = Provenance(
            **known,
            latents=packed(path[index]),
            labels={
                key: (mix(names[station], names[(station + 1) % stations], t),)
                for key, names in named.items()
            },
            size=size,
            **_view(views, index, len(way), loop),
        )
        # A quarter of the memory, and all that any file of it holds.
        return show(to_uint8(draw(model, provenance)), provenance)

    motion = Motion(
        frames,
        fps,
        getattr(interpolation, "__name__", ""),
        sinusoid,
        loop,
        tuple((view.zoom, view.centre) for view in views or ()),
    )
    whole = Provenance(
        model=name,
        weights=known["weights"],
        latents=packed(np.stack(latents)),
        labels={key: tuple(names) for key, names in named.items()},
        size=size,
        motion=motion,
    )
    return Animation(Frames(len(way), frame), fps, whole)


def _view(
    views: tuple[View, View] | None, index: int, count: int, loop: bool
) -> dict[str, float | tuple[float, float]]:
    """Returns the zoom and centre of a frame."""
    if views is None:
        return {}
    part = index / count if loop else index / (count - 1)
    view = views[0].towards(views[1], 1.0 - abs(2.0 * part - 1.0) if loop else part)
    return {"zoom": view.zoom, "centre": view.centre}


def _named(
    model: AdversarialModel, labels: Mapping[str, Sequence[str | int]]
) -> dict[str, list[str]]:
    """Returns the names of the classes at the stations, for every label set."""
    if unknown := [key for key in labels if key not in model.condition]:
        known = ", ".join(map(repr, model.condition)) or "none"
        raise ValueError(f"The label sets are {known}. Received: labels of {unknown[0]!r}")
    named = {}
    for key in model.condition:
        names = model.class_names[key]
        if not labels.get(key):
            raise ValueError(
                f"The model draws the {key} that it is asked for; give one or more of "
                f"{', '.join(names)}"
            )
        named[key] = [names[class_number(label, names)] for label in labels[key]]
    return named


def _repeated(name: str, values: Sequence, stations: int) -> Sequence:
    if len(values) not in (1, stations):
        raise ValueError(
            f"Latents and labels must be as many, or one for all: {stations} stations. "
            f"Received: {len(values)} {name}"
        )
    return [values[0]] * stations if len(values) == 1 else values
