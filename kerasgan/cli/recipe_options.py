"""The option that commands which take a recipe share."""

import click

overrides_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="SECTION.KEY=VALUE",
    help="Override a key of the recipe. It can be given several times. To remove a key, edit a "
    "copy of the recipe's file.",
)
