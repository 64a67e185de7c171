import re

import numpy as np
import pytest

from kerasgan.drawing import blend, blend_labels, lerp, slerp
from kerasgan.errors import UserError

A, B, C = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
LATENTS = {"A": A, "B": B, "C": C}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("A", A),
        ("A + (B - C)", A + (B - C)),
        (" -A * 2 / 3 + +B", -A * 2 / 3 + B),
        ("(A + B + C) / 3", np.mean([A, B, C], axis=0)),
        ("1.5e-1 * (2 - 1) * A", 0.15 * A),
        ("lerp(A, B, 1/4)", lerp(A, B, 0.25)),
        ("slerp(A, lerp(B, C, 0.5), 0.5) - A", slerp(A, lerp(B, C, 0.5), 0.5) - A),
    ],
)
def test_an_expression_comes_to_what_numpy_says(expression, expected):
    result = blend(expression, LATENTS)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("", "Cannot read the expression ''"),
        ("A +", "Cannot read the expression 'A \\+'"),
        ("A; B", "Cannot read"),
        ("(" * 400 + "A" + ")" * 400, "Cannot read"),
        ("A + 10 ** 400", "has no meaning for latents"),
        ("A" * 1001, "1000 characters"),
        ("A + D", "There is no latent 'D'; known are A, B, C"),
        ("A + a", "no latent 'a'; did you mean A"),
        ("2 + 3", "is a number, not a latent"),
        ("A + 1", "adds a latent and a number"),
        ("A * B", "use a number"),
        ("1 / A", "use a number"),
        ("A / (1 - 1)", "divides by zero"),
        ("A * 1e400", "not finite"),
        ("A ** 2", "'A \\*\\* 2' has no meaning"),
        ("A.T", "has no meaning"),
        ("A[0]", "has no meaning"),
        ("True * A", "has no meaning"),
        ("'a' + A", "has no meaning"),
        ("__import__('os')", "no function '__import__'"),
        ("lerp(A, B)", r"lerp\(A, B, 0.5\)"),
        ("lerp(A, B, t=1)", r"lerp\(A, B, 0.5\)"),
        ("slerp(A, 1, B)", r"slerp\(A, B, 0.5\)"),
        ("(lambda: A)()", "has no meaning"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(expression, said):
    with pytest.raises(UserError, match=said) as error:
        blend(expression, LATENTS)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("other", [np.ones(1), np.ones(4), np.ones((1, 3)), 2.0])
@pytest.mark.parametrize("expression", ["A + B", "lerp(A, B, 0.5)", "slerp(A, B, 0.5)"])
def test_latents_of_several_lengths_are_refused(expression, other):
    shape = re.escape(str(np.shape(other)))
    with pytest.raises(UserError, match=rf"A of shape \(3,\), B of shape {shape}"):
        blend(expression, {"A": np.zeros(3), "B": other})


MIXED = {"portrait": 0.5, "still-life": 0.5}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("A", "portrait"),
        ("(A + B) / 2", {"portrait": 0.5, "landscape": 0.5}),
        ("A + (B - C) / 2", {"portrait": 0.75 / 1.25, "landscape": 0.5 / 1.25}),
        ("A + (B - B)", "portrait"),
        ("B - A", "landscape"),
        ("lerp(A, B, 1/4)", {"portrait": 0.75, "landscape": 0.25}),
        ("slerp(A, B, 1/4)", {"portrait": 0.75, "landscape": 0.25}),
        ("3 * slerp(A, C, 1/5)", {"portrait": 0.9, "still-life": 0.1}),
        ("lerp(B, D, 0.9)", "landscape"),
        ("lerp(A, B, 1.5)", "landscape"),
    ],
)
def test_classes_are_mixed_as_the_latents_are(expression, expected):
    labels = {"A": "portrait", "B": "landscape", "C": MIXED}
    operands = {name: {"genre": label} for name, label in labels.items()} | {"D": {}}
    (result,) = blend_labels(expression, operands).values()
    if isinstance(expected, str):
        assert result == expected
    else:
        assert result == pytest.approx(expected)


def test_operands_of_one_class_give_it_whatever_the_expression():
    operands = {"A": {"genre": "portrait", "style": MIXED}, "B": {"genre": "portrait"}}
    expected = {"genre": "portrait", "style": MIXED}
    assert blend_labels("A - B", operands) == expected
    assert blend_labels("-A / 1e9", operands) == expected
    assert blend_labels("A", {"A": {}}) == {}


def test_a_blend_without_a_part_of_a_class_is_refused():
    operands = {"A": {"genre": "portrait"}, "B": {"genre": "landscape"}}
    with pytest.raises(UserError, match="'-A - B' has no part above 0 of any genre; pass"):
        blend_labels("-A - B", operands)
    with pytest.raises(UserError, match="no latent 'C'; known are A, B"):
        blend_labels("A + C", operands)
