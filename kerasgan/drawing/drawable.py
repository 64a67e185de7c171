"""What can draw, and the engine that draws with it.

TensorFlow draws from Keras models, LiteRT from the files of one, and numpy what is not trained.
"""

from typing import TYPE_CHECKING

from kerasgan.drawing.engine import Engine
from kerasgan.drawing.litert.model import LiteRTModel
from kerasgan.drawing.size import Size
from kerasgan.drawing.untrained.random_cppn import RandomCPPN
from kerasgan.errors import UserError

if TYPE_CHECKING:
    from kerasgan.models import AdversarialModel

    # What the functions of `kerasgan.drawing` draw with.
    Drawable = AdversarialModel | LiteRTModel | RandomCPPN


def check_drawable(model: object) -> None:
    """Raises UserError unless `model` is something that can draw; the name of a model cannot."""
    if isinstance(model, LiteRTModel | RandomCPPN):
        return
    from kerasgan.models.base.model_argument import check_is_model

    check_is_model("model", model)


def engine_of(model: "Drawable") -> Engine:
    """Returns the engine that draws with a model.

    Raises:
        UserError: `model` is not a model.
    """
    check_drawable(model)
    if isinstance(model, LiteRTModel | RandomCPPN):
        return model
    from kerasgan.drawing.keras_engine import KerasEngine

    return KerasEngine(model)


def own_size(model: "Drawable") -> Size:
    """Returns the size of the pictures that a model's generator draws itself.

    Raises:
        ValueError: The generator has no size of its own.
    """
    height, width, _ = model.image_shape
    if height is None or width is None:
        raise UserError(f"The generator's pictures must have a size. Received: {height}x{width}")
    return Size(height=height, width=width)


def in_tensorflow(model: "Drawable", purpose: str) -> "AdversarialModel":
    """Returns a model for something that only TensorFlow can do.

    Args:
        model: A Keras model, which is returned as it is, or LiteRT files, whose Keras model is
            loaded if they were opened with `engine="auto"`.
        purpose: What it is for, for the message.

    Raises:
        UserError: The files were opened to be drawn by LiteRT alone, or nobody trained the model.
    """
    if isinstance(model, RandomCPPN):
        raise UserError(f"{purpose} needs a trained model. Received: {model.name}")
    if not isinstance(model, LiteRTModel):
        return model
    if model.load_in_tensorflow is None:
        raise UserError(f"{purpose} needs TensorFlow; pass engine='tensorflow'")
    return model.load_in_tensorflow()
