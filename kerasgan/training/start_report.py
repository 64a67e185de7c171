"""What is said before a training begins."""

import sys

from kerasgan.data.skipped import skipped_summary
from kerasgan.errors import shortened_message
from kerasgan.training.resolved_run import ResolvedRun
from kerasgan.training.run_folder import RunFolder

# Most is seen in the first pictures, and people look for the first one within a minute.
EARLY_SAMPLES = (0, 10, 50, 100)


def report_start(resolved: ResolvedRun, run: RunFolder) -> None:
    """Says on stderr what is not as the recipe says, and where to look while it trains."""
    plan, model = resolved.recipe.training, resolved.model
    done = int(model.batches_seen.value.numpy()) // model.n_critic
    due = samples_due(done, plan.iterations, plan.sample_every)
    lines = [f"Changed for these data: {shortened_message(each)}" for each in resolved.changes]
    lines += skipped_summary(resolved.images.all.skipped, f"in {run.description_file}")
    if resolved.init is not None:
        lines.append(resolved.init.summary())
    lines.append(f"Training in {run.path}; Ctrl-C saves, and the same command resumes")
    lines.append(", ".join(filter(None, [f"Pictures of the same latents: {run.samples}", due])))
    if plan.evaluate_every:
        lines.append(f"Measures and losses against hours: {run.path / 'progress.png'}")
    for line in lines:
        print(line, file=sys.stderr)


def samples_due(done: int, last: int, every: int) -> str:
    """Names the next iterations that have a grid of samples, and the last one.

    >>> samples_due(0, 60, 500)
    'at iterations 0, 10, 50 and 60'
    >>> samples_due(0, 6000, 500)
    'first at iterations 0, 10, 50, 100, last at 6000'
    >>> samples_due(100, 6000, 500)
    'first at iterations 500, 1000, 1500, 2000, last at 6000'

    Args:
        done: Iterations that are done.
        last: Number of the last iteration, which has a grid.
        every: Iterations between grids, besides the early ones.

    Returns:
        The words, or none if the training is done.
    """
    if done >= last:
        return ""
    due = {*EARLY_SAMPLES, *range(every, last, every)}
    coming = sorted(each for each in due if done < each < last or each == done == 0)
    count = len(EARLY_SAMPLES)
    if len(coming) > count:
        return f"first at iterations {', '.join(map(str, coming[:count]))}, last at {last}"
    if not coming:
        return f"at iteration {last}"
    return f"at iterations {', '.join(map(str, coming))} and {last}"
