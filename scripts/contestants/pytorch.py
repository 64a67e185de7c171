"""The contestant in PyTorch as a good PyTorch user would write it for this kind of processor.

bfloat16 autocast (float32 scores and losses), channels-last memory, RMSprop, images in memory
with flips; with `compile`, both networks through `torch.compile`.
"""

import json
import sys
from itertools import pairwise

import numpy as np
import torch
from stopwatch import Stopwatch
from torch import nn


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Sequential(
            nn.Linear(100, 4 * 4 * 256, bias=False), nn.BatchNorm1d(4096, 1e-3, 0.2)
        )
        widths, blocks = (256, 128, 64, 32, 16), []
        for before, width in pairwise(widths):
            blocks += [
                nn.ConvTranspose2d(before, width, 5, 2, 2, output_padding=1, bias=False),
                nn.BatchNorm2d(width, 1e-3, 0.2),
                nn.ReLU(inplace=True),
            ]
        blocks.append(nn.ConvTranspose2d(16, 3, 5, 2, padding=2, output_padding=1))
        self.blocks = nn.Sequential(*blocks)

    def forward(self, latents):
        x = torch.relu(self.dense(latents)).view(-1, 4, 4, 256).permute(0, 3, 1, 2)
        return torch.tanh(self.blocks(x).float())


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        widths, blocks = (3, 16, 32, 64, 128), []
        for before, width in pairwise(widths):
            blocks += [
                nn.Conv2d(before, width, 5, 2, padding=2, bias=False),
                nn.BatchNorm2d(width, 1e-12, 0.2),
                nn.LeakyReLU(0.2, inplace=True),
            ]
        self.blocks, self.head = nn.Sequential(*blocks), nn.Conv2d(128, 1, 1)

    def forward(self, images):
        x = self.blocks(images)
        with torch.autocast("cpu", enabled=False):
            return self.head(x.float()).mean((1, 2, 3))


class Batches:
    """Shuffled, flipped batches of float32 images in [-1, 1]."""

    def __init__(self, images: np.ndarray, batch_size: int):
        # Channels last in memory, channels first in shape.
        self.images = torch.from_numpy(images).permute(0, 3, 1, 2)
        self.batch_size, self.order = batch_size, torch.empty(0, dtype=torch.long)

    def next(self):
        if len(self.order) < self.batch_size:
            self.order = torch.randperm(len(self.images))
        chosen, self.order = self.order[: self.batch_size], self.order[self.batch_size :]
        images = self.images[chosen]
        for dimension in (2, 3):
            coin = torch.rand(len(images)) < 0.5
            images[coin] = images[coin].flip(dimension)
        return images.float() / 127.5 - 1.0


class WGAN:
    def __init__(self, batches: Batches, n_critic: int, compiled: bool, clip_value: float = 0.01):
        self.batches, self.n_critic, self.clip_value = batches, n_critic, clip_value
        self.generator = Generator().to(memory_format=torch.channels_last)
        self.critic = Critic().to(memory_format=torch.channels_last)
        settings = {"lr": 5e-5, "alpha": 0.9, "eps": 1e-12, "foreach": True}
        self.generator_optimizer = torch.optim.RMSprop(self.generator.parameters(), **settings)
        self.critic_optimizer = torch.optim.RMSprop(self.critic.parameters(), **settings)
        compiler = torch.compile if compiled else lambda network: network
        self.draw, self.judge = compiler(self.generator), compiler(self.critic)

    def scores(self, real, fake):
        with torch.autocast("cpu", torch.bfloat16):
            return self.judge(torch.cat([real, fake])).split([len(real), len(fake)])

    def fakes(self):
        with torch.autocast("cpu", torch.bfloat16):
            return self.draw(torch.randn(self.batches.batch_size, 100))

    def iteration(self):
        self.critic.requires_grad_(True)
        for _ in range(self.n_critic):
            real = self.batches.next()
            with torch.no_grad():
                fake = self.fakes()
            real_scores, fake_scores = self.scores(real, fake)
            loss = fake_scores.mean() - real_scores.mean()
            self.critic_optimizer.zero_grad()
            loss.backward()
            self.critic_optimizer.step()
            weights = [weight.detach() for weight in self.critic.parameters()]
            torch._foreach_clamp_min_(weights, -self.clip_value)
            torch._foreach_clamp_max_(weights, self.clip_value)
        self.critic.requires_grad_(False)
        _, fake_scores = self.scores(real, self.fakes())
        loss = -fake_scores.mean()
        self.generator_optimizer.zero_grad()
        loss.backward()
        self.generator_optimizer.step()


def main(settings: dict) -> None:
    batches = Batches(np.load(settings["images"]), settings["batch_size"])
    wgan = WGAN(batches, settings["n_critic"], settings.get("compile", False))
    stopwatch = Stopwatch(versions={"torch": torch.__version__}, precision="bfloat16 autocast")
    while True:
        wgan.iteration()
        stopwatch.lap()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
