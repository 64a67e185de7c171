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

from kerasgan.drawing.interpolation import INTERPOLATIONS
from kerasgan.errors import UserError, did_you_mean

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
        UserError: The expression cannot be read, has an unknown name or anything else in it, or
            its value is a number or is not finite.

    Example:
    >>> blend("A + (B - A) / 2", {"A": np.zeros(2), "B": np.ones(2)})
    array([0.5, 0.5], dtype=float32)
    """
    if len(expression) > _LONGEST:
        raise UserError(
            f"An expression may have at most {_LONGEST} characters, not {len(expression)}"
        )
    try:
        tree = ast.parse(expression.strip(), mode="eval")
        with np.errstate(all="ignore"):
            value = _value(tree.body, latents)
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
    return value.astype(np.float32)


def _value(node: ast.expr, latents: Mapping[str, np.ndarray]) -> _Value:
    if isinstance(node, ast.Constant) and _is_number(node.value):
        return float(node.value)
    if isinstance(node, ast.Name):
        if node.id not in latents:
            raise UserError(f"There is no latent {node.id!r}{did_you_mean(node.id, latents)}")
        return np.asarray(latents[node.id], np.float64)
    if isinstance(node, ast.UnaryOp) and type(node.op) in _SIGNS:
        return _SIGNS[type(node.op)](_value(node.operand, latents))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _binary(node, latents)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _call(node.func.id, node, latents)
    raise UserError(
        f"{ast.unparse(node)!r} has no meaning for latents; use names, numbers, + - * /, "
        "parentheses, lerp(A, B, t) and slerp(A, B, t)"
    )


def _binary(node: ast.BinOp, latents: Mapping[str, np.ndarray]) -> _Value:
    left, right = _value(node.left, latents), _value(node.right, latents)
    symbol, function = _OPERATORS[type(node.op)]
    kinds = isinstance(left, np.ndarray), isinstance(right, np.ndarray)
    if symbol in "+-" and kinds[0] != kinds[1]:
        raise UserError(f"{ast.unparse(node)!r} adds a latent and a number; multiply by numbers")
    if (symbol == "*" and all(kinds)) or (symbol == "/" and kinds[1]):
        raise UserError(f"{ast.unparse(node)!r} multiplies or divides by a latent; use a number")
    if symbol == "/" and right == 0.0:
        raise UserError(f"{ast.unparse(node)!r} divides by zero")
    return function(left, right)


def _call(name: str, node: ast.Call, latents: Mapping[str, np.ndarray]) -> np.ndarray:
    if name not in INTERPOLATIONS:
        raise UserError(f"There is no function {name!r}{did_you_mean(name, INTERPOLATIONS)}")
    match [_value(argument, latents) for argument in node.args]:
        case [np.ndarray() as start, np.ndarray() as end, float(t)] if not node.keywords:
            return INTERPOLATIONS[name](start, end, t).astype(np.float64)
    raise UserError(f"{name} takes two latents and a number: {name}(A, B, 0.5)")


def _is_number(value: object) -> TypeGuard[int | float]:
    """Tells whether a constant is a number; True and False, which are integers too, are not."""
    return type(value) in (int, float)
