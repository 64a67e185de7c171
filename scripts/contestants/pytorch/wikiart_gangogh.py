"""GANGogh, a conditional WGAN-GP with a class head."""

from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional

from contestants.pytorch.wasserstein_gan import WGANGP

LOWEST = -1.0


class Gate(nn.Module):
    """Normalizes features, shifts them by the map of the labels, and halves their channels."""

    def __init__(self, classes, side, channels):
        super().__init__()
        self.normalize = nn.BatchNorm2d(channels, 1e-5, 0.1)
        self.condition = nn.Linear(classes, side * side * channels, bias=False)
        self.shape = (-1, side, side, channels)

    def forward(self, x, one_hot):
        condition = self.condition(one_hot).view(self.shape).permute(0, 3, 1, 2)
        a, b = (self.normalize(x) + condition).chunk(2, 1)
        return torch.sigmoid(a) * torch.tanh(b)


class Generator(nn.Module):
    def __init__(self, sizes, classes):
        super().__init__()
        # Before the gates, which halve them.
        widths = [sizes["base_width"] * 2**level for level in (4, 3, 2, 1)]
        self.width, self.classes = widths[0], classes
        self.dense = nn.Linear(sizes["latent_dim"] + classes, 16 * self.width)
        doubling = {"stride": 2, "padding": 2, "output_padding": 1}
        self.doublings = nn.ModuleList(
            nn.ConvTranspose2d(width, width, 5, **doubling, bias=False) for width in widths[1:]
        )
        self.gates = nn.ModuleList(
            Gate(classes, 4 * 2**level, width) for level, width in enumerate(widths)
        )
        self.last = nn.ConvTranspose2d(widths[-1] // 2, 3, 5, **doubling)

    def forward(self, latents, labels):
        one_hot = functional.one_hot(labels, self.classes).float()
        x = self.dense(torch.cat([latents, one_hot], 1))
        x = self.gates[0](x.view(-1, 4, 4, self.width).permute(0, 3, 1, 2), one_hot)
        for double, gate in zip(self.doublings, self.gates[1:], strict=True):
            x = gate(double(x), one_hot)
        return torch.tanh(self.last(x).float())


class Critic(nn.Module):
    def __init__(self, sizes, classes):
        super().__init__()
        widths = [3, *(sizes["base_width"] * 2**level for level in range(4))]
        blocks = []
        for before, width in pairwise(widths):
            blocks.append(nn.Conv2d(before, width, 5, 2, padding=2))
            if before > 3:
                blocks.append(nn.GroupNorm(1, width, 1e-5))
            blocks.append(nn.LeakyReLU(0.2, inplace=True))
        self.blocks = nn.Sequential(*blocks)
        self.score = nn.Linear(16 * widths[-1], 1)
        self.classify = nn.Linear(16 * widths[-1], classes)

    def forward(self, images):
        x = self.blocks(images).flatten(1)
        with torch.autocast("cpu", enabled=False):
            x = x.float()
            return self.score(x), self.classify(x)


class GANGogh(WGANGP):
    def __init__(self, generator, critic, recipe, **options):
        super().__init__(generator, critic, recipe, **options)
        self.class_weight = recipe["model"]["class_weight"]
        self.generator_class_weight = recipe["model"]["generator_class_weight"]
        self.classes = len(recipe["data"]["classes"]["genre"])

    def draw(self, count):
        latents = torch.randn(count, self.latent_dim)
        labels = torch.randint(self.classes, (count,))
        with self.autocast():
            return self.generate(latents, labels), labels

    def critic_loss(self, real, fake):
        (real_scores, real_logits), (fake_scores, _) = self.judge(real, fake)
        return (
            fake_scores.mean()
            - real_scores.mean()
            + self.penalty_weight * self.gradient_penalty(real[0], fake[0])
            + self.class_weight * functional.cross_entropy(real_logits, real[1])
        )

    def generator_loss(self, real, fake):
        scores, logits = self.judge_fakes(real, fake)
        class_loss = functional.cross_entropy(logits, fake[1])
        return -scores.mean() + self.generator_class_weight * class_loss


def build(recipe, **options):
    classes = len(recipe["data"]["classes"]["genre"])
    generator = Generator(recipe["generator"], classes)
    critic = Critic(recipe["discriminator"], classes)
    return GANGogh(generator, critic, recipe, **options)
