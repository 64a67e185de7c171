"""FastGAN at 128x128."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from contestants.pytorch.diff_augment import diff_augment
from contestants.pytorch.wasserstein_gan import optimizer

LOWEST = -1.0


def convolution(before, width, kernel, **options):
    return spectral_norm(nn.Conv2d(before, width, kernel, bias=False, **options))


class Noise(nn.Module):
    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        return x + self.factor * torch.randn(len(x), 1, *x.shape[2:])


class Up(nn.Sequential):
    def __init__(self, before, width, *, plus=False, noise=False):
        def finished():
            return [*([Noise()] if noise else []), nn.BatchNorm2d(2 * width, 1e-5), nn.GLU(1)]

        layers = [nn.Upsample(scale_factor=2), convolution(before, 2 * width, 3, padding=1)]
        layers += finished()
        if plus:
            layers += [convolution(width, 2 * width, 3, padding=1), *finished()]
        super().__init__(*layers)


class Gate(nn.Sequential):
    def __init__(self, before, width):
        super().__init__(
            nn.AdaptiveAvgPool2d(4),
            convolution(before, width, 4),
            nn.SiLU(),
            convolution(width, width, 1),
            nn.Sigmoid(),
        )


class Generator(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        width = sizes["base_width"]
        self.latent = spectral_norm(
            nn.ConvTranspose2d(sizes["latent_dim"], 32 * width, 4, bias=False)
        )
        self.to_4 = nn.Sequential(nn.BatchNorm2d(32 * width, 1e-5), nn.GLU(1))
        self.to_8 = Up(16 * width, 8 * width, plus=True, noise=True)
        self.to_16 = Up(8 * width, 4 * width)
        self.to_32 = Up(4 * width, 2 * width, plus=True, noise=True)
        self.to_64 = Up(2 * width, 2 * width)
        self.to_128 = Up(2 * width, width, plus=True, noise=True)
        self.gate_64, self.gate_128 = Gate(16 * width, 2 * width), Gate(8 * width, width)
        self.to_image = convolution(width, 3, 3, padding=1)

    def forward(self, latents):
        at_4 = self.to_4(self.latent(latents[:, :, None, None]))
        at_4 = at_4.contiguous(memory_format=torch.channels_last)
        at_8 = self.to_8(at_4)
        at_64 = self.to_64(self.to_32(self.to_16(at_8))) * self.gate_64(at_4)
        at_128 = self.to_128(at_64) * self.gate_128(at_8)
        return torch.tanh(self.to_image(at_128).float())


def activated(width):
    return nn.Sequential(nn.BatchNorm2d(width, 1e-5), nn.LeakyReLU(0.2, inplace=True))


class Down(nn.Module):
    def __init__(self, before, width):
        super().__init__()
        self.main = nn.Sequential(
            convolution(before, width, 4, stride=2, padding=1),
            activated(width),
            convolution(width, width, 3, padding=1),
            activated(width),
        )
        self.direct = nn.Sequential(
            nn.AvgPool2d(2), convolution(before, width, 1), activated(width)
        )

    def forward(self, x):
        return (self.main(x) + self.direct(x)) / 2


class Discriminator(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        width = sizes["base_width"]
        self.to_16 = nn.Sequential(
            convolution(3, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2, inplace=True),
            Down(width, 2 * width),
            Down(2 * width, 4 * width),
        )
        self.to_8 = Down(4 * width, 8 * width)
        self.head = nn.Sequential(
            convolution(8 * width, 8 * width, 1), activated(8 * width), convolution(8 * width, 1, 4)
        )

    def forward(self, images):
        at_16 = self.to_16(images)
        at_8 = self.to_8(at_16)
        return self.head(at_8).float(), at_8, at_16


class Decoder(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        width = sizes["base_width"]
        self.whole, self.part = (
            nn.Sequential(
                Up(before, width), Up(width, width // 2), convolution(width // 2, 3, 3, padding=1)
            )
            for before in (8 * width, 4 * width)
        )

    def forward(self, features, crop):
        return torch.tanh(self.whole(features).float()), torch.tanh(self.part(crop).float())


class FastGAN:
    """The hinge game whose discriminator reconstructs the reals."""

    def __init__(self, generator, discriminator, decoder, recipe, *, bfloat16, compiled):
        self.latent_dim = recipe["generator"]["latent_dim"]
        self.weight = recipe["model"]["reconstruction_weight"]
        networks = (generator, discriminator, decoder)
        self.networks = [each.to(memory_format=torch.channels_last) for each in networks]
        judges = nn.ModuleList([discriminator, decoder])
        self.generator_optimizer = optimizer(recipe["training"]["generator_optimizer"], generator)
        self.optimizer = optimizer(recipe["training"]["discriminator_optimizer"], judges)
        self.judges, self.bfloat16 = judges, bfloat16
        compiler = torch.compile if compiled else lambda network: network
        self.generate, self.judge, self.decode = map(compiler, self.networks)

    def iteration(self, batches):
        (reals,) = next(batches)
        with self.autocast():
            fakes = self.generate(torch.randn(len(reals), self.latent_dim))
        self.judges.requires_grad_(True)
        self.step(self.optimizer, self.discriminator_loss(diff_augment(reals), fakes.detach()))
        self.judges.requires_grad_(False)
        with self.autocast():
            scores, *_ = self.judge(diff_augment(fakes))
        self.step(self.generator_optimizer, -scores.mean())

    def discriminator_loss(self, reals, fakes):
        row, column = torch.randint(0, 2, (2,)).tolist()
        with self.autocast():
            scores, at_8, at_16 = self.judge(reals)
            fake_scores, *_ = self.judge(diff_augment(fakes))
            whole, part = self.decode(at_8, quarter(at_16, row, column))
        margin, fake_margin = (1.0 - 0.2 * torch.rand_like(x) for x in (scores, fake_scores))
        hinge = F.relu(margin - scores).mean() + F.relu(fake_margin + fake_scores).mean()
        loss = sum(
            F.mse_loss(drawn, F.adaptive_avg_pool2d(target, drawn.shape[2:]))
            for drawn, target in ((whole, reals), (part, quarter(reals, row, column)))
        )
        return hinge + self.weight * loss

    def step(self, optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    def autocast(self):
        return torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16)


def quarter(maps, row, column):
    height, width = maps.shape[2] // 2, maps.shape[3] // 2
    return maps[:, :, row * height :, column * width :][:, :, :height, :width]


def build(recipe, **options):
    return FastGAN(
        Generator(recipe["generator"]),
        Discriminator(recipe["discriminator"]),
        Decoder(recipe["decoder"]),
        recipe,
        **options,
    )
