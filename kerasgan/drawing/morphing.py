"""Animations from picture to picture: morphs, zooms, pans and ways between classes."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kerasgan.argument_checks import whole_number
from kerasgan.class_names import labels_by_set
from kerasgan.drawing.animation import Animation, Frames
from kerasgan.drawing.animation_file import check_fps
from kerasgan.drawing.any_size.at_size import check_any_size
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.drawable import check_drawable, engine_of, own_size
from kerasgan.drawing.drawn_picture import DrawnPicture
from kerasgan.drawing.from_provenance import draw, show
from kerasgan.drawing.interpolation import Interpolation, along, lerp, positions
from kerasgan.drawing.latent_files import given_latents
from kerasgan.drawing.latents import checked_latents, packed, towards_mean
from kerasgan.drawing.picture import check_upscale, to_uint8
from kerasgan.drawing.picture_classes import GivenLabels, Label, between, checked_label
from kerasgan.drawing.provenance import Motion, Provenance, fingerprint
from kerasgan.drawing.size import Size, check_size
from kerasgan.errors import UserError, shortened

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable


def morph(
    model: "Drawable",
    latents: np.ndarray | str | Path,
    labels: GivenLabels = None,
    *,
    frames: int = 24,
    sinusoid: bool = False,
    loop: bool = False,
    interpolation: Interpolation = lerp,
    size: Size | None = None,
    views: tuple[View, View] | None = None,
    psi: float | None = None,
    upscale: int = 1,
    fps: float = 24.0,
    name: str = "",
    best: bool = False,
) -> Animation:
    """Animates the way through latents, classes and views.

    Args:
        model: The model.
        latents: The latents of the stations, `(n, latent_dim)`, or a file of latents, such as that
            of picked pictures, with their classes.
        labels: For a conditional model, the classes of every label set at the stations, by names
            or numbers or as parts of several, `{"cubism": 0.25, "realism": 0.75}`; of the only
            label set, they may be given without its name. Label sets that are left out have those
            of a file of latents. A single latent, or a single label, holds at all stations.
        frames: Frames from one station to the next, counting both ends; at least 2.
        sinusoid: Whether to move fast away from a station and slowly towards the next; see
            `kerasgan.drawing.interpolation.positions`.
        loop: Whether to return to the first station, and a zoom to its beginning.
        interpolation: `lerp` or `slerp`.
        size: The size, for CPPNs only; `None` is the model's own.
        views: The first and the last view of a zoom or pan along the whole way, for CPPNs only.
        psi: Factor that moves the latents towards their mean; see `kerasgan.drawing.towards_mean`.
        upscale: How many times as wide and high to make the frames, from 1 to 16, with a Lanczos
            filter.
        fps: Frames per second, from 0.01 to 1,000.
        name: Name of the model, as `kerasgan.zoo.open_model` takes it, to be kept with the frames.
        best: Whether it was opened with `best=True`, to be kept with the frames too.

    Returns:
        An animation of uint8 frames. They are drawn when they are needed, with the weights that
        the model has then.

    Raises:
        ValueError: There is nothing to move between, stations differ in number, a number is out
            of range, or classes are unknown or missing.
        UserError: A size or views are given for a model that is not a CPPN, or the model cannot
            draw what is in the file of latents.
    """
    check_drawable(model)
    frames = whole_number("frames", frames, least=2)
    _check_interpolation(interpolation)
    _check_views(views)
    latents, labels = given_latents(model, latents, labels)
    latents = towards_mean(checked_latents(model, latents), psi)
    check_upscale(upscale)
    fps = check_fps(fps)
    if size is not None or views:
        check_any_size(model, name)
        size = own_size(model) if size is None else check_size(size)
    named = _named(model, labels)
    stations = max([len(latents), *map(len, named.values())])
    if stations == 1 and not views:
        raise UserError(
            "A morph needs at least two latents (such as the seeds 3,7) or classes, or a zoom or "
            "pan. Received: one"
        )
    moves = stations > 1
    stations = max(stations, 2)
    latents = np.stack(_repeated("latents", list(latents), stations))
    named = {key: _repeated(f"labels of {key}", names, stations) for key, names in named.items()}
    # A zoom that returns needs no leg from the last station to the first.
    way = positions(stations, frames, sinusoid=sinusoid, loop=loop and moves)
    path = along(latents, way, interpolation)
    weights, engine = fingerprint(model), engine_of(model).engine

    def frame(index: int) -> DrawnPicture:
        station, t = way[index]
        view = _view(views, index, len(way), loop)
        provenance = Provenance(
            model=name,
            weights=weights,
            best=best,
            engine=engine,
            latents=packed(path[index]),
            labels={
                key: (between(names[station], names[(station + 1) % stations], t),)
                for key, names in named.items()
            },
            size=size,
            zoom=view.zoom,
            centre=view.centre,
            show=0,
            columns=1,
            upscale=upscale,
        )
        # It takes a quarter of the memory, and no file of it holds more.
        return show(to_uint8(draw(model, provenance)), provenance)

    motion = Motion(
        frames=frames,
        fps=fps,
        interpolation=getattr(interpolation, "__name__", ""),
        sinusoid=sinusoid,
        loop=loop,
        views=tuple((view.zoom, view.centre) for view in views or ()),
    )
    whole = Provenance(
        model=name,
        weights=weights,
        best=best,
        engine=engine,
        latents=packed(latents),
        labels={key: tuple(names) for key, names in named.items()},
        size=size,
        upscale=upscale,
        motion=motion,
    )
    return Animation(Frames(len(way), frame), fps, whole)


def _check_interpolation(interpolation: Any) -> None:
    if not callable(interpolation):
        raise UserError(
            "interpolation must be a function such as kerasgan.drawing.lerp or slerp, not its "
            f"name. Received: interpolation={shortened(repr(interpolation))}"
        )


def _check_views(views: Any) -> None:
    if views is None:
        return
    # A `View` on its own has no length.
    if not isinstance(views, Sequence) or [type(view) for view in views] != [View, View]:
        raise UserError(
            "views must be the first and the last kerasgan.drawing.View of the way, such as "
            f"(View(), View(40.0)). Received: views={shortened(repr(views))}"
        )


def _view(views: tuple[View, View] | None, index: int, count: int, loop: bool) -> View:
    """Returns the view of a frame; without a zoom or pan, that of the model's own pictures."""
    if views is None:
        return View()
    # Where it returns, it is at the last view half-way, and after the last frame at the first view.
    part = min(index, count - index) / (count // 2) if loop else index / (count - 1)
    return views[0].towards(views[1], part)


def _named(model: "Drawable", labels: GivenLabels) -> dict[str, list[Label]]:
    """Returns the classes at the stations by their names, by label set."""
    named, by_set = {}, labels_by_set(labels, model.condition)
    for key in model.condition:
        names = model.class_names[key]
        given: Any = by_set.get(key)
        # A name, a number or a dict of parts is one label; its dimensions are none.
        each = [given] if np.ndim(given) == 0 else given
        if given is None or not len(each):
            raise UserError(
                f"The model draws classes of {key}: give labels= one or more of {', '.join(names)}"
            )
        named[key] = [checked_label(label, names) for label in each]
    return named


def _repeated(name: str, values: list, stations: int) -> list:
    if len(values) not in (1, stations):
        raise UserError(
            f"There must be one for all of the {stations} stations, or one for each. "
            f"Received: {len(values)} {name}"
        )
    return [values[0]] * stations if len(values) == 1 else values
