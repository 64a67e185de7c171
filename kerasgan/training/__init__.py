"""How a recipe is trained: the trainer, its run folder, checkpoints and callbacks.

>>> from kerasgan import recipes, training
>>> recipe = recipes.read_recipe("pokemon_wgan")
>>> print(training.plan(recipe, "runs/mine", data="my_images"))
>>> trained = training.train(recipe, "runs/mine", data="my_images", progress=True)
>>> gan = training.load_run("runs/mine")
"""

from typing import TYPE_CHECKING

__all__ = ["RunFolder", "Training", "animate_progress", "load_run", "plan", "train"]

if TYPE_CHECKING:
    from kerasgan.training.planner import plan
    from kerasgan.training.progress_animation import animate_progress
    from kerasgan.training.run_folder import RunFolder
    from kerasgan.training.run_loader import load_run
    from kerasgan.training.trainer import Training, train
else:
    from kerasgan.lazy_members import lazy_members

    __getattr__, __dir__ = lazy_members(
        __name__,
        {
            "RunFolder": "run_folder",
            "Training": "trainer",
            "animate_progress": "progress_animation",
            "load_run": "run_loader",
            "plan": "planner",
            "train": "trainer",
        },
    )
