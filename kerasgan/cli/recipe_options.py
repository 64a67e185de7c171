"""What commands that take a recipe share."""

from pathlib import Path

import click

overrides_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="SECTION.KEY=VALUE",
    help="Override a key of the recipe. It can be given several times. To remove a key, edit a "
    "copy of the recipe's file.",
)


def recipe_path(recipe: str) -> Path:
    """Returns the file of a recipe, of a model on the Hugging Face Hub too.

    Raises:
        UserError: There is no such recipe or model.
    """
    from kerasgan.recipes import find_recipe
    from kerasgan.zoo.entries import find
    from kerasgan.zoo.hub_address import is_hub_address

    return find_recipe(find(recipe) if is_hub_address(recipe) else recipe)
