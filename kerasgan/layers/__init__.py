"""Layers that Keras lacks, or that are faster or resume exactly where Keras's do not."""

from kerasgan.backend import check_backend
from kerasgan.layers.conditional_gate import ConditionalGate
from kerasgan.layers.coordinate_dense import CoordinateDense
from kerasgan.layers.counted_dropout import CountedDropout
from kerasgan.layers.cpu.cpu_convolution import CPUConv2D, CPUConv2DTranspose
from kerasgan.layers.cpu.half_turn import HalfTurn
from kerasgan.layers.fade_in import FadeIn
from kerasgan.layers.fast_leaky_relu import FastLeakyReLU
from kerasgan.layers.frozen_convolution import FrozenConv2D, FrozenDepthwiseConv2D
from kerasgan.layers.fused_batch_normalization import FusedBatchNormalization
from kerasgan.layers.gated_linear_unit import GatedLinearUnit
from kerasgan.layers.inverse_tanh import InverseTanh
from kerasgan.layers.latent_modulation import LatentModulation
from kerasgan.layers.min_max_scaling import MinMaxScaling
from kerasgan.layers.minibatch_discrimination import MinibatchDiscrimination
from kerasgan.layers.minibatch_standard_deviation import MinibatchStandardDeviation
from kerasgan.layers.noise_injection import NoiseInjection
from kerasgan.layers.spectral_convolution import SpectralConv2D, SpectralUpConv2D
from kerasgan.layers.spectral_normalization import SpectralNormalization
from kerasgan.layers.stage_one import StageOne
from kerasgan.layers.up_convolution import UpConv2D

check_backend()

__all__ = [
    "CPUConv2D",
    "CPUConv2DTranspose",
    "ConditionalGate",
    "CoordinateDense",
    "CountedDropout",
    "FadeIn",
    "FastLeakyReLU",
    "FrozenConv2D",
    "FrozenDepthwiseConv2D",
    "FusedBatchNormalization",
    "GatedLinearUnit",
    "HalfTurn",
    "InverseTanh",
    "LatentModulation",
    "MinMaxScaling",
    "MinibatchDiscrimination",
    "MinibatchStandardDeviation",
    "NoiseInjection",
    "SpectralConv2D",
    "SpectralNormalization",
    "SpectralUpConv2D",
    "StageOne",
    "UpConv2D",
]
