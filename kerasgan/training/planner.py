"""What a training would do."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from rich.filesize import decimal

from kerasgan.distribution.workers import worker_count
from kerasgan.errors import UserError, shortened, shortened_message
from kerasgan.files.atomic import check_could_be_made
from kerasgan.models import AdversarialModel
from kerasgan.recipes.build import build_model
from kerasgan.recipes.memory import needed_memory
from kerasgan.recipes.own_pictures import lost_colours
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_file import check_is_recipe
from kerasgan.recipes.recipe_images import RecipeImages
from kerasgan.training.advice import advice
from kerasgan.training.cluster import Cluster, check_divisible
from kerasgan.training.disk_space import check_disk_space, expected_size
from kerasgan.training.resolved_recipe import resolve_recipe
from kerasgan.training.resolved_run import ResolvedRun, present_data_of_run, resolve_run
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.warm_start import resolve_warm_start


def plan(
    recipe: Recipe,
    folder: str | Path,
    *,
    data: str | Path | None = None,
    recipe_text: str | None = None,
    init: str | Path | None = None,
    freeze_discriminator: int | None = None,
    devices: str | int | None = None,
    include_recipe: bool = True,
    progress: bool = False,
) -> str:
    """Describes what `train` would do with the same arguments; trains nothing.

    Nothing is downloaded either, unless `init` is the address of a model on the Hub.

    Args:
        recipe: What would be trained.
        folder: The run folder; nothing is written there.
        data: As in `train`.
        recipe_text: The text of the recipe's file.
        init: The model to start from, as in `train`.
        freeze_discriminator: As in `train`.
        devices: As in `train`.
        include_recipe: Whether the recipe, with every default, follows.
        progress: Whether to show progress bars on stderr.

    Returns:
        Lines about the data, the networks, the schedule, and the memory and disk space needed;
        then the recipe.

    Raises:
        UserError: `train` would raise it too.
    """
    check_is_recipe(recipe)
    check_divisible(recipe.training.batch_size, worker_count(), "workers")
    if worker_count() == 1:  # A cluster of several waits for the others.
        Cluster(devices, recipe.training.batch_size)
    run = RunFolder(folder)
    check_could_be_made(run.path)
    data, images = data or present_data_of_run(run, recipe), None
    with run.lock() if run.path.is_dir() else contextlib.nullcontext():
        if RecipeImages(recipe, data).would_be_downloaded:
            recipe = resolve_recipe(recipe, run)
            if not recipe.classes_are_known:
                raise UserError(
                    f"The classes of {recipe.data.source} are known once it is downloaded: run "
                    f"kerasgan data prepare {recipe.data.source}"
                )
            start = resolve_warm_start(run, init, freeze_discriminator)
            frozen = 0 if start is None else start.freeze_discriminator
            model = build_model(recipe, freeze_discriminator=frozen)
            start = start if start is None or run.exists else start.apply(model)
            lines = [f"data: {recipe.data.source}, which would be downloaded first"]
        else:
            resolved = resolve_run(
                recipe,
                run,
                data=data,
                recipe_text=recipe_text,
                init=init,
                freeze_discriminator=freeze_discriminator,
                progress=progress,
            )
            start = resolved.init
            recipe, model, images = resolved.recipe, resolved.model, resolved.images.all
            lines = _about_data(resolved, run)
    check_disk_space(model, recipe, run)
    training = recipe.training
    networks = {name: getattr(model, name) for name in model.network_names}
    memory = needed_memory(networks, training.batch_size)
    seen = training.iterations * model.n_critic * training.batch_size
    lines += [
        *(
            f"{name.replace('_', ' ')}: {recipe.networks[name]['network']}, "
            f"{network.count_params():,} parameters"
            for name, network in networks.items()
        ),
        f"objective: {type(model).__name__}",
        *([] if start is None else [f"first weights: {start.summary()}"]),
        f"training: {training.iterations:,} iterations of {model.n_critic} x "
        f"{training.batch_size} images"
        + (f", each seen {seen / len(images):,.0f} times" if images else ""),
        f"memory: at least {decimal(memory)}, beside the half a gigabyte of TensorFlow itself",
        f"disk space: {expected_size(model, recipe, run)}",
        f"run folder: {run.path}{_about_run(run, model, training.iterations)}",
        *(["", recipe.as_toml().strip()] if include_recipe else []),
    ]
    return "\n".join(lines)


def _about_data(resolved: ResolvedRun, run: RunFolder) -> list[str]:
    images = resolved.images.all
    return [
        f"data: {len(images)} images of {'x'.join(map(str, images.images.shape[1:]))}",
        *(
            f"classes: {len(names)} of {label_set} ({_listed(names)})"
            for label_set, names in images.class_names.items()
        ),
        *(f"changed for these data: {change}" for change in resolved.changes),
        *advice(resolved, listed=f"in {run.description_file}, once it trains"),
        *lost_colours(resolved.recipe, resolved.data_path),
    ]


def _about_run(run: RunFolder, model: AdversarialModel, iterations: int) -> str:
    done = model.iterations_seen
    if done >= iterations:
        return f", which has {done:,} iterations already: there is nothing to train"
    return f", which would be resumed at iteration {done:,}" if run.exists else ""


def _listed(names: Sequence[str]) -> str:
    return shortened_message(shortened(", ".join(names)))
