"""Training the model of a run from its state to the end of its recipe."""

import sys
from collections.abc import Sequence
from typing import Any

import keras

from kerasgan.data import training_dataset
from kerasgan.data.python_step import step_errors
from kerasgan.errors import TrainingDiverged, UserError
from kerasgan.models import AdversarialModel
from kerasgan.training import callbacks
from kerasgan.training.callbacks.evaluate import DISTANCE
from kerasgan.training.cluster import Cluster
from kerasgan.training.logs import logs_of
from kerasgan.training.progress_animation import animate_progress
from kerasgan.training.resolved_run import ResolvedRun
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.sample_schedule import EARLY_SAMPLES

_STOPPING = "Stopping after this batch; then a checkpoint is saved"


def fit(
    resolved: ResolvedRun,
    run: RunFolder,
    cluster: Cluster,
    *,
    own_callbacks: Sequence[keras.callbacks.Callback] = (),
    log: Sequence[str] = (),
    progress: bool = False,
) -> None:
    """Trains a model from its state to the end of the recipe or a signal, and saves it.

    Args:
        resolved: What is trained, and on what.
        run: The run folder, which exists.
        cluster: The devices and workers that train.
        own_callbacks: Callbacks of the user, as in `kerasgan.training.train`.
        log: As in `kerasgan.training.train`.
        progress: Whether to show a progress bar on stderr.

    Raises:
        TrainingDiverged: A loss became NaN or exploded; the last good checkpoint is kept.
    """
    model, recipe = resolved.model, resolved.recipe
    training, last = recipe.training, recipe.training.iterations
    done = int(model.batches_seen.value.numpy())
    lines = run.rewind_log(model.iterations_seen)
    if model.iterations_seen >= last:
        if not run.progress_is_animated:  # The process ended after the last checkpoint.
            _animate(model, run, last)
        return
    stop = callbacks.StopOnSignal(cluster.any_worker, notice=_STOPPING if progress else None)
    used: list[keras.callbacks.Callback] = [callbacks.StopOnDivergence()]
    if (held_out := resolved.images.held_out) is not None:
        used.append(callbacks.HeldOutAccuracy(held_out, every=training.log_every, last=last))
    if training.evaluate_every:
        used += _evaluation(resolved, run, lines)
    used += own_callbacks
    dataset = cluster.dataset(
        training_dataset,
        resolved.images.training,
        batch_size=training.batch_size,
        seed=training.seed,
        start=done,
        augmentation=resolved.augmentation,
        balanced=recipe.data.balanced,
        dtype="uint8",
    )
    log_writer = callbacks.MetricsLog(
        run,
        images=training.batch_size * model.n_critic,
        seconds=lines[-1]["seconds"] if lines else 0.0,
        every=training.log_every,
        last=last,
    )
    samples = callbacks.SampleGrid(
        run.samples, every=training.sample_every, early=EARLY_SAMPLES, last=last
    )
    logs = logs_of(log, run, every=training.log_every, last=last)
    used += [log_writer, samples, *logs]
    if training.evaluate_every:
        used.append(callbacks.LearningCurve(run, every=training.evaluate_every, last=last))
    bar = callbacks.ProgressBar(
        batch_size=training.batch_size,
        measured=[line[DISTANCE] for line in lines if DISTANCE in line],
        last=last,
    )
    checkpoint = callbacks.Checkpoint(run, every=training.checkpoint_every, last=last)
    used += [*([bar] if progress else []), checkpoint, stop]
    try:
        with step_errors():
            model.fit(
                dataset,
                steps_per_epoch=last * model.n_critic - done,
                shuffle=False,
                verbose=0,
                callbacks=used,
            )
        _animate(model, run, last)
    except TrainingDiverged as error:
        newest = run.checkpoints.newest
        kept = "not yet written" if newest is None else f"kept in {newest}"
        raise TrainingDiverged(
            f"Training stopped: {error}; the last good state is {kept}. Resuming from it would "
            "end in the same way: lower the learning rates, and train in another folder"
        ) from None
    finally:
        bar.close()
        for each in logs:
            each.close("failed")  # unless it was closed at the end of the training


def _animate(model: AdversarialModel, run: RunFolder, iterations: int) -> None:
    """Animates the sample grids if the training came to its end, or says on stderr why not."""
    if model.iterations_seen < iterations:
        return
    try:
        animate_progress(run.path)
    except UserError as error:
        print(f"{run.progress_animation.name} is not made: {error}", file=sys.stderr)


def _evaluation(
    resolved: ResolvedRun,
    run: RunFolder,
    lines: list[dict[str, Any]],
) -> list[callbacks.Evaluate]:
    """Returns what measures the model, or nothing and a line on stderr if it cannot be measured."""
    recipe = resolved.recipe
    try:
        images, _ = resolved.images.measured()
        return [
            callbacks.Evaluate(
                images,
                run.path,
                every=recipe.training.evaluate_every,
                history=[
                    {**line, "batches": line["iteration"] * resolved.model.n_critic}
                    for line in lines
                    if "frechet_distance" in line
                ],
                last=recipe.training.iterations,
            )
        ]
    except UserError as error:
        print(f"The training is not measured: {error}", file=sys.stderr)
        return []
