"""Recipes with a mistake in them, generated."""

import datetime
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

import tomli_w

from tests.tiny_recipe import RECIPE

# What no key can mean, and what most cannot.
_ABSURD = [
    float("nan"),
    float("inf"),
    -float("inf"),
    1e39,
    -1e30,
    -1,
    -0.5,
    10**12,
    10**30,
    "",
    "a\0b",
    "x" * 5000,
    "../" * 2000,
    [],
    {},
    [[]],
    {"a": {"b": {"c": 1}}},
    datetime.date(2026, 1, 31),
    True,
]
_ODD = [0, 0.0, 1, 1.5, 2, 7, 63, 1e-30, 1e9, 10**9, 65_536, 4096, "Adam", "label", [1, 2], False]

# Arguments that the tiny recipe leaves at their defaults.
_MORE = {
    ("data",): ["channels", "fit", "background", "split", "labels", "classes", "balanced"],
    ("data", "augmentation"): ["flip_vertical", "shift", "random_crop"],
    ("generator",): [
        "latent_scale", "coordinate_scale", "first_activation", "activation", "weight_stddev",
    ],
    ("discriminator",): [
        "classes", "channels", "kernel_size", "minibatch_stddev", "minibatch_discrimination",
    ],
    ("model",): [
        "joint_batches", "diff_augment", "feature_matching_weight", "image_range", "class_names",
        "seed", "pretraining", "clip_value", "clipped_weights",
    ],
    ("training", "generator_optimizer"): [
        "beta_1", "beta_2", "epsilon", "amsgrad", "weight_decay", "clipnorm", "clipvalue",
        "global_clipnorm", "use_ema", "ema_momentum", "ema_overwrite_frequency", "name",
        "loss_scale_factor", "gradient_accumulation_steps",
    ],
    ("training", "discriminator_optimizer"): ["rho", "momentum", "centered", "use_ema"],
}  # fmt: skip
_NETWORKS = ["can_generator", "pokemon_generator", "residual_generator", "gangogh_generator",
             "fastgan_generator", "cppn_critic", "pokemon_critic", "gangogh_critic",
             "cppn_discriminator", "fastgan_discriminator", "cppn_encoder"]  # fmt: skip
_OBJECTIVES = ["GAN", "LSGAN", "HingeGAN", "WGANGP", "ACGAN", "WassersteinACGAN", "CAN", "VAEGAN",
               "FastGAN"]  # fmt: skip
_OPTIMIZERS = ["SGD", "RMSprop", "Adam", "AdamW", "Adadelta", "Adagrad", "Adamax", "Adafactor",
               "Nadam", "Ftrl", "Lion", "Lamb", "Muon", "LossScaleOptimizer"]  # fmt: skip
_SCHEDULES = ["ExponentialDecay", "PiecewiseConstantDecay", "PolynomialDecay", "InverseTimeDecay",
              "CosineDecay", "CosineDecayRestarts", "Schedule"]  # fmt: skip
_OF_SCHEDULES = ["initial_learning_rate", "decay_steps", "decay_rate", "boundaries", "values",
                 "first_decay_steps", "alpha", "power", "staircase", "end_learning_rate",
                 "warmup_steps", "warmup_target", "t_mul"]  # fmt: skip

# Absurd values that these keys may have: free text, and bounds that may lie anywhere.
_FREE = {"help", "path", "name", "split", "log_every", "checkpoint_every", "sample_every"}


@dataclass(frozen=True)
class BadRecipe:
    """A recipe's bytes; what was done to them; and whether it must be refused."""

    text: bytes
    mistake: str
    is_absurd: bool


def bad_recipes(count: int, *, seed: int) -> Iterator[BadRecipe]:
    """Yields so many, the same for each seed."""
    chance = random.Random(seed)
    kinds = [_value, _value, _value, _value, _choice, _schedule, _key, _bytes]
    for number in range(count):
        yield kinds[number % len(kinds)](chance)


def _value(chance: random.Random) -> BadRecipe:
    """One key, given or left out so far, has a value of a pool."""
    recipe = tomllib.loads(RECIPE)
    tables = list(_tables(recipe))
    place, table = chance.choice(tables)
    key = chance.choice([*table, *_MORE.get(place, [])])
    is_absurd = chance.random() < 0.7
    table[key] = value = chance.choice(_ABSURD if is_absurd else _ODD)
    # True, an empty text and empty tables mean something to some keys.
    is_absurd = is_absurd and key not in _FREE and value not in (True, "", [], {})
    is_absurd = is_absurd and not (key == "seed" and value in (-1, 10**12))
    return BadRecipe(_dumped(recipe), f"{'.'.join((*place, key))} = {value!r:.60}", is_absurd)


def _choice(chance: random.Random) -> BadRecipe:
    """Another network, objective or optimizer has the arguments of the old one, or none."""
    recipe = tomllib.loads(RECIPE)
    place, key, names = chance.choice(
        [
            (("generator",), "network", _NETWORKS),
            (("discriminator",), "network", _NETWORKS),
            (("model",), "objective", _OBJECTIVES),
            (("training", "generator_optimizer"), "optimizer", _OPTIMIZERS),
        ]
    )
    table = recipe
    for part in place:
        table = table[part]
    keeps = chance.random() < 0.5
    for other in [] if keeps else [name for name in table if name != "image_size"]:
        del table[other]
    table[key] = name = chance.choice(names)
    return BadRecipe(_dumped(recipe), f"{'.'.join(place)}: {name}, keeps={keeps}", False)


def _schedule(chance: random.Random) -> BadRecipe:
    """A learning rate is a schedule with random arguments."""
    recipe = tomllib.loads(RECIPE)
    table = {"schedule": chance.choice(_SCHEDULES)}
    for key in chance.sample(_OF_SCHEDULES, chance.randrange(5)):
        table[key] = chance.choice([*_ABSURD, *_ODD, 10, 0.5, 1e-3])
    if chance.random() < 0.5:
        table = {key: table[key] for key in table if key in ("schedule", "decay_steps")}
        table |= {"initial_learning_rate": 0.1, "decay_steps": chance.choice([10, 0, -1, 1e30])}
    recipe["training"]["generator_optimizer"]["learning_rate"] = table
    return BadRecipe(_dumped(recipe), f"schedule {table!r:.80}", False)


def _key(chance: random.Random) -> BadRecipe:
    """A key or table is missing, misspelt, or not where it belongs."""
    recipe = tomllib.loads(RECIPE)
    place, table = chance.choice(list(_tables(recipe)))
    key = chance.choice(list(table))
    value = table.pop(key)
    name = chance.choice(["", key + "x", key[:-1] + "\0", "x" * 5000, "é", "a.b"])
    if name:
        table[name] = value
    optional = (
        "help", "augmentation", "flip_horizontal", "seed", "precision", "log_every", "n_critic",
        "checkpoint_every", "sample_every", "ema_decay", "learning_rate", "width", "depth",
        "latent_dim", "base_width", "dense_width", "image_size", "channels",
    )  # fmt: skip
    return BadRecipe(
        _dumped(recipe),
        f"{'.'.join((*place, key))} -> {name!r:.20}",
        bool(name) or key not in optional,
    )


def _bytes(chance: random.Random) -> BadRecipe:
    """The file is damaged, or the work of a vandal."""
    text = RECIPE.encode()
    place = chance.randrange(len(text))
    depth = chance.choice([100, 20_000])
    made = {
        "cut": text[:place],
        "flipped": text[:place]
        + bytes([text[place] ^ 1 << chance.randrange(8)])
        + text[place + 1 :],
        "digits": text.replace(b"seed = 3", b"seed = " + b"9" * 5000),
        "float digits": text.replace(b"1e-3", b"0." + b"9" * 100_000),
        "nested lists": text.replace(b"depth = 1", b"depth = " + b"[" * depth + b"]" * depth),
        "nested tables": text.replace(
            b"depth = 1", b"depth = " + b"{a=" * depth + b"1" + b"}" * depth
        ),
        "dotted": text.replace(b"depth = 1", b"depth" + b".a" * depth + b" = 1"),
        "header": text + b"\n[a" + b".a" * depth + b"]\n",
        "long": text + b"# " + b"x" * 1_000_000,
        "NUL": text[:place] + b"\0" + text[place:],
        "not UTF-8": text[:place] + b"\xff" + text[place:],
        "twice": text + text,
        "empty": b"",
    }
    name = chance.choice(list(made))
    return BadRecipe(
        made[name], f"bytes: {name} at {place}", name not in ("cut", "flipped", "float digits")
    )


def _tables(recipe: dict, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict]]:
    yield place, recipe
    for key, value in recipe.items():
        if isinstance(value, dict):
            yield from _tables(value, (*place, key))


def _dumped(recipe: dict) -> bytes:
    return tomli_w.dumps(recipe).encode("utf-8", "surrogatepass")
