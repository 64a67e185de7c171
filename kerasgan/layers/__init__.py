"""Layers that Keras lacks."""

from kerasgan.layers.fused_batch_normalization import FusedBatchNormalization

__all__ = ["FusedBatchNormalization"]
