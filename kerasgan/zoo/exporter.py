"""From a run folder to a zoo entry."""

import contextlib
import json
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from PIL import Image

from kerasgan.data.own_grids import GRID
from kerasgan.drawing import grid, save_picture
from kerasgan.drawing.card_samples import card_columns, draw_card_samples
from kerasgan.errors import UserError
from kerasgan.export.litert import write_litert
from kerasgan.files.atomic import write_text
from kerasgan.files.new_folder import check_new_folder, files_below, is_litter, new_folder
from kerasgan.files.user_path import user_path
from kerasgan.models import AdversarialModel
from kerasgan.models.base.freezing import layers_with_weights
from kerasgan.recipes.recipe_file import read_recipe
from kerasgan.training.callbacks.learning_curve import draw_learning_curve
from kerasgan.training.resolved_recipe import resolve_recipe
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.run_loader import load_run
from kerasgan.zoo.about import about_of
from kerasgan.zoo.card import GATE, PROGRESS, write_card
from kerasgan.zoo.card_commands import address_of
from kerasgan.zoo.checksums import replaceable_files, write_checksums
from kerasgan.zoo.entry_files import LITERT, METRICS, PROSE, PROSE_PICTURES
from kerasgan.zoo.gate_curve import draw_gate_curve
from kerasgan.zoo.hub_address import is_hub_address
from kerasgan.zoo.saved_model import read_saved_model, write_saved_model

_PROGRESS_ROWS = 5
# An entry is small, and these pictures are looked at side by side.
_PROGRESS_QUALITY = 75
_NOT_METRICS = ("iteration", "images_per_second", "seconds")


def export(
    run_folder: str | Path,
    folder: str | Path,
    *,
    best: bool = False,
    compact: bool = False,
    force: bool = False,
    title: str | None = None,
    description: str | None = None,
    license: str | None = None,
    author: str | None = None,
    report: Callable[[str], None] | None = None,
) -> Path:
    """Makes a zoo entry of a training: of its newest checkpoint, or of its best weights.

    The entry holds the recipe, the SavedModel, the LiteRT files of `kerasgan.export`,
    `metrics.json`, `samples.png` (not selected), `progress.jpg` (the same latents during the
    training), `learning_curve.png` if the training was measured, `gate.png` if a gate held its
    discriminator back, the card `README.md` and checksums.
    If the folder is an entry already, its card's prose (`notes.md` and pictures in `notes`) is
    kept, and so are its title, description, licence and author unless others are given, and its
    recipe, with its comments, if the run followed it; the other files that its checksums list are
    replaced. No other file is ever deleted, and the entry appears whole or not
    at all.

    Args:
        run_folder: A folder that `kerasgan.training.train` wrote.
        folder: The folder of the entry; its last part is the model's name.
        best: Whether to export the weights with the smallest Fréchet distance.
        compact: Whether to keep kernels in float16 and the generator's average alone, which makes
            the entry about a quarter as large, and to leave out a network that only the training
            looks through (see `VisionAidedFastGAN.without_training_aids`). Pictures differ by less
            than a tenth of a grey level in 255 in the mean, single pixels of some models by up to
            five.
        force: Whether to replace files of an entry that were changed since they were exported.
        title: The card's title, by default the entry's name. An empty text removes an earlier one;
            so it does for the following.
        description: What the model draws and was made for, in Markdown, for the card.
        license: The licence, best as an identifier of SPDX such as `"cc-by-4.0"`.
        author: Who trained the model.
        report: What to call with the name of each part before it is made, if anything.

    Returns:
        The entry's folder.

    Raises:
        UserError: A model was passed, the run has no checkpoint, the folder has a file that would
            be lost, one of the two folders contains the other, or a text for the card is too long.
    """
    if isinstance(run_folder, AdversarialModel):
        raise UserError(
            "zoo.export makes an entry of a run folder, which has the recipe and the log of a "
            "training. For a model in Python there are gan.save (to train on), gan.export (a "
            "SavedModel), the functions of kerasgan.export, and kerasgan.explore. "
            f"Received: a {type(run_folder).__name__}"
        )
    run, folder = RunFolder(run_folder), user_path(folder)
    about = about_of(folder).updated(
        title=title, description=description, license=license, author=author
    )

    def replaceable(present: Path) -> set[str]:
        pictures = [f"{PROSE_PICTURES}/{name}" for name in files_below(present / PROSE_PICTURES)]
        kept = [*pictures, *([PROSE] if (present / PROSE).is_file() else [])]
        kept += ["recipe.toml"] if _recipe_file(run, present) != run.recipe_file else []
        return replaceable_files(present, kept=kept, force=force)

    run.describe()
    check_new_folder(folder, apart_from=[run.path], replaceable=replaceable)
    report = report or (lambda part: None)
    report("reading the weights")
    trained = load_run(run.path, precision=None, best=best)
    # Layers that a fine-tuning kept as they were are no less free in what it led to.
    for layer in layers_with_weights(trained.discriminator):
        layer.trainable = True
    model = trained
    if run.recipe().training.precision != "float32":
        model = load_run(run.path, precision="float32", best=best)
        # If the training goes on, another checkpoint may have been saved meanwhile.
        model.set_weights(trained.get_weights())
    if compact:
        model, trained = model.without_training_aids(), trained.without_training_aids()
    with new_folder(folder, apart_from=[run.path], replaceable=replaceable) as entry:
        report(f"SavedModel of iteration {trained.iterations_seen}")
        write_saved_model(model, entry, trained, compact=compact)
        shutil.copyfile(_recipe_file(run, folder), entry / "recipe.toml")
        if (folder / PROSE).is_file():
            shutil.copyfile(folder / PROSE, entry / PROSE)
        if (folder / PROSE_PICTURES).is_dir():
            shutil.copytree(
                folder / PROSE_PICTURES,
                entry / PROSE_PICTURES,
                symlinks=True,
                ignore=lambda _, names: filter(is_litter, names),
            )
        side = model.image_shape[0]  # Of the generator's own pictures, so there is one.
        rows = _draw_progress(run, side, trained.iterations_seen, entry / PROGRESS)  # pyright: ignore[reportArgumentType]
        _draw_learning_curve(run, entry / "learning_curve.png")
        _draw_gate_curve(run, entry / GATE)
        if compact:
            model = read_saved_model(entry, precision="float32")
        _write_litert(model, entry / LITERT, folder.name, lambda file: report(f"{LITERT}/{file}"))
        report("samples.png")
        samples = grid(draw_card_samples(model, seed=0), columns=card_columns(model))
        save_picture(samples, entry / "samples.png", text={GRID: "samples of a model"})
        report("metrics, card and checksums")
        metrics = {**_metrics(run, trained, rows), "about": msgspec.to_builtins(about)}
        write_text(entry / METRICS, json.dumps(metrics, indent=2) + "\n")
        write_card(entry, address_of(folder))
        write_checksums(entry)
    return folder


def _write_litert(
    model: AdversarialModel, folder: Path, name: str, report: Callable[[str], None]
) -> None:
    folder.mkdir()
    try:
        write_litert(model, folder, name=name, report=report)
    except UserError as error:
        shutil.rmtree(folder)
        warnings.warn(f"The entry has no LiteRT files. {error}", stacklevel=3)


def _recipe_file(run: RunFolder, folder: Path) -> Path:
    """Returns the recipe file of the replaced entry if the run followed it, or the run's own."""
    kept = folder / "recipe.toml"
    if kept.is_file():
        with contextlib.suppress(UserError):
            resolve_recipe(read_recipe(kept), run)
            return kept
    return run.recipe_file


def _metrics(run: RunFolder, model: AdversarialModel, progress: list[int]) -> dict[str, Any]:
    """Collects what the run recorded of the training, and facts about the networks."""
    description = run.describe()
    batches, iterations = int(model.batches_seen.value.numpy()), model.iterations_seen
    log = [line for line in run.log() if line["iteration"] <= iterations]
    last = log[-max(1, len(log) // 20) :]
    names = sorted({name for line in last for name in line} - {*_NOT_METRICS})
    return {
        "objective": description["recipe"]["model"]["objective"],
        "image_shape": list(model.image_shape),
        "latent_dim": model.latent_dim,
        "classes": {name: list(model.class_names[name]) for name in model.condition},
        "parameters": {name: getattr(model, name).count_params() for name in model.network_names},
        "training": {
            "iterations": iterations,
            "batches": batches,
            "hours": round(log[-1]["seconds"] / 3600, 2) if log else None,
            "precision": description["recipe"]["training"]["precision"],
            "images": description["data"]["images"] - description["data"].get("held_out", 0),
            "data": _data_name(description),
            **_started_from(description),
            "images_per_second": round(float(np.median([x["images_per_second"] for x in log])), 1)
            if log
            else None,
        },
        "last_twentieth": {
            name: float(np.mean([line[name] for line in last if name in line])) for name in names
        },
        "progress_rows": progress,
        "versions": description["versions"],
        "machine": description["machine"],
    }


def _data_name(description: dict[str, Any]) -> str:
    """Returns the name of the training's images, without the folders that they lie in."""
    source, path = description["recipe"]["data"]["source"], description["data"]["path"]
    return source if source.startswith("tfds:") else Path(path).name or source


def _started_from(description: dict[str, Any]) -> dict[str, str]:
    """Returns the model that the training started from, without the folders that it lies in."""
    if "init" not in description:
        return {}
    origin = description["init"]["origin"]
    return {"started_from": origin if is_hub_address(origin) else Path(origin).name}


def _draw_learning_curve(run: RunFolder, path: Path) -> None:
    log = run.log()
    if any("frechet_distance" in line for line in log):
        try:
            draw_learning_curve(log, path)
        except UserError as error:
            warnings.warn(f"The entry has no picture of its measures. {error}", stacklevel=3)


def _draw_gate_curve(run: RunFolder, path: Path) -> None:
    try:
        draw_gate_curve(run.log(), path)
    except UserError as error:
        warnings.warn(f"The entry has no picture of the gate. {error}", stacklevel=3)


def _draw_progress(run: RunFolder, side: int, until: int, path: Path) -> list[int]:
    """Stacks the first row of sample grids up to an iteration; returns their iterations."""
    grids = {each: file for each, file in run.sample_grids().items() if each <= until}
    if not grids:
        return []
    available = np.array(list(grids))
    # Most is learned early, so the rows are evenly spaced in the logarithm of the iteration.
    wanted = np.geomspace(max(available[0], 1), max(available[-1], 1), _PROGRESS_ROWS)
    chosen = sorted({int(available[np.abs(available - goal).argmin()]) for goal in wanted})
    rows = []
    for iteration in chosen:
        with Image.open(grids[iteration], formats=["PNG"]) as picture:
            pixels = np.asarray(picture)
        rows.append(pixels[:side].reshape(side, pixels.shape[1], -1))
    stacked = grid(np.stack(rows), columns=1)
    save_picture(stacked, path, quality=_PROGRESS_QUALITY)
    return chosen
