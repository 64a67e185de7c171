"""Latents together with the classes and the weights that their pictures were drawn with."""

import dataclasses
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from kerasgan.drawing.picture_classes import Label, check_labels
from kerasgan.drawing.provenance import Provenance, fingerprint
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
        provenance: Which model and weights drew their pictures; `None` where the source does not
            tell.
    """

    source: str
    latents: np.ndarray
    numbers: Sequence[int] = (0,)
    labels: Mapping[str, Sequence[Label]] = field(default_factory=dict)
    provenance: Provenance | None = None

    def at(self, place: int) -> "LabelledLatents":
        """Returns the latent at a place, counted from 0, alone."""
        part = slice(place, place + 1)
        labels = {name: values[part] for name, values in self.labels.items()}
        return dataclasses.replace(
            self, latents=self.latents[part], numbers=self.numbers[part], labels=labels
        )

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

    def tell_other_weights(self, model: "Drawable") -> None:
        """Warns if other weights than a model's drew the pictures of these latents."""
        drawn = self.provenance
        if drawn is not None and drawn.weights != fingerprint(model):
            warnings.warn(
                f"The pictures of {self.source} were drawn with {drawn.weights_text()}; those of "
                f"now draw other pictures from their latents{drawn.best_hint()}",
                stacklevel=3,
            )

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
