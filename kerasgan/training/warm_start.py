"""A training that starts from the weights of another model."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kerasgan.argument_checks import whole_number
from kerasgan.errors import UserError, shortened, shortened_message
from kerasgan.files.user_path import user_path
from kerasgan.models.base.freezing import layers_with_weights
from kerasgan.trained_models import open_trained_model
from kerasgan.training.model_paths import absolute_unless_name
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.weight_transfer import (
    part_taken,
    transfer_weights,
    weights_fingerprint,
)

if TYPE_CHECKING:
    from kerasgan.models import AdversarialModel

_MOST_NAMES = 6


class WarmStart(msgspec.Struct, frozen=True):
    """Which weights a training starts from; it is kept in `run.json`.

    Attributes:
        origin: The model, as `kerasgan.zoo.open_model` takes it; of a folder the absolute path.
        freeze_discriminator: How many of the discriminator's first layers with weights stay as
            they are in that model.
        fingerprint: The checksum of the model's weights; empty before they were loaded.
        fresh: For each network, the layers that take no weights from the model; none for a network
            that nothing there fits.
        parts: For each network with some of both kinds of layers, the part of its parameters to
            train that it takes from the model.
        other_classes: The label sets whose classes have other names or another order there. What
            was learned of a class is taken over by its place.
    """

    origin: str
    freeze_discriminator: int = 0
    fingerprint: str = ""
    fresh: dict[str, list[str]] = {}
    parts: dict[str, float] = {}
    other_classes: list[str] = []

    def apply(self, model: "AdversarialModel") -> "WarmStart":
        """Gives a new model the weights of the origin, as far as they fit.

        Returns:
            What was done, with `fingerprint`, `fresh`, `parts` and `other_classes`.

        Raises:
            UserError: There is no such model, or it is not the one of `fingerprint`; or none of
                its weights fit the generator, or a discriminator of the same kind, or not those of
                a layer to be frozen.
        """
        source = open_trained_model(self.origin)
        fingerprint = weights_fingerprint(source)
        if self.fingerprint not in ("", fingerprint):
            raise UserError(
                f"The model {self.origin} has changed since the training was started from it, and "
                "the training has no checkpoint yet; start it anew in another folder="
            )
        fresh = transfer_weights(source, model)
        for player in ("generator", "discriminator"):
            if player not in fresh:
                continue  # All of its layers fit.
            layers = [layer.name for layer in layers_with_weights(getattr(model, player))]
            there, here = getattr(source, player).name, getattr(model, player).name
            # A discriminator of another kind may be a new one.
            if not fresh[player] and (player == "generator" or there == here):
                raise UserError(
                    f"The {player} of {self.origin}, a {there}, has hardly a weight that fits that "
                    f"of this recipe, a {here}; train a recipe with the same networks and widths, "
                    f"such as {self.origin}, or leave out init="
                )
            unfit = fresh[player] or layers
            frozen = layers[: self.freeze_discriminator] if player == "discriminator" else []
            if changed := [name for name in frozen if name in unfit]:
                side = source.image_shape[0]
                other = f", or train at its size, {side}x{side}"
                raise UserError(
                    f"The discriminator's layer {changed[0]} cannot stay as it is, because that of "
                    f"{self.origin} does not fit; leave out freeze_discriminator="
                    f"{'' if side == model.image_shape[0] else other}"
                )
        other_classes = [
            name
            for name, classes in model.class_names.items()
            if len(there := source.class_names.get(name, ())) == len(classes)
            and tuple(there) != tuple(classes)
        ]
        parts = {
            name: round(part_taken(model.networks[name], left), 3)
            for name, left in fresh.items()
            if left
        }
        return msgspec.structs.replace(
            self, fingerprint=fingerprint, fresh=fresh, parts=parts, other_classes=other_classes
        )

    def summary(self) -> str:
        """Returns one sentence that says what the training starts from."""
        frozen = self.freeze_discriminator
        text = f"Started from {self.origin}"
        if frozen:
            layers = "layer" if frozen == 1 else f"{frozen} layers"
            text += f", with the discriminator's first {layers} frozen"
        if self.other_classes:
            text += (
                f"; the classes of {' and '.join(self.other_classes)} have other names or another "
                "order there, and what was learned of each is taken over by its place"
            )
        absent = [network for network, layers in self.fresh.items() if not layers]
        parts = [
            f"{_listed(layers)} of the {name}{self._share(name)}"
            for name, layers in self.fresh.items()
            if layers
        ]
        if absent:
            begins = "begins" if len(absent) == 1 else "begin"
            text += f"; the {' and the '.join(absent)} of this recipe {begins} as in a new training"
        if parts:
            return f"{text}; new, because they do not fit, are {'; '.join(parts)}"
        return f"{text}; all {'other ' if absent else ''}weights fit"

    def _share(self, network: str) -> str:
        # A run that an earlier kerasgan started does not say how much fitted.
        if (part := self.parts.get(network)) is None:
            return ""
        return f", of which {'over 99%' if part > 0.99 else f'{part:.0%}'} of the parameters fit"


def resolve_warm_start(
    run: RunFolder, init: str | Path | None, freeze_discriminator: int | None
) -> WarmStart | None:
    """Returns what a training starts from, or what the one in a run folder was started from.

    Args:
        run: The run, which need not exist yet.
        init: The model to start from; `None` if there is none, or the training is resumed.
        freeze_discriminator: As in `kerasgan.training.train`.

    Raises:
        UserError: The run was started from other weights, or layers are to be frozen that no model
            gives weights.
    """
    started = _recorded(run.describe()) if run.exists else None
    if run.exists:
        _check_same(run, started, init, freeze_discriminator)
        return started
    if freeze_discriminator is not None:
        whole_number("freeze_discriminator", freeze_discriminator, least=0)
    if init is None:
        if freeze_discriminator:
            raise UserError(
                "Only layers with the weights of another model can stay as they are: pass init= "
                "too, or leave out freeze_discriminator="
            )
        return None
    return WarmStart(absolute_unless_name(str(init)), freeze_discriminator or 0)


def frozen_layers(description: dict[str, Any]) -> int:
    """Returns how many layers of the discriminator are frozen in a run, from its `run.json`."""
    started = _recorded(description)
    return 0 if started is None else started.freeze_discriminator


def _check_same(
    run: RunFolder, started: WarmStart | None, init: str | Path | None, frozen: int | None
) -> None:
    origin = "new weights" if started is None else started.origin
    if init is not None:
        asked = absolute_unless_name(str(init))
        if started is None or not _is_start(run, started, asked):
            changed = " as it is now" if asked == origin else ""
            raise UserError(
                f"The training in {run.path} was started from {origin}, not from {init}{changed}; "
                "leave out init= to resume it, or pass another folder="
            )
    layers = 0 if started is None else started.freeze_discriminator
    if frozen not in (None, layers):
        raise UserError(
            f"The training in {run.path} was started with {layers} frozen layers of the "
            "discriminator; leave out freeze_discriminator= to resume it, or pass another folder="
        )


def _is_start(run: RunFolder, started: WarmStart, init: str) -> bool:
    """Tells whether a run that exists was started from a model."""
    try:
        return weights_fingerprint(open_trained_model(init)) == started.fingerprint
    except UserError:
        # It is gone, or cannot be reached: the checkpoint has all of it that is needed.
        same = started.origin in (init, str(user_path(init).absolute()))
        if same and run.checkpoints.newest is not None:
            return True
        raise


def _recorded(description: dict[str, Any]) -> WarmStart | None:
    table = description.get("init")
    return None if table is None else msgspec.convert(table, WarmStart)


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_NAMES
    text = ", ".join(map(shortened, names[:_MOST_NAMES]))
    return shortened_message(f"{text} and {more} more" if more > 0 else text)
