"""The check of arguments that must be models."""

from kerasgan.errors import UserError, shortened
from kerasgan.models.base.generative_model import GenerativeModel


def check_is_model(name: str, value: object) -> None:
    """Checks an argument that must be a model, where users may pass the name of one.

    Args:
        name: The argument's name.
        value: What was passed.

    Raises:
        UserError: It is not a `GenerativeModel`.
    """
    if not isinstance(value, GenerativeModel):
        raise UserError(
            f"{name} must be a model; kerasgan.zoo.load('pokemon_wgan') returns one. "
            f"Received: {name}={shortened(repr(value))}"
        )
