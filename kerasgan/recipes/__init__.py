"""What is trained: recipes as data, how they are read and checked, and the model they describe.

>>> from kerasgan import recipes
>>> "pokemon_wgan" in recipes.list()
True
>>> recipe = recipes.read_recipe("pokemon_wgan", ["training.iterations=1000"])
>>> gan = recipes.build_model(recipe)
"""

from typing import TYPE_CHECKING

__all__ = ["Recipe", "build_model", "find_recipe", "list", "read_recipe"]

if TYPE_CHECKING:
    from kerasgan.recipes.build import build_model
    from kerasgan.recipes.recipe import Recipe
    from kerasgan.recipes.recipe_file import read_recipe
    from kerasgan.recipes.shipped import find_recipe
    from kerasgan.recipes.shipped import recipes as list
else:
    from kerasgan.lazy_members import lazy_members

    __getattr__, __dir__ = lazy_members(
        __name__,
        {
            "Recipe": "recipe",
            "build_model": "build",
            "find_recipe": "shipped",
            "list": "shipped:recipes",
            "read_recipe": "recipe_file",
        },
    )
