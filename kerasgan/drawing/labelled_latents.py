"""Latents together with the classes that their pictures were drawn in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from kerasgan.drawing.picture_classes import Label, check_labels
from kerasgan.errors import UserError

if TYPE_CHECKING:
    from kerasgan.drawing.drawable import Drawable


@dataclass(frozen=True, eq=False)
class LabelledLatents:
    """Latents that a user names, with what is known of their classes.

    Attributes:
        source: What names them: a seed, or a file.
        latents: float32 `(n, latent_dim)`.
        numbers: The number of each latent in its source.
        labels: The class of each latent, by the name of its label set; empty where the source
            tells none. Files are not to be trusted: `classes_for` checks them.
    """

    source: str
    latents: np.ndarray
    numbers: Sequence[int] = (0,)
    labels: Mapping[str, Sequence[Label]] = field(default_factory=dict)

    def at(self, place: int) -> "LabelledLatents":
        """Returns the latent at a place, counted from 0, alone."""
        part = slice(place, place + 1)
        labels = {name: values[part] for name, values in self.labels.items()}
        return LabelledLatents(self.source, self.latents[part], self.numbers[part], labels)

    def only(self) -> "LabelledLatents":
        """Returns these latents if there is one.

        Raises:
            UserError: There are several.
        """
        if len(self.latents) != 1:
            raise UserError(
                f"{self.source} holds {len(self.latents)} latents; choose one by its number, such "
                f"as {self.source}:{self.numbers[0]}"
            )
        return self

    def classes_for(
        self, model: "Drawable", given: Collection[str] = ()
    ) -> dict[str, tuple[Label, ...]]:
        """Returns the classes of the latents, as a model can draw them.

        Args:
            model: The model.
            given: The label sets that the user gives the classes of, which are left out.

        Raises:
            UserError: The model has no such label set or class, or a latent has none.
        """
        own = {name: tuple(values) for name, values in self.labels.items() if name not in given}
        try:
            check_labels(model, own, len(self.latents))
        except ValueError as error:
            raise UserError(
                f"The classes in {self.source} do not fit the model: {error}. Draw with the model "
                "that drew its pictures, or pass labels= of classes that this model has"
            ) from None
        return own

    def labels_with(self, model: "Drawable", labels: Any) -> Any:
        """Returns the labels to draw with: those given, and for other label sets the latents' own.

        Args:
            model: The model.
            labels: What the user gives, as in `AdversarialModel.generate`.

        Raises:
            UserError: As `classes_for`.
        """
        if labels is not None and not isinstance(labels, Mapping):
            return labels
        given = {name: values for name, values in (labels or {}).items() if values is not None}
        return {**self.classes_for(model, given), **given} or None
