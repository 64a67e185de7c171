"""From the names of models to their measures."""

from collections.abc import Sequence
from pathlib import Path

from kerasgan.data import ImageSet
from kerasgan.errors import UserError
from kerasgan.metrics import Evaluation, Reference, named_features
from kerasgan.metrics import evaluate as evaluate_model
from kerasgan.metrics.confusion import check_classifies
from kerasgan.models import AdversarialModel
from kerasgan.one_or_more import one_or_more
from kerasgan.recipes.own_pictures import recipe_for_data
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_file import read_recipe
from kerasgan.recipes.recipe_images import RecipeImages
from kerasgan.training.resolved_run import data_of_run
from kerasgan.zoo.entries import find, run_of
from kerasgan.zoo.loader import check_weights, open_model


def evaluate(
    models: Sequence[str | Path],
    data: str | Path | None = None,
    *,
    count: int = 1000,
    features: str = "efficientnet_lite1",
    seed: int = 0,
    best: bool = False,
    confusions: bool = False,
    progress: bool = False,
) -> dict[str, Evaluation]:
    """Measures models against the images that their recipes name.

    The images are not augmented: a model that was trained on flipped images, and so draws flipped
    ones, is measured against the images as they are.

    Args:
        models: Each as in `kerasgan.zoo.open_model`.
        data: Folder or file of the images; by default those that a run was trained on, if they are
            still where they were, or the recipe's, or the download.
        count: As in `kerasgan.metrics.Reference`.
        features: As in `kerasgan.metrics.named_features`.
        seed: Seed of the latents and of the choice of images.
        best: Of runs, whether to measure the weights with the smallest Fréchet distance.
        confusions: Whether each model must have class heads, and its recipe held-out images to
            test them on.
        progress: Whether to show progress bars on stderr.

    Returns:
        The evaluations, by the names in `models`.

    Raises:
        UserError: A model or its images are missing, or the images are too few; or `confusions`
            is asked of a model that has none.
    """
    if features != "classifier":
        named_features(features)  # before images are decoded for minutes
    recipes = {}
    # What is missing is told before the first model is measured.
    for name in one_or_more(models):
        path = _data_of(name) if data is None else data
        check_weights(name, best=best)
        recipes[name] = path, recipe_for_data(recipe_of(name), path)
    references: dict[str, Reference] = {}
    evaluations = {}
    for name, (path, recipe) in recipes.items():
        gan = open_model(name, best=best)
        images, held_out = RecipeImages(recipe, path, progress=progress).measured()
        if confusions:
            _check_classifies(name, gan, held_out)
        # Models of the same images share the features of the real ones, which take minutes.
        if images.fingerprint not in references:
            references[images.fingerprint] = Reference(
                images,
                count=count,
                features=features,
                held_out=held_out,
                seed=seed,
                progress=progress,
            )
        reference = references[images.fingerprint]
        evaluations[str(name)] = evaluate_model(
            gan, reference, seed=seed, balanced=recipe.data.balanced, progress=progress
        )
    return evaluations


def _check_classifies(name: str | Path, gan: AdversarialModel, held_out: ImageSet | None) -> None:
    try:
        check_classifies(gan, held_out)
    except UserError as error:
        raise UserError(f"{name} has no confusion picture: {error}") from None


def _data_of(name: str | Path) -> Path | None:
    """Returns the path of the images that a run was trained on, if something is there."""
    run = run_of(name)
    trained_on = None if run is None else data_of_run(run, run.recipe())
    return Path(trained_on) if trained_on and Path(trained_on).exists() else None


def recipe_of(name: str | Path) -> Recipe:
    """Returns the recipe of a model of the zoo, an entry's folder or a run folder."""
    if (run := run_of(name)) is not None:
        return run.recipe()
    return read_recipe(find(name) / "recipe.toml")
