"""The objectives: one Keras model per file, each overriding what its paper changes."""

from kerasgan.models.adversarial_model import AdversarialModel
from kerasgan.models.gan import GAN
from kerasgan.models.wgan import WGAN

__all__ = ["GAN", "WGAN", "AdversarialModel"]
