"""Generators, discriminators and critics: builders of plain Keras models.

Every builder takes keyword arguments that JSON can hold, so a recipe can name it.
"""

from kerasgan.networks.can import can_discriminator, can_generator
from kerasgan.networks.cppn import cppn_critic, cppn_generator
from kerasgan.networks.cppn_vaegan import cppn_discriminator, cppn_encoder
from kerasgan.networks.dense import dense_discriminator, dense_generator
from kerasgan.networks.fastgan import fastgan_decoder, fastgan_discriminator, fastgan_generator
from kerasgan.networks.gangogh import gangogh_critic, gangogh_generator
from kerasgan.networks.growing_critic import growing_cppn_critic
from kerasgan.networks.pokemon import pokemon_critic, pokemon_generator
from kerasgan.networks.projected import projected_discriminator
from kerasgan.networks.residual import residual_discriminator, residual_generator
from kerasgan.networks.stackgan import stackgan_generator

__all__ = [
    "can_discriminator",
    "can_generator",
    "cppn_critic",
    "cppn_discriminator",
    "cppn_encoder",
    "cppn_generator",
    "dense_discriminator",
    "dense_generator",
    "fastgan_decoder",
    "fastgan_discriminator",
    "fastgan_generator",
    "gangogh_critic",
    "gangogh_generator",
    "growing_cppn_critic",
    "pokemon_critic",
    "pokemon_generator",
    "projected_discriminator",
    "residual_discriminator",
    "residual_generator",
    "stackgan_generator",
]
