"""Recipes: a training as data."""

from typing import Any

import msgspec

from kerasgan.curriculum import Curriculum
from kerasgan.errors import shortened
from kerasgan.precision import PRECISIONS
from kerasgan.recipes.values import BATCH_SIZE, IMAGE_SIZE, ITERATIONS, NETWORKS, OPTIMIZERS

# These keys may change when a run is resumed, because no weight depends on them.
_FREE_ON_RESUME = (
    "training.iterations",
    "training.log_every",
    "training.checkpoint_every",
    "training.sample_every",
    "training.evaluate_every",
    "data.path",
    "data.help",
    # The images themselves are compared.
    "data.source",
    # Its weights are in the checkpoint.
    "stage_one.model",
    "stage_one.best",
)


class _Section(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A table whose keys are all known."""


class AugmentationSection(_Section, frozen=True):
    """`[data.augmentation]`: see `kerasgan.data.Augmentation`."""

    flip_horizontal: bool = False
    flip_vertical: bool = False
    shift: float = 0.0
    random_crop: int | None = None


class DataSection(_Section, frozen=True):
    """`[data]`: the arguments of `kerasgan.data.load_images`, and labels.

    Attributes:
        path: Where the data are; usually left out here and passed to `train`.
        help: Where to get such data; shown to users who have passed none.
        labels: The label sets that an objective with classes learns.
        classes: For a label set, the classes to use, in their order; by default all of the data.
        balanced: A label set whose classes appear equally often.
        holdout: Fraction of the images that is never trained on, only classified. If the data
            have a test split of their own, as `kerasgan wikiart prepare` writes, and `split`
            is `"train"` or parts of it, any value above 0 holds out that whole test split, and all
            images of `split` are trained on.
        stream: Whether images are decoded whenever they are drawn, see `load_images`, for data
            sets that outgrow a disk when they are decoded.
    """

    source: str
    image_size: int
    channels: int = 3
    fit: str = "pad"
    background: str = "white"
    split: str = "train"
    path: str = ""
    help: str = ""
    labels: list[str] = []
    classes: dict[str, list[str]] = {}
    balanced: str | None = None
    holdout: float = 0.0
    stream: bool = False
    augmentation: AugmentationSection = AugmentationSection()

    def __post_init__(self) -> None:
        if wanted := IMAGE_SIZE.lacks(self.image_size):
            raise ValueError(f"image_size must be {wanted}, got {self.image_size}")
        if self.channels not in (1, 3):
            raise ValueError(f"channels must be 3 (RGB) or 1 (grey), got {self.channels}")
        crop = self.augmentation.random_crop
        if crop is not None and not 1 <= crop <= self.image_size:
            raise ValueError(
                f"augmentation.random_crop must be at least 1 and at most image_size, got {crop}"
            )
        if not 0.0 <= self.augmentation.shift < 1.0:
            raise ValueError(f"augmentation.shift must be in [0, 1), got {self.augmentation.shift}")
        if not 0.0 <= self.holdout < 1.0:
            raise ValueError(f"holdout must be in [0, 1), got {self.holdout}")
        if self.holdout and not self.labels:
            raise ValueError("holdout images are classified, so holdout needs labels")
        if self.holdout and self.augmentation.random_crop:
            raise ValueError(
                "holdout classifies whole images, so it cannot be combined with random_crop"
            )
        for key, names in (("classes", self.classes), ("balanced", [self.balanced or ""])):
            if unknown := [name for name in names if name and name not in self.labels]:
                raise ValueError(
                    f"{key} names the label set {_shown(unknown[0])}, which is not in labels"
                )

    @property
    def side(self) -> int:
        """The side in pixels of the images that a model sees."""
        return self.augmentation.random_crop or self.image_size


class TrainingSection(_Section, frozen=True):
    """`[training]`: how long, from which seed, and with which optimizers.

    An iteration is what the papers count: one generator update with the critic updates before it,
    or one batch if there is no critic ratio. `log_every`, `checkpoint_every` and `sample_every`
    are in iterations, and so is `evaluate_every`, a multiple of `log_every`: how often the model is
    measured against its images, which needs the extra `metrics`; 0 never measures.
    """

    batch_size: int
    iterations: int
    generator_optimizer: dict[str, Any]
    discriminator_optimizer: dict[str, Any]
    autoencoder_optimizer: dict[str, Any] | None = None
    seed: int = 0
    precision: str = "auto"
    log_every: int = 50
    checkpoint_every: int = 250
    sample_every: int = 500
    evaluate_every: int = 0

    @property
    def optimizers(self) -> dict[str, dict[str, Any]]:
        """The tables of the optimizers that the recipe has, by their names."""
        return {name: table for name in OPTIMIZERS if (table := getattr(self, name)) is not None}

    def __post_init__(self) -> None:
        for name in ("batch_size", "iterations", "log_every", "checkpoint_every", "sample_every"):
            allowed = BATCH_SIZE if name == "batch_size" else ITERATIONS
            if wanted := allowed.lacks(getattr(self, name)):
                raise ValueError(f"{name} must be {wanted}, got {getattr(self, name)}")
        if self.evaluate_every < 0 or self.evaluate_every % self.log_every:
            raise ValueError(
                f"evaluate_every must be 0 or a multiple of log_every, {self.log_every}, "
                f"got {self.evaluate_every}"
            )
        if self.precision not in PRECISIONS:
            raise ValueError(
                f"precision must be one of {', '.join(PRECISIONS)}, got {_shown(self.precision)}"
            )


class StageOneSection(_Section, frozen=True):
    """`[stage_one]`: the trained model whose pictures a second stage enlarges.

    Attributes:
        model: A model of the zoo, the folder of a zoo entry, or a run folder.
        best: Of a run, whether to take the weights with the smallest Fréchet distance.
    """

    model: str
    best: bool = False


class Recipe(_Section, frozen=True):
    """A training: its data, networks, objective and schedule.

    The tables `[generator]`, `[discriminator]` and, for objectives that have one, `[encoder]`,
    `[decoder]` or `[projected_discriminator]` name a builder of `kerasgan.networks` as `network`,
    `[model]` names a class of `kerasgan.models` as `objective`, and an optimizer's table names a
    class of `keras.optimizers` as `optimizer`. The other keys are arguments. `schedule` of
    `[model]` is a table, or the name of a published one, such as `"ha_text"`; see
    `kerasgan.models.HandicapSchedule.named`. `image_size` and `channels` of the networks are by
    default those of the images of `[data]`. `[stage_one]` names the trained model that a generator
    such as `stackgan_generator` builds on, and `[curriculum]` the sizes that `GrowingWGANGP` goes
    through, see `kerasgan.curriculum.Curriculum`.

    The same recipe, data and seed give the same weights on the same machine.
    """

    data: DataSection
    generator: dict[str, Any]
    discriminator: dict[str, Any]
    model: dict[str, Any]
    training: TrainingSection
    encoder: dict[str, Any] | None = None
    decoder: dict[str, Any] | None = None
    projected_discriminator: dict[str, Any] | None = None
    stage_one: StageOneSection | None = None
    curriculum: Curriculum | None = None

    def __post_init__(self) -> None:
        named = {
            **{section: (table, "network") for section, table in self.networks.items()},
            "model": (self.model, "objective"),
            **{
                f"training.{name}": (table, "optimizer")
                for name, table in self.training.optimizers.items()
            },
        }
        for section, (table, key) in named.items():
            if not isinstance(table.get(key), str):
                raise ValueError(f"[{section}] needs a string {key}, got {_shown(table.get(key))}")
        self._check_curriculum()

    def _check_curriculum(self) -> None:
        grows = self.model["objective"] == "GrowingWGANGP"
        if self.curriculum is None:
            if grows:
                raise ValueError("the objective GrowingWGANGP needs a section [curriculum]")
            return
        if not grows:
            raise ValueError(
                '[curriculum] needs the objective "GrowingWGANGP", got '
                f"{_shown(self.model['objective'])}"
            )
        self.curriculum.check_fits(side=self.data.side, iterations=self.training.iterations)

    @property
    def networks(self) -> dict[str, dict[str, Any]]:
        """The tables of the networks that the recipe has, by their names."""
        return {name: table for name in NETWORKS if (table := getattr(self, name)) is not None}

    @property
    def classes_are_known(self) -> bool:
        """Whether the recipe names the classes of all its label sets."""
        return all(name in self.data.classes for name in self.data.labels)

    def as_dict(self) -> dict[str, Any]:
        """Returns the recipe as nested dicts, with every default filled in."""
        return msgspec.to_builtins(self)

    def as_flat_dict(self) -> dict[str, Any]:
        """Returns the recipe as one dict from `"section.key"` to the value, defaults included."""
        return _flat(self.as_dict())

    def as_toml(self) -> str:
        """Returns the recipe in TOML, with every default filled in."""
        import tomli_w

        return tomli_w.dumps(_without_none(self.as_dict()))

    def differences(self, other: "Recipe") -> list[str]:
        """Lists the keys that differ and would change the weights, as `"key: ours -> theirs"`."""
        ours, theirs = self.as_flat_dict(), other.as_flat_dict()
        return [
            f"{key}: {ours.get(key, 'absent')} -> {theirs.get(key, 'absent')}"
            for key in sorted({*ours, *theirs})
            if ours.get(key) != theirs.get(key) and key not in _FREE_ON_RESUME
        ]


def _shown(value: Any) -> str:
    return shortened(repr(value))


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


def _without_none(table: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _without_none(value) if isinstance(value, dict) else value
        for key, value in table.items()
        if value is not None
    }
