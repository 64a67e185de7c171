"""What is said before a training begins."""

import sys

from kerasgan.errors import shortened_message
from kerasgan.recipes.own_pictures import lost_colours
from kerasgan.training.advice import advice
from kerasgan.training.disk_space import expected_size
from kerasgan.training.resolved_run import ResolvedRun
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.sample_schedule import samples_due


def report_start(resolved: ResolvedRun, run: RunFolder) -> None:
    """Says on stderr what is not as the recipe says, and where to look while it trains."""
    training, model = resolved.recipe.training, resolved.model
    done = model.iterations_seen
    if done >= training.iterations:
        print(
            f"{run.path} has {done:,} iterations already, and {training.iterations:,} were asked "
            f"for; to train on, ask for more, such as --iterations {2 * done}",
            file=sys.stderr,
        )
        return
    due = samples_due(done, training.iterations, training.sample_every)
    lines = [f"Changed for these data: {shortened_message(each)}" for each in resolved.changes]
    if not done:
        lines += lost_colours(resolved.recipe, resolved.data_path)
    lines += advice(resolved, listed=f"in {run.description_file}")
    if resolved.init is not None:
        lines.append(resolved.init.summary())
    lines.append(f"Training in {run.path}; Ctrl-C saves, and the same command resumes")
    lines.append(", ".join(filter(None, [f"Pictures of the same latents: {run.samples}", due])))
    if training.evaluate_every:
        lines.append(f"Measures and losses against hours: {run.path / 'progress.png'}")
    lines.append(f"The run will take {expected_size(model, resolved.recipe, run)}")
    for line in lines:
        print(line, file=sys.stderr)
