"""Pictures drawn from one model, which know what they were drawn from."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from kerasgan.argument_checks import whole_number
from kerasgan.drawing.drawn_picture import DrawnPicture, save_numbered
from kerasgan.drawing.from_provenance import show
from kerasgan.drawing.latent_files import LATENT_FILE, picks_as_json
from kerasgan.drawing.latents import packed
from kerasgan.drawing.number_runs import numbers_text
from kerasgan.drawing.picture import check_upscale
from kerasgan.drawing.picture_classes import Label
from kerasgan.drawing.provenance import BATCH_SIZE, Provenance, Selection
from kerasgan.errors import UserError, shortened


@dataclass(frozen=True, eq=False)
class Samples:
    """Pictures and what they were drawn from. A notebook shows them in a grid.

    Attributes:
        images: `(n, height, width, channels)`, float32 in [0, 1].
        latents: `(n, latent_dim)`, float32.
        provenance: What they were all drawn from.
    """

    images: np.ndarray
    latents: np.ndarray
    provenance: Provenance

    def __repr__(self) -> str:
        count, height, width, _ = self.images.shape
        return f"<Samples {count:,} of {width}x{height} from {self.provenance.summary()}>"

    def __len__(self) -> int:
        return len(self.images)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The number of each picture: its own seed, if it has one, or else its place from 0."""
        return self.provenance.picture_numbers(len(self))

    def grid(
        self,
        columns: int = 8,
        *,
        captions: bool = False,
        numbers: bool = False,
        upscale: int = 1,
    ) -> DrawnPicture:
        """Returns all of them in one picture.

        Args:
            columns: Pictures in a row.
            captions: Whether to write each picture's classes beneath it.
            numbers: Whether to write each picture's number into its upper left corner; `pick`
                takes these numbers.
            upscale: How many times as wide and high to make each picture, from 1 to 16, with a
                Lanczos filter.

        Raises:
            UserError: `captions` is true, and the pictures have no classes; or `numbers` is true,
                and the numbers are wider than the pictures; or `columns` or `upscale` is out of
                range, or makes the pictures too large for memory.
        """
        if captions and not self.provenance.labels:
            raise UserError("Captions are the names of classes, and these pictures have none")
        return show(
            self.images,
            msgspec.structs.replace(
                self.provenance,
                columns=whole_number("columns", columns, least=1),
                captions=captions,
                numbered=numbers,
                upscale=check_upscale(upscale),
            ),
        )

    def pictures(self, *, upscale: int = 1) -> Iterator[DrawnPicture]:
        """Yields each picture, with the provenance of the batch that it was drawn in.

        Args:
            upscale: See `grid`.
        """
        check_upscale(upscale)
        return (self._picture(index, upscale) for index in range(len(self)))

    def pick(self, numbers: Collection[int], *, upscale: int = 1) -> list[DrawnPicture]:
        """Returns the pictures with some numbers, in the order of the numbers.

        Args:
            numbers: Their numbers, as `grid(numbers=True)` writes them.
            upscale: See `grid`.

        Raises:
            UserError: No picture has one of the numbers, or `upscale` is out of range.
        """
        check_upscale(upscale)
        return [self._picture(index, upscale) for index in self.places(numbers)]

    def places(self, numbers: Collection[int]) -> list[int]:
        """Returns the places of the pictures with some numbers, counted from 0.

        Raises:
            UserError: No picture has one of the numbers.
        """
        places = {number: place for place, number in enumerate(self.numbers)}
        if missing := [number for number in numbers if number not in places]:
            raise UserError(
                f"There is no picture {missing[0]}; the pictures are "
                f"{shortened(numbers_text(self.numbers))}"
            )
        return [places[number] for number in numbers]

    def save_picks(
        self,
        numbers: Collection[int],
        folder: str | Path,
        *,
        upscale: int = 1,
        force: bool = False,
    ) -> Path:
        """Writes some pictures, each into a PNG named by its number, and their latents.

        All names have as many digits as the longest number of these samples, so that picks of one
        grid sort by number, whenever they were picked.

        The latents are in `latents.json`, with their classes where the model has some. `sample` and
        `morph` take the file, as do `kerasgan sample`, `morph`, `blend` and `render`;
        `read_latents`, `resolve_latent` and `resolve_labels` read it.

        Args:
            numbers: Their numbers; see `pick`.
            folder: The folder. All files are written or none.
            upscale: See `grid`.
            force: Whether to replace numbered pictures and latents that are there.

        Returns:
            The folder.

        Raises:
            UserError: As `pick`, there are no numbers, or the folder cannot be written.
        """
        numbers = tuple(dict.fromkeys(numbers))
        if not numbers:
            raise UserError(
                "save_picks takes the numbers of one or more pictures, which are "
                f"{shortened(numbers_text(self.numbers))}. Received: none"
            )
        places = dict(zip(numbers, self.places(numbers), strict=True))
        latents = {number: self.latents[place] for number, place in places.items()}
        labels = {
            name: {number: values[place] for number, place in places.items()}
            for name, values in self.provenance.labels.items()
        }
        return save_numbered(
            self.pick(numbers, upscale=upscale),
            len(numbers),
            folder,
            numbers=numbers,
            digits=max(len(str(number)) for number in self.numbers),
            files={LATENT_FILE: self._picks_file(latents, labels)},
            force=force,
        )

    def _picks_file(
        self, latents: Mapping[int, np.ndarray], labels: Mapping[str, Mapping[int, Label]]
    ) -> bytes:
        drawn = self.provenance
        return picks_as_json(drawn.model, latents, labels, weights=drawn.weights, best=drawn.best)

    def _picture(self, index: int, upscale: int) -> DrawnPicture:
        first = index // BATCH_SIZE * BATCH_SIZE
        part = slice(first, first + BATCH_SIZE)
        batch = self._batch(part)
        shown = msgspec.structs.replace(batch, show=index - first, upscale=upscale)
        return show(self.images[part], shown)

    def _batch(self, part: slice) -> Provenance:
        selection = self.provenance.selection
        if selection is not None:
            selection = Selection(
                selection.best_of, selection.realness[part], selection.confidence[part]
            )
        return msgspec.structs.replace(
            self.provenance,
            numbers=self.provenance.numbers[part],
            seeds=self.provenance.seeds[part],
            latents=packed(self.latents[part]) if self.provenance.latents else "",
            labels={name: values[part] for name, values in self.provenance.labels.items()},
            selection=selection,
        )

    def _repr_png_(self) -> bytes:
        return self.grid()._repr_png_()
