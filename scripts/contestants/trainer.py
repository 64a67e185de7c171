"""The contestant that is this package: its own trainer on its own recipe.

`kerasgan.training.train` runs as `kerasgan train` calls it, with the trainer's callbacks
and progress bar. One callback is added behind them, which tells the stopwatch of each iteration.

Waiting for input is measured in that training itself: the time during which it stands still in
`next()` of its dataset's iterator, until the batch of the next critic update is there. What the
pipeline does beside the training, on the same cores, is not in it: `kerasgan-fixed-input` shows
that.
"""

import json
import sys
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

from contestants.stopwatch import Stopwatch
from kerasgan.cli.quiet import import_tensorflow_quietly


def main(settings: dict) -> None:
    import_tensorflow_quietly()
    import keras
    import tensorflow as tf

    import kerasgan
    from kerasgan.models import AdversarialModel
    from kerasgan.precision import resolve_precision
    from kerasgan.recipes.recipe_file import recipe_from_dict
    from kerasgan.training import train

    precision = resolve_precision(settings.get("precision", "auto"))
    table = settings["recipe"]
    table["training"] |= {"iterations": 1_000_000, "precision": precision}
    recipe = recipe_from_dict(table, where="the benchmark's recipe")
    versions = {"kerasgan": kerasgan.__version__, "keras": keras.__version__}
    fit = AdversarialModel.fit

    def timed_fit(model, dataset, *, callbacks, **arguments):
        about = {}
        if settings.get("fixed_input"):
            dataset = dataset.take(1).cache().repeat()
        else:
            about["pipeline_images_per_second"] = _images_per_second(
                dataset, recipe.training.batch_size
            )
        stopwatch = Stopwatch(
            versions={**versions, "tensorflow": tf.__version__}, precision=precision, **about
        )
        batches = model.n_critic
        inputs = _TimedInput(model)

        def end_of_batch(batch, logs):
            if (batch + 1) % batches == 0:
                stopwatch.lap(inputs.take_seconds())

        timing = keras.callbacks.LambdaCallback(on_train_batch_end=end_of_batch)
        return fit(model, dataset, callbacks=[*callbacks, timing], **arguments)

    AdversarialModel.fit = timed_fit
    train(recipe, settings["folder"], data=settings["data"], progress=True)


class _TimedInput:
    """Sums up how long a model's `fit` waits for its batches.

    `fit` takes each batch inside its graph. Here it is taken just before, and handed over as an
    iterator of its own, which `train_on_batch` does too: the same graph then makes the step.
    """

    def __init__(self, model) -> None:
        self._seconds = 0.0
        make = model.make_train_function

        def make_train_function(force: bool = False):
            make(force)
            step = model.train_function
            model.train_function = lambda iterator: step(iter([self._timed_next(iterator)]))

        model.make_train_function = make_train_function

    def take_seconds(self) -> float:
        """Returns the seconds since the last call."""
        seconds, self._seconds = self._seconds, 0.0
        return seconds

    def _timed_next(self, iterator: Iterator) -> Any:
        start = time.perf_counter()
        batch = next(iterator)
        self._seconds += time.perf_counter() - start
        return batch


def _images_per_second(dataset, batch_size: int, batches: int = 100) -> float:
    """Returns how fast the pipeline is when nothing else runs."""
    iterator = iter(dataset)
    for _ in islice(iterator, 10):
        pass
    start = time.perf_counter()
    for _ in islice(iterator, batches):
        pass
    return batches * batch_size / (time.perf_counter() - start)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
