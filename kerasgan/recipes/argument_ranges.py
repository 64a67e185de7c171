"""The ranges of what networks, objectives and optimizers take, by the names of the arguments."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """An interval of numbers, or of whole numbers; `above` and `below` are not in it."""

    least: float = -math.inf
    most: float = math.inf
    above: float = -math.inf
    below: float = math.inf
    whole: bool = False

    def lacks(self, value: float) -> str:
        """Returns what a number would have to be, such as "at least 1", or "" if it is in it."""
        if self.whole and not isinstance(value, int):
            return "a whole number"
        if value < self.least:
            return f"at least {self.least:,}"
        if value <= self.above:
            return f"above {self.above:,}"
        if value > self.most:
            return f"at most {self.most:,}"
        return f"below {self.below:,}" if value >= self.below else ""


_NOT_NEGATIVE = Range(least=0)
_POSITIVE = Range(above=0)
_PART = Range(least=0, below=1)
_WIDTH = Range(least=1, most=65_536)
_COUNT = Range(least=1, most=10**9)
# What is unrolled in the training step's graph, or is a layer each.
_TURNS = Range(least=1, most=100)

IMAGE_SIZE = Range(least=1, most=4096)
BATCH_SIZE = Range(least=1, most=65_536)
ITERATIONS = _COUNT

NETWORK = {
    "image_size": IMAGE_SIZE,
    "channels": Range(least=1, most=3),
    "latent_dim": _WIDTH,
    "label_dim": _WIDTH,
    "width": _WIDTH,
    "dense_width": _WIDTH,
    "base_width": _WIDTH,
    "depth": _TURNS,
    "kernel_size": Range(least=1, most=255),
    "minibatch_discrimination": Range(least=0, most=65_536),
    "batch_norm_momentum": _PART,
    "batch_norm_epsilon": _POSITIVE,
    "kernel_stddev": Range(above=0, most=100),
    "weight_stddev": Range(above=0, most=100),
    "latent_scale": _POSITIVE,
    "coordinate_scale": _POSITIVE,
    "logit_range": _POSITIVE,
    "leak": _PART,
    "classes": Range(least=2, most=65_536),
}

OBJECTIVE = {
    "ema_decay": Range(above=0, below=1),
    "feature_matching": _NOT_NEGATIVE,
    "handicap": _TURNS,
    "autoencoder_updates": Range(least=0, most=100),
    "autoencoder_weight": _NOT_NEGATIVE,
    "n_critic": Range(least=1, most=10_000),
    "pretraining": Range(least=0, most=10**9),
    "clip_value": _POSITIVE,
    "penalty_weight": _NOT_NEGATIVE,
    "penalized_fraction": Range(above=0, most=1),
    "label_smoothing": Range(least=0, below=0.5),
    "class_weight": _NOT_NEGATIVE,
    "generator_class_weight": _NOT_NEGATIVE,
    "style_weight": _NOT_NEGATIVE,
    "ambiguity_weight": _NOT_NEGATIVE,
    "reconstruction_weight": _NOT_NEGATIVE,
}

# Those of `keras.optimizers`, and of the tables of its schedules. Keras checks hardly any.
OPTIMIZER = {
    "learning_rate": _POSITIVE,
    "beta_1": _PART,
    "beta_2": _PART,
    "adam_beta_1": _PART,
    "adam_beta_2": _PART,
    "rho": _PART,
    "momentum": _PART,
    "ema_momentum": _PART,
    "epsilon": _NOT_NEGATIVE,
    "epsilon_1": _NOT_NEGATIVE,
    "epsilon_2": _NOT_NEGATIVE,
    "weight_decay": _NOT_NEGATIVE,
    "adam_weight_decay": _NOT_NEGATIVE,
    "clipnorm": _POSITIVE,
    "clipvalue": _POSITIVE,
    "global_clipnorm": _POSITIVE,
    "clip_threshold": _POSITIVE,
    "loss_scale_factor": _POSITIVE,
    "ema_overwrite_frequency": Range(least=1, most=10**9, whole=True),
    "gradient_accumulation_steps": Range(least=2, most=10**9, whole=True),
    "initial_accumulator_value": _NOT_NEGATIVE,
    "learning_rate_power": Range(most=0),
    "beta_2_decay": Range(most=0),
    "l1_regularization_strength": _NOT_NEGATIVE,
    "l2_regularization_strength": _NOT_NEGATIVE,
    "l2_shrinkage_regularization_strength": _NOT_NEGATIVE,
    "beta": _NOT_NEGATIVE,
    "adam_lr_ratio": _POSITIVE,
    "rms_rate": _NOT_NEGATIVE,
    "ns_steps": Range(least=1, most=100, whole=True),
    "initial_learning_rate": _NOT_NEGATIVE,
    "end_learning_rate": _NOT_NEGATIVE,
    "warmup_target": _NOT_NEGATIVE,
    "warmup_steps": Range(least=0, most=10**9),
    "decay_steps": _COUNT,
    "first_decay_steps": _COUNT,
    "decay_rate": _NOT_NEGATIVE,
    "alpha": _NOT_NEGATIVE,
    "t_mul": _POSITIVE,
    "m_mul": _NOT_NEGATIVE,
    "power": _POSITIVE,
    "boundaries": _NOT_NEGATIVE,
    "values": _NOT_NEGATIVE,
}
