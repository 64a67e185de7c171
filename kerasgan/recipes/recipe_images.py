"""The images of a recipe: for training, for holding out, and for measuring its models."""

import warnings
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np

from kerasgan.data import ImageSet, holdout_split, load_images
from kerasgan.data.holdout import is_of_train, labelled_like
from kerasgan.data.load import own_test_split
from kerasgan.data.sources.catalog import how_to_get, is_downloaded, source_of
from kerasgan.data.sources.tfds_folder import is_on_disk
from kerasgan.errors import NoSuchSplit, UserError
from kerasgan.recipes.recipe import Recipe


class RecipeImages:
    """The images of a recipe, each set of which is read when it is first used.

    The recipe is taken as it is: `kerasgan.recipes.own_pictures.recipe_for_data` changes one for
    data other than its own.

    Args:
        recipe: The recipe.
        data: Folder or file of the data; by default the recipe's.
        progress: Whether to show a progress bar on stderr while images are decoded.
    """

    def __init__(
        self, recipe: Recipe, data: str | Path | None = None, *, progress: bool = False
    ) -> None:
        self._recipe = recipe
        self._path = data or recipe.data.path or None
        self._progress = progress
        self._splits: dict[str, ImageSet] = {}

    @property
    def recipe(self) -> Recipe:
        """The recipe with the classes of all its label sets, if need be those of the images.

        Raises:
            UserError: See `all`.
        """
        if self._recipe.classes_are_known:
            return self._recipe
        section = self._recipe.data
        classes = {name: list(self.all.class_names[name]) for name in section.labels}
        section = msgspec.structs.replace(section, classes=classes)
        return msgspec.structs.replace(self._recipe, data=section)

    @property
    def would_be_downloaded(self) -> bool:
        """Whether reading the images would first download them."""
        source = source_of(self._recipe.data.source)
        if self._path is not None or not is_downloaded(source):
            return False
        return not is_on_disk(source.removeprefix("tfds:"), None)

    @cached_property
    def all(self) -> ImageSet:
        """The images of the recipe's label sets, including those that it holds out.

        Raises:
            UserError: There is no such data, or no image of a class that the recipe names, or there
                are fewer images than a batch has.
        """
        section, batch_size = self._recipe.data, self._recipe.training.batch_size
        images = self._read(section.split).select(section.labels, section.classes)
        if len(images) < batch_size:
            raise UserError(
                f"training.batch_size is {batch_size}, but {self._path or section.source} has only "
                f"{len(images)} readable images; give more, of which 100 are a good beginning, or "
                f"override the recipe by training.batch_size={len(images)} (on the command line "
                "after --set)"
            )
        return images

    @property
    def training(self) -> ImageSet:
        """The images to train on.

        Raises:
            UserError: See `all`; or there are too few to hold some out.
        """
        return self._training_and_held_out[0]

    @property
    def held_out(self) -> ImageSet | None:
        """The images that `data.holdout` holds out of the training, or `None` if it is 0."""
        return self._training_and_held_out[1]

    @cached_property
    def _training_and_held_out(self) -> tuple[ImageSet, ImageSet | None]:
        training, held_out = self._split(self.all)
        batch_size = self._recipe.training.batch_size
        if len(training) < batch_size:
            raise UserError(
                f"training.batch_size is {batch_size}, but data.holdout leaves {len(training)} of "
                f"{len(self.all)} images to train on: give more, or override the recipe by "
                "data.holdout=0 (on the command line after --set)"
            )
        return training, held_out

    def read(self) -> None:
        """Reads the images for training and those held out now.

        Raises:
            UserError: See `all` and `training`.
        """
        _ = self._training_and_held_out

    def measured(self) -> tuple[ImageSet, ImageSet | None]:
        """Returns the images to measure the recipe's models against, and the held-out images.

        The first are the images that the recipe trains on, without augmentation. If it crops
        images at random, only the middle of each image is returned. If it names no label sets, the
        images keep the label sets in which every image has a label. The held-out images are those
        that the recipe holds out. If it holds out none and trains on the split `"train"`, or on
        parts of it alone, they are the split `"test"`, or `None` if there is no such split.

        Raises:
            UserError: There is no such data, or no image of a class that the recipe names.
        """
        section = self._recipe.data
        images = self._read(section.split)
        if section.labels:
            images = images.select(section.labels, section.classes)
        else:
            complete = [name for name in images.labels if images.labels[name].min() >= 0]
            images = images.select(complete)
        if is_of_train(section.split) and not section.holdout:
            held_out = self._test_split(images)
        else:
            images, held_out = self._split(images)
        side = section.side
        return _middle(images, side), None if held_out is None else _middle(held_out, side)

    def _split(self, images: ImageSet) -> tuple[ImageSet, ImageSet | None]:
        """Splits images into those to train on and those that `data.holdout` holds out."""
        section = self._recipe.data
        if not section.holdout:
            return images, None
        split = own_test_split(section.source, self._path, section.split)
        if split is not None:
            return images, labelled_like(self._read(split), images)
        try:
            return holdout_split(images, section.holdout)
        except UserError as error:
            raise UserError(f"data.holdout: {error}; 0 holds out none") from None

    def _test_split(self, images: ImageSet) -> ImageSet | None:
        try:
            tests = self._read("test")
        except NoSuchSplit:  # Most data have none.
            return None
        if tests.fingerprint == self._read(self._recipe.data.split).fingerprint:
            return None  # A folder of that name, and no other.
        try:
            return labelled_like(tests, images) if images.labels else tests.select()
        except UserError as error:
            warnings.warn(f"Nothing is measured on the split 'test': {error}", stacklevel=2)
            return None

    def _read(self, split: str) -> ImageSet:
        """Returns a split of the recipe's source, with all label sets that the source has."""
        if split not in self._splits:
            self._splits[split] = self._load(split)
        return self._splits[split]

    def _load(self, split: str) -> ImageSet:
        section = self._recipe.data
        if self._path is None and not is_downloaded(section.source):
            how = section.help or how_to_get(section.source)
            raise UserError(f"This recipe needs images: pass data=PATH. {how}".strip())
        return load_images(
            section.source,
            path=self._path,
            image_size=section.image_size,
            channels=section.channels,
            fit=section.fit,
            background=section.background,
            split=split,
            stream=section.stream,
            progress=self._progress,
        )


def _middle(images: ImageSet, side: int) -> ImageSet:
    """Crops each image to the square of `side` pixels in its middle."""
    if images.images.shape[1] == side:
        return images
    start = (images.images.shape[1] - side) // 2
    cut = np.asarray(images.images)[:, start : start + side, start : start + side]
    return replace(images, images=np.ascontiguousarray(cut), images_fingerprint="")
