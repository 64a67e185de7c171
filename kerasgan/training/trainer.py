"""The trainer: from a recipe to a trained model."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kerasgan.data.skipped import skipped_list
from kerasgan.files.atomic import remove_partial_files
from kerasgan.models import AdversarialModel
from kerasgan.recipes.recipe import Recipe
from kerasgan.recipes.recipe_file import check_is_recipe
from kerasgan.training.cluster import Cluster
from kerasgan.training.disk_space import check_disk_space
from kerasgan.training.fit import fit
from kerasgan.training.logs import check_logs
from kerasgan.training.resolved_run import resolve_run
from kerasgan.training.start_report import report_start

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Training:
    """How a call of `train` ended.

    Attributes:
        model: The trained model, compiled.
        iterations: Iterations done so far, by this call and earlier ones.
        interrupted: Whether it ended before the recipe's last iteration, by a signal or a callback.
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
    callbacks: Sequence["keras.callbacks.Callback"] = (),
    log: Sequence[str] = (),
    devices: str | int | None = None,
    progress: bool = False,
) -> Training:
    """Trains a recipe in a run folder, or resumes the training there.

    On one machine the weights are a pure function of (recipe, data, seed), and of the model that
    they start from, if one is given: a training that was killed at any moment and resumed ends with
    the same bits as one that ran through.

    Ctrl-C, SIGTERM or a closed terminal ends the training after the current batch and saves a
    checkpoint.

    Args:
        recipe: What to train.
        folder: The run folder; see `RunFolder`.
        data: Folder or file of the data; by default the recipe's, or those that the run was
            started with.
        recipe_text: The text of the recipe's file, kept in the run folder with its comments.
        init: The model whose weights to start from, the average of the generator's included: the
            name or address of a zoo entry, or the folder of an entry or a run. Layers that do not
            fit begin as those of a training without it do, and so do the optimizers. A run that
            is resumed needs no `init`, and refuses a model of other weights.
        freeze_discriminator: How many of the discriminator's first layers with weights stay as
            they are in that model (Mo et al., "Freeze the Discriminator", 2020); `None` freezes
            none, or, in a run that is resumed, those that it was started with.
        callbacks: Callbacks of Keras besides the run's own. Numbers that one adds to `logs` are
            logged where a line is due. The run folder keeps none of them: pass the same to resume.
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
    check_is_recipe(recipe)
    check_logs(log)
    cluster = Cluster(devices, recipe.training.batch_size)
    with cluster.run_folder(folder) as run, run.lock(), cluster.watch_workers():
        cluster.share_run(run)
        resolved = resolve_run(
            recipe,
            run,
            data=data,
            recipe_text=recipe_text,
            init=init,
            freeze_discriminator=freeze_discriminator,
            strategy=cluster.strategy,
            restore=cluster.is_chief,
            progress=progress,
        )
        cluster.share_state(resolved)
        model, images = resolved.model, resolved.images.all
        if cluster.is_chief:
            check_disk_space(model, resolved.recipe, run)
        if progress:
            report_start(resolved, run)
        if run.exists:
            # A mistaken number of iterations, which are done, must not take the place of the run's.
            if model.iterations_seen < resolved.recipe.training.iterations:
                run.record_recipe(resolved.recipe, resolved.recipe_text)
        else:
            description = {
                "path": resolved.data_path,
                "images": len(images),
                "held_out": len(resolved.images.held_out or ()),
                "source": resolved.recipe.data.source,
                "skipped": skipped_list(images.skipped),
                "fingerprint": images.fingerprint,
            }
            start = None if resolved.init is None else msgspec.to_builtins(resolved.init)
            run.create(resolved.recipe, resolved.recipe_text, description, start)
        remove_partial_files(run.path)
        run.checkpoints.set_damaged_aside()
        run.record_devices(model.iterations_seen, cluster.name)
        fit(
            resolved,
            run,
            cluster,
            own_callbacks=callbacks,
            log=log if cluster.is_chief else (),
            progress=progress,
        )
    iterations = model.iterations_seen
    return Training(model, iterations, interrupted=iterations < recipe.training.iterations)
