"""The Pokemon WGAN."""

from itertools import pairwise

import torch
from torch import nn

from contestants.pytorch.wasserstein_gan import ClippedWGAN

LOWEST = -1.0


class Generator(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        kernel, momentum = sizes["kernel_size"], 1.0 - sizes["batch_norm_momentum"]
        widths = [sizes["base_width"] * 2**level for level in (4, 3, 2, 1, 0)]
        self.width = widths[0]
        self.dense = nn.Sequential(
            nn.Linear(sizes["latent_dim"], 16 * self.width, bias=False),
            nn.BatchNorm1d(16 * self.width, 1e-3, momentum),
        )
        doubling = {"stride": 2, "padding": (kernel - 1) // 2, "output_padding": kernel % 2}
        blocks = []
        for before, width in pairwise(widths):
            blocks += [
                nn.ConvTranspose2d(before, width, kernel, **doubling, bias=False),
                nn.BatchNorm2d(width, 1e-3, momentum),
                nn.ReLU(inplace=True),
            ]
        blocks.append(nn.ConvTranspose2d(widths[-1], 3, kernel, **doubling))
        self.blocks = nn.Sequential(*blocks)

    def forward(self, latents):
        # Channels last in memory, as all that follows.
        x = torch.relu(self.dense(latents)).view(-1, 4, 4, self.width).permute(0, 3, 1, 2)
        return torch.tanh(self.blocks(x).float())


class Critic(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        kernel, momentum = sizes["kernel_size"], 1.0 - sizes["batch_norm_momentum"]
        widths = [3, *(sizes["base_width"] * 2**level for level in range(4))]
        blocks = []
        for before, width in pairwise(widths):
            blocks += [
                nn.Conv2d(before, width, kernel, 2, padding=(kernel - 1) // 2, bias=False),
                nn.BatchNorm2d(width, sizes["batch_norm_epsilon"], momentum),
                nn.LeakyReLU(0.2, inplace=True),
            ]
        self.blocks, self.head = nn.Sequential(*blocks), nn.Conv2d(widths[-1], 1, 1)

    def forward(self, images):
        x = self.blocks(images)
        with torch.autocast("cpu", enabled=False):
            return (self.head(x.float()).mean((1, 2, 3)),)


def build(recipe, **options):
    return ClippedWGAN(
        Generator(recipe["generator"]), Critic(recipe["discriminator"]), recipe, **options
    )
