"""What the values of a recipe can be: the range of each argument, and what no value can be."""

import math
from dataclasses import dataclass
from typing import Any

from kerasgan.errors import shortened


@dataclass(frozen=True)
class Range:
    """An interval of numbers, or of integers, from which `above` and `below` are excluded."""

    least: float = -math.inf
    most: float = math.inf
    above: float = -math.inf
    below: float = math.inf
    whole: bool = False

    def lacks(self, value: float) -> str:
        """Returns what a number must be, such as "at least 1", or "" if it is in the range."""
        if self.whole and not isinstance(value, int):
            return "an integer"
        if value < self.least:
            return f"at least {self.least:,}"
        if value <= self.above:
            return f"above {self.above:,}"
        if value > self.most:
            return f"at most {self.most:,}"
        return f"below {self.below:,}" if value >= self.below else ""


_NOT_NEGATIVE = Range(least=0)
_POSITIVE = Range(above=0)
_FRACTION = Range(least=0, below=1)
_WIDTH = Range(least=1, most=65_536)
_COUNT = Range(least=1, most=10**9)
# Each of these adds a layer, or a copy of the step to the graph.
_REPEATS = Range(least=1, most=100)

IMAGE_SIZE = Range(least=1, most=4096)
BATCH_SIZE = Range(least=1, most=65_536)
ITERATIONS = _COUNT

# The tables of a recipe that build a network, and those in `training` that make an optimizer.
NETWORKS = ("generator", "discriminator", "encoder", "decoder", "projected_discriminator")
OPTIMIZERS = ("generator_optimizer", "discriminator_optimizer", "autoencoder_optimizer")

NETWORK = {
    "image_size": IMAGE_SIZE,
    "channels": Range(least=1, most=3),
    "latent_dim": _WIDTH,
    "label_dim": _WIDTH,
    "width": _WIDTH,
    "dense_width": _WIDTH,
    "base_width": _WIDTH,
    "depth": _REPEATS,
    "mapping_depth": Range(least=0, most=100),
    "mapping_width": _WIDTH,
    "refinements": Range(least=0, most=100),
    "octaves": Range(least=0, most=64),
    "directions": _WIDTH,
    "feature_size": IMAGE_SIZE,
    "kernel_size": Range(least=1, most=255),
    "minibatch_discrimination": Range(least=0, most=65_536),
    "batch_norm_momentum": _FRACTION,
    "batch_norm_epsilon": _POSITIVE,
    "dropout": _FRACTION,
    "class_dropout": _FRACTION,
    "smallest": IMAGE_SIZE,
    "scales": Range(least=1, most=4),
    "projection_seed": _NOT_NEGATIVE,
    "kernel_stddev": Range(above=0, most=100),
    "weight_stddev": Range(above=0, most=100),
    "latent_scale": _POSITIVE,
    "coordinate_scale": _POSITIVE,
    "logit_range": _NOT_NEGATIVE,
    "leak": _FRACTION,
    "classes": Range(least=2, most=65_536),
}

OBJECTIVE = {
    "ema_decay": Range(above=0, below=1),
    "feature_matching_weight": _NOT_NEGATIVE,
    "r1_weight": _NOT_NEGATIVE,
    "handicap": _REPEATS,
    "autoencoder_updates": Range(least=0, most=100),
    "unrolling": Range(least=0, most=100),
    "unrolled_rate": _POSITIVE,
    "autoencoder_weight": _NOT_NEGATIVE,
    "adversarial_weight": _NOT_NEGATIVE,
    "n_critic": Range(least=1, most=10_000),
    "pretraining": Range(least=0, most=10**9),
    "clip_value": _POSITIVE,
    "penalty_weight": _NOT_NEGATIVE,
    "penalized_fraction": Range(above=0, most=1),
    "label_smoothing": Range(least=0, below=0.5),
    "class_weight": _NOT_NEGATIVE,
    "class_smoothing": _FRACTION,
    "generator_class_weight": _NOT_NEGATIVE,
    "style_weight": _NOT_NEGATIVE,
    "ambiguity_weight": _NOT_NEGATIVE,
    "reconstruction_weight": _NOT_NEGATIVE,
    "projected_weight": _POSITIVE,
}

# The arguments of `keras.optimizers` and its schedules; Keras itself checks hardly any of them.
OPTIMIZER = {
    "learning_rate": _POSITIVE,
    "beta_1": _FRACTION,
    "beta_2": _FRACTION,
    "adam_beta_1": _FRACTION,
    "adam_beta_2": _FRACTION,
    "rho": _FRACTION,
    "momentum": _FRACTION,
    "ema_momentum": _FRACTION,
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

_DEEPEST = 16
_LONGEST = 4000  # characters of a string; a path can have 4096
_LARGEST_WHOLE = 2**63
# Computations are in float32.
_LARGEST = 3.4e38


def check_values(table: dict[str, Any]) -> None:
    """Checks each value of a recipe, given as nested dicts, on its own.

    Types and unknown keys are left to the code that uses the values.

    Raises:
        ValueError: A number is not finite, too large to compute with or outside its key's range,
            a string contains a NUL or is very long, or tables are nested too deeply. The message
            begins with the key.
    """
    pending: list[tuple[tuple[str, ...], Any, dict[str, Range]]] = [((), table, {})]
    while pending:
        place, value, ranges = pending.pop()
        if len(place) > _DEEPEST:
            raise ValueError(f"{_dotted(place[:4])}: tables are nested more than {_DEEPEST} deep")
        if place and "\0" in place[-1]:
            raise ValueError(f"unknown key {_dotted(place)}: it contains a NUL")
        if isinstance(value, dict):
            pending += [((*place, str(key)), value[key], _ranges(place, ranges)) for key in value]
        elif isinstance(value, list):
            pending += [((*place, str(number)), each, ranges) for number, each in enumerate(value)]
        else:
            _check(place, value, ranges)


def _ranges(place: tuple[str, ...], ranges: dict[str, Range]) -> dict[str, Range]:
    """Returns the ranges of a table's keys, which are also those of the tables within it."""
    if len(place) == 1 and place[0] in NETWORKS:
        return NETWORK
    if place == ("model",):
        return OBJECTIVE
    if len(place) == 2 and place[0] == "training" and place[1] in OPTIMIZERS:
        return OPTIMIZER
    return ranges


def _check(place: tuple[str, ...], value: Any, ranges: dict[str, Range]) -> None:
    if isinstance(value, str) and "\0" in value:
        raise ValueError(f"{_dotted(place)} must not contain a NUL, got {_shown(value)}")
    if isinstance(value, str) and len(value) > _LONGEST:
        raise ValueError(
            f"{_dotted(place)} must be at most {_LONGEST:,} characters long, got {_shown(value)}"
        )
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{_dotted(place)} must be a finite number, got {value}")
    largest = _LARGEST_WHOLE if isinstance(value, int) else _LARGEST
    if abs(value) >= largest:
        raise ValueError(f"{_dotted(place)} must be below {largest:.3g}, got {_shown(value)}")
    # The numbers of a list share the range of the list's key.
    key = next((part for part in reversed(place) if not part.isdigit()), "")
    if key in ranges and (wanted := ranges[key].lacks(value)):
        raise ValueError(f"{_dotted(place)} must be {wanted}, got {_shown(value)}")


def _dotted(place: tuple[str, ...]) -> str:
    return shortened(".".join(place).replace("\0", "\\0"))


def _shown(value: Any) -> str:
    if isinstance(value, int) and abs(value) >= 10**18:
        return f"about 1e{len(str(abs(value))) - 1}" if abs(value) < 10**4000 else "more digits"
    return shortened(repr(value))
