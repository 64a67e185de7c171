"""How undecided a creative adversarial network leaves its own style head."""

import numpy as np


def style_entropy(logits: np.ndarray, *, ambiguity: str = "softmax") -> float:
    """Returns the mean normalized entropy of what a style head says of images.

        E_x[-sum_c p_c(x) log p_c(x)] / log K

    over K styles: 0 where each image is surely of one style, 1 where all styles are as likely.
    Of a head of independent sigmoids p is their outputs divided by their sum.

    Args:
        logits: `(n, K)`, K at least 2.
        ambiguity: That of the `CAN`: `"softmax"` or `"sigmoid"`.

    Reference:
        Elgammal et al., "CAN: Creative Adversarial Networks", 2017,
        https://arxiv.org/abs/1706.07068, section 3.2.
    """
    logits = np.asarray(logits, np.float64)
    # log sigmoid(x) = -log(1 + exp(-x)), without an overflow.
    logs = -np.logaddexp(0.0, -logits) if ambiguity == "sigmoid" else logits
    logs = logs - np.logaddexp.reduce(logs, axis=1, keepdims=True)
    entropies = -(np.exp(logs) * logs).sum(axis=1)
    return float(entropies.mean() / np.log(logits.shape[1]))
