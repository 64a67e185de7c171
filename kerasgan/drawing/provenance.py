"""What a picture was drawn from, kept in the picture's own file.

A PNG file carries text chunks (PNG specification, 11.3.3). Some are for people: the model, the
seed, the latents and the labels. `Settings` holds all that is needed to draw the picture again.
An animation carries the same texts as one JSON object: a GIF in its comment, a WebP in the image
description of its Exif data.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from kerasgan.drawing.drawable import engine_of
from kerasgan.drawing.engine import EngineName
from kerasgan.drawing.overwriting import KEYWORD
from kerasgan.drawing.picture import MOST_UPSCALE
from kerasgan.drawing.picture_classes import Label
from kerasgan.drawing.size import Size
from kerasgan.errors import shortened
from kerasgan.version import signature

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable

SETTINGS = "Settings"

# The largest number of pictures in one grid or folder.
MOST_PICTURES = 100_000
# The latents of a seed before this one have to be computed too.
LAST_NUMBER = 1_000_000
# Pictures drawn at once. The last bits of a picture depend on it, so it must not change.
BATCH_SIZE = 64
# Columns of a grid, where nothing else is asked for.
COLUMNS = 8
# Far beyond it, pictures no longer change.
MOST_PSI = 10.0
# Frames per second.
SLOWEST, FASTEST = 0.01, 1000.0

# Files are bounded as options are, because anyone may have written them. JSON has no NaN.
_Seed = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
_Number = Annotated[int, Meta(ge=0, le=LAST_NUMBER)]


class Selection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the critic said of the pictures that it selected; see `kerasgan.drawing.selection`.

    Attributes:
        best_of: The number of candidates for each picture.
        realness: The critic's score of each picture.
        confidence: Its confidence in the class of each; empty where no class was requested.
    """

    best_of: int
    realness: tuple[float, ...]
    confidence: tuple[float, ...] = ()


class Motion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How an animation moves from picture to picture; see `kerasgan.drawing.morph`.

    Attributes:
        frames: Frames from one picture to the next, counting both ends.
        fps: Frames per second.
        interpolation: Name of the function between two latents.
        sinusoid: Whether it slows down towards each picture.
        loop: Whether it returns to the first picture.
        views: Zoom and centre of its first and last view; empty where there is no zoom or pan.
    """

    frames: Annotated[int, Meta(ge=2)]
    fps: Annotated[float, Meta(ge=SLOWEST, le=FASTEST)]
    interpolation: str
    sinusoid: bool = False
    loop: bool = False
    views: tuple[tuple[float, tuple[float, float]], ...] = ()


class Provenance(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What pictures were drawn from, and how one file shows them.

    Attributes:
        model: Name of the model, as `kerasgan.zoo.open_model` takes it; empty if unknown.
        weights: `fingerprint` of the network that drew.
        best: Whether these are the best weights of a run, as `kerasgan.zoo.open_model` opens them
            with `best=True`, rather than its newest.
        engine: What drew; see `kerasgan.drawing.engine`.
        seed: Seed of the latents; `None` where `latents` has them.
        numbers: Which latents of that seed, one for each picture.
        seeds: Where each picture has a seed of its own, these seeds; each gives its first latent.
        truncation: The latents' threshold; see `kerasgan.drawing.truncate`.
        psi: What the latents are multiplied by; see `kerasgan.drawing.towards_mean`.
        latents: The latents themselves, where no seed gives them: float32, little-endian, in
            base64; see `kerasgan.drawing.latents.packed`.
        expression: The expression that the latents were computed from, for people.
        labels: The class of each picture, by the name of its label set: a name, or the parts of
            several, `{"cubism": 0.25, "realism": 0.75}`.
        selection: What the critic said of the pictures, where it selected them; in files,
            `choice`.
        size: The size, where it is not the model's own.
        zoom: See `kerasgan.drawing.View`.
        centre: See `kerasgan.drawing.View`.
        invert: Whether black and white are exchanged.
        show: Which one of the pictures the file shows; `None` for all, in a grid.
        columns: Columns of the grid.
        captions: Whether the grid has each picture's classes beneath it.
        numbered: Whether the grid has each picture's number, or its own seed, at its corner.
        upscale: How many times as wide and high the file shows each picture.
        motion: For an animation, how it moves through all the pictures.
    """

    model: str
    weights: str
    best: bool = False
    engine: EngineName = "tensorflow"
    seed: _Seed | None = None
    numbers: Annotated[tuple[_Number, ...], Meta(max_length=MOST_PICTURES)] = ()
    seeds: Annotated[tuple[_Seed, ...], Meta(max_length=MOST_PICTURES)] = ()
    truncation: Annotated[float, Meta(gt=0.0)] | None = None
    psi: Annotated[float, Meta(ge=-MOST_PSI, le=MOST_PSI)] | None = None
    latents: str = ""
    expression: str = ""
    labels: Mapping[str, tuple[Label, ...]] = {}
    selection: Selection | None = msgspec.field(default=None, name="choice")
    size: Size | None = None
    zoom: float = 1.0
    centre: tuple[float, float] = (0.0, 0.0)
    invert: bool = False
    show: Annotated[int, Meta(ge=0, lt=BATCH_SIZE)] | None = None
    columns: Annotated[int, Meta(ge=1)] = COLUMNS
    captions: bool = False
    numbered: bool = False
    upscale: Annotated[int, Meta(ge=1, le=MOST_UPSCALE)] = 1
    motion: Motion | None = None

    def count(self, latent_dim: int) -> int:
        """Returns how many pictures are drawn, of which a file may show one.

        Args:
            latent_dim: Length of the model's latents.
        """
        if self.latents:
            return len(self.latents) * 3 // 4 // (4 * latent_dim)
        return len(self.seeds or self.numbers)

    def picture_numbers(self, count: int) -> tuple[int, ...]:
        """Returns the number by which each picture is known: its own seed, or its place from 0.

        Args:
            count: The number of pictures.
        """
        return self.seeds or tuple(range(count))

    def __repr__(self) -> str:
        return f"<Provenance {self.summary()}>"

    def summary(self) -> str:
        """Returns the model and the latents in a few words."""
        model = shortened(self.model) if self.model else "a model"
        model += ", its best weights" if self.best else ""
        if self.seeds:
            seeds = self.seeds[self.shown]
            known = f"seed {seeds[0]}" if len(seeds) == 1 else f"{len(seeds):,} seeds"
            return f"{model}, {known}"
        if self.seed is None:
            return f"{model}, given latents"
        numbers = self.numbers[self.shown]
        if len(numbers) == 1:
            return f"{model}, latent seed {self.seed}:{numbers[0]}"
        return f"{model}, {len(numbers):,} latents of seed {self.seed}"

    def weights_text(self) -> str:
        """Returns in words whose weights drew, for messages that they are not those of now."""
        model = shortened(self.model)
        if not model:
            return "other weights"
        return f"other weights, {'the best ' if self.best else ''}of {model}"

    def best_hint(self) -> str:
        """Returns the end of a message about other weights, which says how to open the best."""
        return "; open the model with best=True for these" if self.best else ""

    def text(self) -> dict[str, str]:
        """Returns the texts that a file carries, by their keywords."""
        shown = self.shown
        seeds = self.seeds[shown] if self.seed is None else (self.seed,)
        latents = [(self.seed, number) for number in self.numbers[shown]]
        latents = [(seed, 0) for seed in seeds] if self.seeds else latents
        chunks = {
            KEYWORD: signature(),
            "Model": self.model,
            "Weights": "the best of the run" if self.best else "",
            "Engine": "" if self.engine == "tensorflow" else self.engine,
            "Seed": ", ".join(map(str, seeds)),
            "Latent seed": ", ".join(f"{seed}:{number}" for seed, number in latents),
            "Expression": self.expression,
            "Label": "; ".join(
                f"{name}: {', '.join(map(_label_text, labels[shown]))}"
                for name, labels in self.labels.items()
            ),
            "View": "" if self.size is None else self._view_text(),
            "Motion": "" if self.motion is None else _motion_text(self.motion),
            "Choice": "" if self.selection is None else _selection_text(self.selection, shown),
            SETTINGS: msgspec.json.encode(self).decode(),
        }
        return {name: text for name, text in chunks.items() if text}

    def label_texts(self) -> list[str]:
        """Returns the classes of each picture in words; none where there are no labels."""
        return [", ".join(map(_label_text, row)) for row in zip(*self.labels.values(), strict=True)]

    @property
    def shown(self) -> slice:
        """The pictures that the file shows."""
        return slice(None) if self.show is None else slice(self.show, self.show + 1)

    def _view_text(self) -> str:
        inverted = ", inverted" if self.invert else ""
        return f"{self.size}, {_zoom_text(self.zoom, self.centre)}{inverted}"


def fingerprint(model: "Drawable") -> str:
    """Returns the first 16 digits of the sha256 of the weights that a model draws with."""
    return engine_of(model).fingerprint()


def text_as_json(text: Mapping[str, str]) -> str:
    """Returns texts as one, in ASCII, for files that have room for only one."""
    return json.dumps(text)


def _label_text(label: Label) -> str:
    if isinstance(label, str):
        return label
    return " + ".join(f"{part:.3g} {name}" for name, part in label.items())


def _selection_text(selection: Selection, shown: slice) -> str:
    realness = ", ".join(f"{value:.4g}" for value in selection.realness[shown])
    confidence = ", ".join(f"{value:.2f}" for value in selection.confidence[shown])
    confidence = f"; confidence {confidence}" if confidence else ""
    return f"the critic's of {selection.best_of}; realness {realness}{confidence}"


def _zoom_text(zoom: float, centre: tuple[float, float]) -> str:
    x, y = centre
    return f"zoom {zoom:g} at {x:g},{y:g}"


def _motion_text(motion: Motion) -> str:
    turns = ["sinusoid"] * motion.sinusoid + ["loop"] * motion.loop
    views = [_zoom_text(zoom, centre) for zoom, centre in motion.views]
    return "; ".join(
        [
            f"{motion.frames} frames from one to the next, {motion.fps:g} in a second",
            ", ".join([motion.interpolation, *turns]),
            *([" to ".join(views)] if views else []),
        ]
    )
