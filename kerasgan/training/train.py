"""The trainer: from a recipe to a trained model."""

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path

from kerasgan.data import ImageSet, training_dataset
from kerasgan.errors import TrainingDiverged
from kerasgan.files import remove_partial_files
from kerasgan.models import AdversarialModel
from kerasgan.recipes.recipe import Recipe
from kerasgan.training import callbacks
from kerasgan.training.load_run import restore
from kerasgan.training.preparation import Preparation, prepare_training
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.run_lock import run_lock

_NAMED_SKIPS = 5


@dataclass(frozen=True)
class Training:
    """How a call of `train` ended.

    Attributes:
        model: The trained model, compiled.
        iterations: Iterations done so far, in this call and before.
        interrupted: Whether a signal ended it early.
    """

    model: AdversarialModel
    iterations: int
    interrupted: bool


def train(
    recipe: Recipe,
    folder: str | Path,
    *,
    data: str | Path | None = None,
    recipe_text: str | None = None,
    progress: bool = False,
) -> Training:
    """Trains a recipe in a run folder, or goes on where the training there stopped.

    Weights are a pure function of (recipe, data, seed) on one machine: a training that was killed
    at any moment and resumed ends with the same bits as one that was left alone.

    Args:
        recipe: What to train.
        folder: The run folder; see `RunFolder`.
        data: Folder or file of the data; by default the recipe's.
        recipe_text: The recipe's own file, kept in the run folder with its comments.
        progress: Whether to show progress bars on stderr.

    Raises:
        UserError: The data, the recipe or the folder must be corrected; in particular, the run
            was begun with another recipe or other data, or another process trains there.
        TrainingDiverged: A loss became NaN or exploded; the last good checkpoint is kept.
    """
    run = RunFolder(folder)
    with run_lock(run.path):
        prepared = prepare_training(
            recipe, run, data=data, recipe_text=recipe_text, progress=progress
        )
        recipe, model = prepared.recipe, prepared.model
        if progress:
            report_skipped(prepared.images)
        if not run.exists:
            images = prepared.images
            description = {
                "path": str(data or recipe.data.path),
                "images": len(images),
                "skipped": [f"{skip.path}: {skip.reason}" for skip in images.skipped],
                "fingerprint": images.fingerprint,
            }
            run.create(recipe, prepared.recipe_text, description)
        remove_partial_files(run.path)
        run.checkpoints.set_damaged_aside()
        if run.checkpoints.newest is not None:
            restore(model, run)
        _fit(prepared, run, progress=progress)
    iterations = int(model.batches_seen.value.numpy()) // batches_per_iteration(model)
    return Training(model, iterations, interrupted=iterations < recipe.training.iterations)


def report_skipped(images: ImageSet) -> None:
    """Says on stderr how many files could not be read, and names the first of them."""
    for skip in images.skipped[:_NAMED_SKIPS]:
        print(f"Skipped {skip.path}: {skip.reason}", file=sys.stderr)
    if (more := len(images.skipped) - _NAMED_SKIPS) > 0:
        print(f"Skipped {more} more; run.json names all", file=sys.stderr)


def batches_per_iteration(model: AdversarialModel) -> int:
    """Returns how many batches of `fit` make one iteration of the papers."""
    return getattr(model, "n_critic", 1)


def _fit(prepared: Preparation, run: RunFolder, *, progress: bool) -> None:
    """Trains from where the model stands to the recipe's end or a signal, and saves."""
    model, recipe = prepared.model, prepared.recipe
    plan, batches = recipe.training, batches_per_iteration(model)
    done = int(model.batches_seen.value.numpy())
    log = run.rewind_log(done // batches)
    if done >= plan.iterations * batches:
        return
    common = {"batches": batches, "last": plan.iterations}
    stop = callbacks.StopOnSignal()
    used = [stop, callbacks.StopOnDivergence()]
    if prepared.held_out is not None:
        used.append(callbacks.HeldOut(prepared.held_out, every=plan.log_every, **common))
    dataset = training_dataset(
        prepared.training_images,
        batch_size=plan.batch_size,
        seed=plan.seed,
        start=done,
        augmentation=prepared.augmentation,
        balanced=recipe.data.balanced,
        dtype="uint8",
    )
    log_writer = callbacks.Log(
        run,
        images=plan.batch_size * batches,
        seconds=log[-1]["seconds"] if log else 0.0,
        every=plan.log_every,
        **common,
    )
    samples = callbacks.Samples(run, every=plan.sample_every, **common)
    used += [log_writer, samples]
    if importlib.util.find_spec("tensorboard") is not None:
        used.append(callbacks.TensorBoardEvents(run, samples, every=plan.log_every, **common))
    bar = callbacks.Progress(batches=batches, batch_size=plan.batch_size, last=plan.iterations)
    checkpoint = callbacks.Checkpoint(run, every=plan.checkpoint_every, **common)
    used += [bar, checkpoint] if progress else [checkpoint]
    try:
        model.fit(
            dataset,
            steps_per_epoch=plan.iterations * batches - done,
            shuffle=False,
            verbose=0,
            callbacks=used,
        )
        checkpoint.save()
    except TrainingDiverged as error:
        newest = run.checkpoints.newest
        kept = "not yet written" if newest is None else f"kept in {newest}"
        raise TrainingDiverged(
            f"Training stopped: {error}; the last good state is {kept}. Going on from it would "
            "end in the same way: lower the learning rates, and train in another folder"
        ) from None
    finally:
        stop.restore()
        bar.close()
