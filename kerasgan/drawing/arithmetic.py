"""Arithmetic on latents, as in "A + (B - C)".

Differences between the latents of similar pictures carry over to other pictures: the difference of
a slanted one and an upright one slants a nine.

References:
    Ha, "Generating Large Images from Latent Vectors", 2016, "Latent Vector Arithmetic".
    Radford, Metz and Chintala, "Unsupervised Representation Learning with Deep Convolutional
    Generative Adversarial Networks", 2016, https://arxiv.org/abs/1511.06434, section 6.3.2.
"""

import ast
import operator
from collections.abc import Mapping
from typing import TypeGuard

import numpy as np

from kerasgan.drawing.interpolation import INTERPOLATIONS, Interpolation
from kerasgan.drawing.picture_classes import Label, label_of, parts_of
from kerasgan.errors import UserError, did_you_mean, shortened

_LONGEST = 1000
_OPERATORS = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
}
_SIGNS = {ast.UAdd: operator.pos, ast.USub: operator.neg}

_Value = float | np.ndarray


def blend(expression: str, latents: Mapping[str, np.ndarray]) -> np.ndarray:
    """Computes an expression of latents.

    Args:
        expression: Names, numbers, `+ - * /`, parentheses, `lerp(A, B, t)` and `slerp(A, B, t)`.
            Latents are added and subtracted, and multiplied and divided by numbers.
        latents: The latents by name, each `(latent_dim,)`.

    Returns:
        float32 `(latent_dim,)`.

    Raises:
        UserError: The expression cannot be read, has an unknown name or anything else in it, its
            value is a number or is not finite, or the latents have several lengths.

    Example:
    >>> blend("A + (B - A) / 2", {"A": np.zeros(2), "B": np.ones(2)})
    array([0.5, 0.5], dtype=float32)
    """
    shapes = {name: np.shape(latent) for name, latent in latents.items()}
    if any(len(shape) != 1 for shape in shapes.values()) or len(set(shapes.values())) > 1:
        received = ", ".join(f"{name} of shape {shape}" for name, shape in shapes.items())
        raise UserError(
            "All latents of an expression must have the shape (latent_dim,) of one model. "
            f"Received: {shortened(received)}"
        )
    return _evaluated(expression, latents, INTERPOLATIONS).astype(np.float32)


def blend_labels(expression: str, labels: Mapping[str, Mapping[str, Label]]) -> dict[str, Label]:
    """Computes the classes that belong to what an expression of latents comes to.

    Where the operands have one class, the result has it too. Where they differ, the expression is
    computed of their classes as well: each latent stands for the part that it has of a class, and
    `slerp` for `lerp`, as on the way of a morph. Parts below 0 become 0, and the others are scaled
    to add up to 1. Operands without a class count for nothing.

    Args:
        expression: See `blend`.
        labels: The classes of each operand, by its name and by label set: names, or the parts of
            several classes. See `resolve_labels`.

    Returns:
        The class, or the parts of several, of every label set that an operand has a class of.

    Raises:
        UserError: As `blend`, or the expression has no part of any class above 0.

    Example:
    >>> blend_labels("(A + B) / 2", {"A": {"genre": "portrait"}, "B": {"genre": "landscape"}})
    {'genre': {'portrait': 0.5, 'landscape': 0.5}}
    """
    label_sets = dict.fromkeys(name for own in labels.values() for name in own)
    return {
        name: _blended(expression, name, {key: own.get(name) for key, own in labels.items()})
        for name in label_sets
    }


def _blended(expression: str, label_set: str, labels: Mapping[str, Label | None]) -> Label:
    known = [label for label in labels.values() if label is not None]
    if all(label == known[0] for label in known):
        return known[0]
    names = list(dict.fromkeys(name for label in known for name in parts_of(label)))
    parts = {
        key: np.array([parts_of({} if label is None else label).get(name, 0.0) for name in names])
        for key, label in labels.items()
    }
    result = np.maximum(_evaluated(expression, parts, dict.fromkeys(INTERPOLATIONS, _straight)), 0)
    if not result.any():
        raise UserError(
            f"{expression!r} has no part above 0 of any {label_set}; pass labels= for its class"
        )
    result /= result.max()
    return label_of(dict(zip(names, (result / result.sum()).tolist(), strict=True)))


def _straight(start: np.ndarray, end: np.ndarray, t: float) -> np.ndarray:
    """Returns what `lerp` does, in the precision of its arguments."""
    return (1.0 - t) * start + t * end


def _evaluated(
    expression: str, latents: Mapping[str, np.ndarray], ways: Mapping[str, Interpolation]
) -> np.ndarray:
    """Returns the value of an expression, float64; `ways` are its functions.

    Raises:
        UserError: As `blend`.
    """
    if len(expression) > _LONGEST:
        raise UserError(
            f"An expression may have at most {_LONGEST} characters, not {len(expression)}"
        )
    try:
        tree = ast.parse(expression.strip(), mode="eval")
        with np.errstate(all="ignore"):
            value = _value(tree.body, latents, ways)
    except (SyntaxError, RecursionError, MemoryError, OverflowError, ValueError) as error:
        if isinstance(error, UserError):
            raise
        raise UserError(
            f'Cannot read the expression {expression!r}; write one such as "A + (B - C)"'
        ) from None
    if not isinstance(value, np.ndarray):
        raise UserError(f"{expression!r} is a number, not a latent; name a latent in it")
    if not np.isfinite(value).all():
        raise UserError(f"The value of {expression!r} is not finite")
    return value


def _value(
    node: ast.expr, latents: Mapping[str, np.ndarray], ways: Mapping[str, Interpolation]
) -> _Value:
    if isinstance(node, ast.Constant) and _is_number(node.value):
        return float(node.value)
    if isinstance(node, ast.Name):
        if node.id not in latents:
            raise UserError(f"There is no latent {node.id!r}{did_you_mean(node.id, latents)}")
        return np.asarray(latents[node.id], np.float64)
    if isinstance(node, ast.UnaryOp) and type(node.op) in _SIGNS:
        return _SIGNS[type(node.op)](_value(node.operand, latents, ways))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _binary(node, latents, ways)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _call(node.func.id, node, latents, ways)
    raise UserError(
        f"{ast.unparse(node)!r} has no meaning for latents; use names, numbers, + - * /, "
        "parentheses, lerp(A, B, t) and slerp(A, B, t)"
    )


def _binary(
    node: ast.BinOp, latents: Mapping[str, np.ndarray], ways: Mapping[str, Interpolation]
) -> _Value:
    left, right = _value(node.left, latents, ways), _value(node.right, latents, ways)
    symbol, function = _OPERATORS[type(node.op)]
    kinds = isinstance(left, np.ndarray), isinstance(right, np.ndarray)
    if symbol in "+-" and kinds[0] != kinds[1]:
        raise UserError(f"{ast.unparse(node)!r} adds a latent and a number; multiply by numbers")
    if (symbol == "*" and all(kinds)) or (symbol == "/" and kinds[1]):
        raise UserError(f"{ast.unparse(node)!r} multiplies or divides by a latent; use a number")
    if symbol == "/" and right == 0.0:
        raise UserError(f"{ast.unparse(node)!r} divides by zero")
    return function(left, right)


def _call(
    name: str,
    node: ast.Call,
    latents: Mapping[str, np.ndarray],
    ways: Mapping[str, Interpolation],
) -> np.ndarray:
    if name not in ways:
        raise UserError(f"There is no function {name!r}{did_you_mean(name, ways)}")
    match [_value(argument, latents, ways) for argument in node.args]:
        case [np.ndarray() as start, np.ndarray() as end, float(t)] if not node.keywords:
            return ways[name](start, end, t).astype(np.float64)
    raise UserError(f"{name} takes two latents and a number: {name}(A, B, 0.5)")


def _is_number(value: object) -> TypeGuard[int | float]:
    """Tells whether a constant is a number; True and False, which are integers too, are not."""
    return type(value) in (int, float)
