"""What a picture was drawn from, on file in the picture itself.

A PNG file carries text chunks (PNG specification, 11.3.3). Those for people say the model, the
seed, the latents and the labels; `Settings` holds all that is needed to draw the picture again.
"""

import base64
import warnings
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image, UnidentifiedImageError

import kerasgan
from kerasgan.errors import UserError

SETTINGS = "Settings"


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the critic said of the pictures that it chose; see `kerasgan.drawing.selection`.

    Attributes:
        best_of: From how many it chose each.
        realness: Its score of each picture.
        confidence: Its confidence in the class of each; empty where none was asked for.
    """

    best_of: int
    realness: tuple[float, ...]
    confidence: tuple[float, ...] = ()


class Provenance(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What pictures were drawn from, and how one file shows them.

    A network's arithmetic may differ in the last bit with the number of images it draws at once.
    So that pictures drawn again are the same in bits, a picture's provenance has the whole batch
    that it was drawn in.

    Attributes:
        model: The model's name or folder, as `kerasgan.zoo.open_model` takes it; may be empty.
        weights: `fingerprint` of the network that drew.
        seed: The seed of the latents; `None` where `latents` has them.
        numbers: Which latents of that seed, one for each picture.
        truncation: Their threshold; see `kerasgan.drawing.latents.truncate`.
        latents: The latents themselves, where no seed gives them: float32, little-endian, in
            base64; see `packed`.
        expression: What the latents were worked out from, for people.
        labels: The class of each picture, by the name of its label set: a name, or the parts of
            several, `{"cubism": 0.25, "realism": 0.75}`.
        choice: What the critic said of them, where it chose.
        size: (height, width) where another size than the model's own was asked for.
        zoom: See `kerasgan.networks.cppn_render`.
        centre: See there.
        show: Which one of the pictures the file shows; `None` for all, in a grid.
        columns: Of the grid.
    """

    model: str
    weights: str
    seed: int | None = None
    numbers: tuple[int, ...] = ()
    truncation: float | None = None
    latents: str = ""
    expression: str = ""
    labels: dict[str, tuple[str | dict[str, float], ...]] = {}
    choice: Choice | None = None
    size: tuple[int, int] | None = None
    zoom: float = 1.0
    centre: tuple[float, float] = (0.0, 0.0)
    show: int | None = None
    columns: int = 8

    def text(self) -> dict[str, str]:
        """Returns the text chunks of a PNG file."""
        shown = slice(None) if self.show is None else slice(self.show, self.show + 1)
        chunks = {
            "Software": f"kerasgan {kerasgan.__version__}",
            "Model": self.model,
            "Seed": "" if self.seed is None else str(self.seed),
            "Latent seed": ", ".join(f"{self.seed}:{number}" for number in self.numbers[shown]),
            "Expression": self.expression,
            "Label": "; ".join(
                f"{name}: {', '.join(map(_label_text, labels[shown]))}"
                for name, labels in self.labels.items()
            ),
            "Choice": "" if self.choice is None else _choice_text(self.choice, shown),
            SETTINGS: msgspec.json.encode(self).decode(),
        }
        return {name: text for name, text in chunks.items() if text}


def packed(latents: np.ndarray) -> str:
    """Returns latents as text, to the last bit."""
    return base64.b64encode(np.ascontiguousarray(latents, "<f4").tobytes()).decode()


def unpacked(text: str, latent_dim: int) -> np.ndarray:
    """Returns the latents `(n, latent_dim)` that `packed` made text of.

    Raises:
        UserError: The text is damaged or of latents of another length.
    """
    try:
        latents = np.frombuffer(base64.b64decode(text, validate=True), "<f4")
        return latents.reshape(-1, latent_dim).astype(np.float32)
    except ValueError:
        raise UserError(
            f"The picture's latents are not of length {latent_dim}, which the model takes; draw it "
            "with the model that drew it"
        ) from None


def read_provenance(path: str | Path) -> Provenance:
    """Reads what a PNG file says it was drawn from.

    Raises:
        UserError: The file is missing, no picture, none that kerasgan drew from a model, or its
            settings are damaged or of another version.
    """
    try:
        # The chunks stand before the pixels, which are not decoded: a picture may be of any size.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as picture:
                text = picture.info if picture.format == "PNG" else {}
    except UnidentifiedImageError:
        raise UserError(f"{path} is not a picture") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"Cannot read {path}: {reason}") from None
    if SETTINGS not in text or not text.get("Software", "").startswith("kerasgan "):
        raise UserError(
            f"{path} does not say what it was drawn from; only .png files that kerasgan drew do"
        )
    try:
        return msgspec.json.decode(text[SETTINGS], type=Provenance)
    except msgspec.DecodeError as error:
        raise UserError(
            f"The settings in {path} are damaged or of another version than this kerasgan "
            f"{kerasgan.__version__} ({text['Software']}): {error}"
        ) from None


def _label_text(label: str | dict[str, float]) -> str:
    if isinstance(label, str):
        return label
    return " + ".join(f"{part:.3g} {name}" for name, part in label.items())


def _choice_text(choice: Choice, shown: slice) -> str:
    realness = ", ".join(f"{value:.4g}" for value in choice.realness[shown])
    confidence = ", ".join(f"{value:.2f}" for value in choice.confidence[shown])
    confidence = f"; confidence {confidence}" if confidence else ""
    return f"the critic's of {choice.best_of}; realness {realness}{confidence}"
