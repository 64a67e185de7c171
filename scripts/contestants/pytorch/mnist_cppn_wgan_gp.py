"""The CPPN WGAN-GP of MNIST."""

from itertools import pairwise

import torch
from torch import nn

from contestants.pytorch.wasserstein_gan import WGANGP

LOWEST = 0.0


class Generator(nn.Module):
    """A small network at each pixel; what the latent gives it is computed once for an image."""

    def __init__(self, sizes):
        super().__init__()
        width = sizes["width"]
        self.side, self.channels = sizes["image_size"], sizes["channels"]
        axis = torch.linspace(-1.0, 1.0, self.side) * sizes["coordinate_scale"]
        y, x = torch.meshgrid(axis, axis, indexing="ij")
        places = torch.stack([x, y, torch.hypot(x, y)], -1).view(-1, 3)
        self.register_buffer("places", places)
        self.of_latent = nn.Linear(sizes["latent_dim"], width)
        self.of_place = nn.Linear(3, width, bias=False)
        hidden = []
        for _ in range(sizes["depth"] - 1):
            hidden += [nn.Linear(width, width), nn.Tanh()]
        self.hidden = nn.Sequential(*hidden)
        self.head = nn.Linear(width, self.channels)

    def forward(self, latents):
        x = torch.tanh(self.of_latent(latents)[:, None] + self.of_place(self.places))
        images = torch.sigmoid(self.head(self.hidden(x)).float())
        # Channels last in memory.
        return images.view(-1, self.side, self.side, self.channels).permute(0, 3, 1, 2)


class Critic(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        kernel = sizes["kernel_size"]
        widths = [sizes["channels"], *(sizes["base_width"] * 2**level for level in range(3))]
        blocks = []
        for before, width in pairwise(widths):
            blocks += [
                nn.Conv2d(before, width, kernel, 2, padding=(kernel - 1) // 2),
                nn.ReLU(inplace=True),
            ]
        self.blocks, self.head = nn.Sequential(*blocks), nn.Linear(16 * widths[-1], 1)

    def forward(self, images):
        x = self.blocks(images).flatten(1)
        with torch.autocast("cpu", enabled=False):
            return (self.head(x.float()),)


def build(recipe, **options):
    data, generator, critic = (recipe[table] for table in ("data", "generator", "discriminator"))
    return WGANGP(Generator(data | generator), Critic(data | critic), recipe, **options)
