"""The contestant in PyTorch as a good PyTorch user would write it for this kind of processor.

Channels-last memory and, unless the settings say float32, bfloat16 autocast; with `compiled`,
`torch.compile` for all that is not differentiated twice.
"""

import importlib
import json
import sys

import numpy as np
import torch

from contestants.pytorch.batches import Batches
from contestants.stopwatch import Stopwatch


def main(settings: dict) -> None:
    recipe, bfloat16 = settings["recipe"], not settings.get("float32", False)
    system = importlib.import_module(f"contestants.pytorch.{settings['system']}")
    gan = system.build(recipe, bfloat16=bfloat16, compiled=settings.get("compiled", False))
    with np.load(settings["images"]) as file:
        images, *labels = (file[name] for name in file)
    batches = Batches(images, labels, recipe, system.LOWEST)
    stopwatch = Stopwatch(
        versions={"torch": torch.__version__},
        precision="bfloat16 autocast" if bfloat16 else "float32",
    )
    while True:
        gan.iteration(batches)
        stopwatch.lap()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
