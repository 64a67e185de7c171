"""Label sets at the networks' ends: one-hot inputs and heads of logits.

A label set is a name and a number of classes, such as `{"genre": 14}`; a network takes any number
of them, as a dict in the order of its inputs or outputs.
"""

import re
from collections.abc import Mapping
from numbers import Integral

import keras
from keras import KerasTensor, layers

_RESERVED = ("latent", "images", "features", "scores", "class_dropout", "stage_one")
_RESERVED += ("condition", "cross_channel", "cross_scale")
# Networks number some of their layers.
_OTHER_LAYER = re.compile(rf"({'|'.join(_RESERVED)})(_\d+)?")
_GROWTH = 5.0


def check_label_sets(classes: dict[str, int]) -> None:
    """Raises ValueError unless every name can name a layer and every set has two classes."""
    if not isinstance(classes, Mapping):
        raise ValueError(
            "classes must be a dict of the number of classes of each label set, such as "
            f"{{'style': 7}}. Received: classes={classes!r}"
        )
    for name, count in classes.items():
        is_name = isinstance(name, str) and name.isidentifier()
        if not is_name or _OTHER_LAYER.fullmatch(name):
            raise ValueError(
                "classes must name its label sets by letters, digits and underscores, and by none "
                f"of {_RESERVED}, also with a number. Received: classes={classes}"
            )
        if not isinstance(count, Integral) or count < 2:
            raise ValueError(
                "classes must give each label set a whole number of at least two. "
                f"Received: classes={classes}"
            )


def one_hot_labels(classes: dict[str, int]) -> tuple[list[KerasTensor], KerasTensor]:
    """Returns the int32 inputs `(batch,)` of the label sets, and their one-hots side by side.

    A dense layer on the one-hots, `(batch, total number of classes)`, is a table with one row for
    each class, and gives the sum of the rows of an image's labels. An embedding would look the
    rows up instead. Its gradients are sparse and name a class once for each image that has it, and
    Keras's Adam adds up their squares where it should square their sum, unless they are made
    dense as the steps of `kerasgan.models` do. The dense layer is right by itself, and no slower.

    Raises:
        ValueError: `classes` is empty, or a name or number in it is not valid.
    """
    inputs, one_hots = separate_one_hot_labels(classes)
    return inputs, layers.Concatenate()(one_hots) if len(one_hots) > 1 else one_hots[0]


def separate_one_hot_labels(
    classes: dict[str, int],
) -> tuple[list[KerasTensor], list[KerasTensor]]:
    """Returns the inputs of the label sets and the one-hots `(batch, classes)` of each.

    Raises:
        ValueError: As `one_hot_labels`.
    """
    check_label_sets(classes)
    if not classes:
        raise ValueError(
            "classes must hold at least one label set; a recipe names them in data.labels. "
            f"Received: classes={classes}"
        )
    inputs = [keras.Input((), dtype="int32", name=name) for name in classes]
    one_hots = [
        layers.CategoryEncoding(count, output_mode="one_hot")(labels)
        for labels, count in zip(inputs, classes.values(), strict=True)
    ]
    return inputs, one_hots


def labelled_latent(
    latent: KerasTensor,
    classes: dict[str, int] | None,
    label_dim: int,
    *,
    from_zero: bool = False,
) -> tuple[list[KerasTensor], KerasTensor]:
    """Returns the inputs of the label sets, and the latent with a learned vector of the labels.

    The vector follows the latent; with two or more label sets the vectors of the sets are added.

    Args:
        latent: The latent, `(batch, latent_dim)`.
        classes: Label sets: the name of each and its number of classes. With none there are no
            inputs, and the latent is returned as it is.
        label_dim: Length of the vector.
        from_zero: Whether the vectors are zero at first, and grow faster: they are five times
            what is learned, as an optimizer like Adam moves a weight by about its rate at most. Or
            else they begin as random ones whose entries are of the size of the latent's, so that
            neither drowns the other.

    Raises:
        ValueError: A name or number in `classes` is not valid.
    """
    if not classes:
        return [], latent
    labels, one_hots = one_hot_labels(classes)
    kernels = "zeros" if from_zero else keras.initializers.RandomNormal(stddev=1)
    vector = layers.Dense(label_dim, use_bias=False, kernel_initializer=kernels)(one_hots)
    if from_zero:
        vector = layers.Rescaling(_GROWTH)(vector)
    return labels, layers.Concatenate()([latent, vector])


def one_hot_generator(generator: keras.Model) -> keras.Model:
    """Returns the part of a conditional generator that comes after the one-hot encodings.

    Its inputs are the latents and the one-hots, or parts of classes, of each label set. A
    generator without labels is returned as it is.

    Raises:
        ValueError: The generator encodes labels by another layer, such as an `Embedding`.
    """
    if len(generator.inputs) == 1:
        return generator
    encodings = {
        id(layer.input): layer.output
        for layer in generator.layers
        if isinstance(layer, layers.CategoryEncoding)
    }
    latent, *labels = generator.inputs
    if other := [label.name for label in labels if id(label) not in encodings]:
        raise ValueError(
            "Mixing classes, LiteRT and second stages need a generator whose labels go through "
            'keras.layers.CategoryEncoding(..., output_mode="one_hot"), and a Dense layer in the '
            f"place of an Embedding. Received: {generator.name!r}, whose {other[0]!r} does not"
        )
    return keras.Model([latent, *(encodings[id(label)] for label in labels)], generator.outputs[0])


def logits(
    features: KerasTensor, classes: dict[str, int], **dense_options: object
) -> list[KerasTensor]:
    """Returns the linear float32 head `(batch, n)` of each label set, named after it."""
    return [
        layers.Dense(count, dtype="float32", name=name, **dense_options)(features)
        for name, count in classes.items()
    ]
