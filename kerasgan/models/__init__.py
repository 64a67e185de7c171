"""The objectives: each is a `keras.Model` of two networks, with its losses and its step."""

from kerasgan.backend import check_backend
from kerasgan.curriculum import Curriculum
from kerasgan.models.acgan import ACGAN
from kerasgan.models.base.adversarial_model import AdversarialModel
from kerasgan.models.base.batches import DiscriminatorOutput, LabelledImages
from kerasgan.models.can import CAN
from kerasgan.models.fastgan import FastGAN
from kerasgan.models.gan import GAN
from kerasgan.models.growing_wgan_gp import GrowingWGANGP
from kerasgan.models.hinge_gan import HingeGAN
from kerasgan.models.lsgan import LSGAN
from kerasgan.models.projected_cgan import ProjectedCGAN
from kerasgan.models.projected_gan import ProjectedGAN
from kerasgan.models.r3gan import R3GAN
from kerasgan.models.schedule import HandicapSchedule
from kerasgan.models.vaegan import VAEGAN
from kerasgan.models.vision_aided_fastgan import VisionAidedFastGAN
from kerasgan.models.wasserstein_acgan import WassersteinACGAN
from kerasgan.models.wgan import WGAN
from kerasgan.models.wgan_gp import WGANGP

check_backend()

__all__ = [
    "ACGAN",
    "CAN",
    "GAN",
    "LSGAN",
    "R3GAN",
    "VAEGAN",
    "WGAN",
    "WGANGP",
    "AdversarialModel",
    "Curriculum",
    "DiscriminatorOutput",
    "FastGAN",
    "GrowingWGANGP",
    "HandicapSchedule",
    "HingeGAN",
    "LabelledImages",
    "ProjectedCGAN",
    "ProjectedGAN",
    "VisionAidedFastGAN",
    "WassersteinACGAN",
]
