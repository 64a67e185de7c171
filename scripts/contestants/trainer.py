"""The contestant that is this package: its own trainer on its own recipe.

`kerasgan.training.train.train` runs as `kerasgan train` calls it, with the trainer's callbacks
and progress bar. One callback is added behind them, which tells the stopwatch of each iteration.
"""

import json
import sys
import time
from itertools import islice

from contestants.stopwatch import Stopwatch
from kerasgan.cli.quiet import import_tensorflow_quietly


def main(settings: dict) -> None:
    import_tensorflow_quietly()
    import keras
    import tensorflow as tf

    import kerasgan
    from kerasgan.models import AdversarialModel
    from kerasgan.precision import resolve_precision
    from kerasgan.training.recipe import recipe_from_dict
    from kerasgan.training.train import batches_per_iteration, train

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
        batches = batches_per_iteration(model)

        def end_of_batch(batch, logs):
            if (batch + 1) % batches == 0:
                stopwatch.lap()

        timing = keras.callbacks.LambdaCallback(on_train_batch_end=end_of_batch)
        return fit(model, dataset, callbacks=[*callbacks, timing], **arguments)

    AdversarialModel.fit = timed_fit
    train(recipe, settings["folder"], data=settings["data"], progress=True)


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
