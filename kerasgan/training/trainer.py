"""The trainer: from a recipe to a trained model."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from kerasgan.data import training_dataset
from kerasgan.data.skipped import skipped_list
from kerasgan.errors import TrainingDiverged, UserError
from kerasgan.files.atomic import remove_partial_files
from kerasgan.models import AdversarialModel
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_images import measured_images
from kerasgan.training import callbacks
from kerasgan.training.callbacks.evaluate import DISTANCE
from kerasgan.training.engine import Engine
from kerasgan.training.logs import check_logs, logs_of
from kerasgan.training.progress_animation import animate_progress
from kerasgan.training.resolved_run import ResolvedRun, resolve_run
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.start_report import EARLY_SAMPLES, report_start

_STOPPING = "Stopping after this batch; then a checkpoint is saved"


@dataclass(frozen=True)
class Training:
    """How a call of `train` ended.

    Attributes:
        model: The trained model, compiled.
        iterations: Iterations done so far, by this call and earlier ones.
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
    init: str | Path | None = None,
    freeze_discriminator: int | None = None,
    log: Sequence[str] = (),
    devices: str | None = None,
    progress: bool = False,
) -> Training:
    """Trains a recipe in a run folder, or resumes the training there.

    On one machine the weights are a pure function of (recipe, data, seed), and of the model that
    they start from, if one is given: a training that was killed at any moment and resumed ends with
    the same bits as one that ran through.

    Ctrl-C or SIGTERM ends the training after the current batch and saves a checkpoint.

    Args:
        recipe: What to train.
        folder: The run folder; see `RunFolder`.
        data: Folder or file of the data; by default the recipe's.
        recipe_text: The text of the recipe's file, kept in the run folder with its comments.
        init: The model whose weights to start from, the average of the generator's included: the
            name or address of a zoo entry, or the folder of an entry or a run. Layers that do not
            fit begin as those of a training without it do, and so do the optimizers. A run that
            is resumed needs no `init`, and refuses a model of other weights.
        freeze_discriminator: How many of the discriminator's first layers with weights stay as
            they are in that model (Mo et al., "Freeze the Discriminator", 2020); `None` freezes
            none, or, in a run that is resumed, those that it was started with.
        log: Where to log the run besides its own folder: `"wandb"` or `"mlflow"`, or both. A run
            that is resumed with the same `log` continues there. Events for TensorBoard are
            written whenever it is installed; `"tensorboard"` makes it an error if it is not.
        devices: The devices to train on; see `kerasgan.distribution.devices.strategy_for`. `None`
            leaves them to TensorFlow. The recipe's batch is divided among them. A training may be
            resumed on other devices; its weights are then the same up to rounding.
        progress: Whether to show progress bars on stderr.

    Several workers that the environment variable `TF_CONFIG` names train one model together. All
    are started with the same arguments, and only the first writes to its folder.

    Raises:
        UserError: The data, the recipe or the folder must be corrected; for example, the run was
            started with another recipe, other data or another `init`, or another process trains
            there.
        TrainingDiverged: A loss became NaN or exploded; the last good checkpoint is kept.
        WorkerLost: Another worker ended before the training was done.
    """
    check_logs(log)
    engine = Engine(devices, recipe.training.batch_size)
    with engine.run_folder(folder) as run, run.lock(), engine.watch_workers():
        engine.share_run(run)
        resolved = resolve_run(
            recipe,
            run,
            data=data,
            recipe_text=recipe_text,
            init=init,
            freeze_discriminator=freeze_discriminator,
            strategy=engine.strategy,
            restore=engine.is_chief,
            progress=progress,
        )
        engine.share_state(resolved)
        model, images = resolved.model, resolved.images
        if progress:
            report_start(resolved, run)
        if not run.exists:
            description = {
                "path": str(data or resolved.recipe.data.path),
                "images": len(images),
                "source": resolved.recipe.data.source,
                "skipped": skipped_list(images.skipped),
                "fingerprint": images.fingerprint,
            }
            start = None if resolved.init is None else msgspec.to_builtins(resolved.init)
            run.create(resolved.recipe, resolved.recipe_text, description, start)
        remove_partial_files(run.path)
        run.checkpoints.set_damaged_aside()
        run.record_devices(int(model.batches_seen.value.numpy()) // model.n_critic, engine.name)
        _fit(resolved, run, data, log if engine.is_chief else (), engine, progress=progress)
    iterations = int(model.batches_seen.value.numpy()) // model.n_critic
    return Training(model, iterations, interrupted=iterations < recipe.training.iterations)


def _fit(
    resolved: ResolvedRun,
    run: RunFolder,
    data: str | Path | None,
    log: Sequence[str],
    engine: Engine,
    *,
    progress: bool,
) -> None:
    """Trains from the model's state to the end of the recipe or a signal, and saves."""
    model, recipe = resolved.model, resolved.recipe
    plan, batches = recipe.training, model.n_critic
    done = int(model.batches_seen.value.numpy())
    lines = run.rewind_log(done // batches)
    if done >= plan.iterations * batches:
        return
    common = {"batches": batches, "last": plan.iterations}
    stop = callbacks.StopOnSignal(engine.any_worker, notice=_STOPPING if progress else None)
    used = [stop, callbacks.StopOnDivergence()]
    if resolved.held_out is not None:
        used.append(callbacks.HeldOutAccuracy(resolved.held_out, every=plan.log_every, **common))
    if plan.evaluate_every:
        used += _evaluation(resolved, run, data, lines, progress=progress)
    dataset = engine.dataset(
        training_dataset,
        resolved.training_images,
        batch_size=plan.batch_size,
        seed=plan.seed,
        start=done,
        augmentation=resolved.augmentation,
        balanced=recipe.data.balanced,
        dtype="uint8",
    )
    log_writer = callbacks.MetricsLog(
        run,
        images=plan.batch_size * batches,
        seconds=lines[-1]["seconds"] if lines else 0.0,
        every=plan.log_every,
        **common,
    )
    samples = callbacks.SampleGrid(
        run.samples, every=plan.sample_every, early=EARLY_SAMPLES, **common
    )
    logs = logs_of(log, run, every=plan.log_every, **common)
    used += [log_writer, samples, *logs]
    if plan.evaluate_every:
        used.append(callbacks.LearningCurve(run, every=plan.evaluate_every, **common))
    bar = callbacks.ProgressBar(
        batch_size=plan.batch_size,
        measured=[line[DISTANCE] for line in lines if DISTANCE in line],
        **common,
    )
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
        _animate(model, run, plan.iterations * batches)
    except TrainingDiverged as error:
        newest = run.checkpoints.newest
        kept = "not yet written" if newest is None else f"kept in {newest}"
        raise TrainingDiverged(
            f"Training stopped: {error}; the last good state is {kept}. Resuming from it would "
            "end in the same way: lower the learning rates, and train in another folder"
        ) from None
    finally:
        stop.restore()
        bar.close()
        for each in logs:
            each.close("failed")  # unless it was closed at the end of the training


def _animate(model: AdversarialModel, run: RunFolder, last_batch: int) -> None:
    """Animates the sample grids if the training came to its end, or says on stderr why not."""
    if int(model.batches_seen.value.numpy()) < last_batch:
        return
    try:
        animate_progress(run.path)
    except UserError as error:
        print(f"{run.progress_animation.name} is not made: {error}", file=sys.stderr)


def _evaluation(
    resolved: ResolvedRun,
    run: RunFolder,
    data: str | Path | None,
    lines: list[dict[str, Any]],
    *,
    progress: bool,
) -> list[callbacks.Evaluate]:
    """Returns what measures the model, or nothing and a line on stderr if it cannot be measured."""
    recipe = resolved.recipe
    try:
        images, _ = measured_images(recipe, data, progress=progress)
        return [
            callbacks.Evaluate(
                images,
                run.path,
                every=recipe.training.evaluate_every,
                history=[line for line in lines if "frechet_distance" in line],
                batches=resolved.model.n_critic,
                last=recipe.training.iterations,
            )
        ]
    except UserError as error:
        print(f"The training is not measured: {error}", file=sys.stderr)
        return []
