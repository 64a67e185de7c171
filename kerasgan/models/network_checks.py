"""Checks of the networks that objectives are given."""

import keras


def check_is_functional(name: str, network: keras.Model) -> None:
    """Checks that a network's inputs and outputs can be told before it has seen any.

    Raises:
        ValueError: It is neither a functional model nor a sequential one with an input.
    """
    if not getattr(network, "inputs", None) or not getattr(network, "outputs", None):
        raise ValueError(
            f"The {name} must be a functional model, or a keras.Sequential that begins with "
            f"keras.Input. Received: {name}={network!r}"
        )


def check_players(generator: keras.Model, discriminator: keras.Model) -> None:
    """Checks that the discriminator takes what the generator draws, and ends linearly.

    Raises:
        ValueError: One of them is not functional, their shapes differ, or an output of the
            discriminator comes from an activation.
    """
    check_is_functional("generator", generator)
    check_is_functional("discriminator", discriminator)
    drawn, judged = generator.outputs[0].shape[1:], discriminator.inputs[0].shape[1:]
    if len(drawn) != len(judged) or any(
        None not in (one, other) and one != other for one, other in zip(drawn, judged, strict=True)
    ):
        raise ValueError(
            "The discriminator must take the images that the generator draws. Received: generator "
            f"drawing {tuple(drawn)}, discriminator taking {tuple(judged)}"
        )
    for output in discriminator.outputs:
        last = output._keras_history.operation
        activation = getattr(last, "activation", None)
        if activation not in (None, keras.activations.linear):
            raise ValueError(
                "The discriminator's last layers must be linear: losses take scores and logits, "
                f"and apply their own sigmoid or softmax. Received: discriminator="
                f"{discriminator.name!r} with last layer {last.name!r} and activation "
                f"{getattr(activation, '__name__', activation)!r}"
            )
