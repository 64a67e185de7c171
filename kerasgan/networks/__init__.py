"""Generators, discriminators and critics: builders of plain Keras models.

Every builder takes keyword arguments that JSON can hold, so a recipe can name it.
"""

from kerasgan.networks.pokemon import pokemon_critic, pokemon_generator

__all__ = ["pokemon_critic", "pokemon_generator"]
