"""Wasserstein GANs in PyTorch."""

import torch


class WassersteinGAN:
    """The players' turns; a subclass says how its critic is kept Lipschitz.

    A batch of images is a tuple, `(images,)` or `(images, labels)`. The critic returns a tuple,
    scores first. Networks run under autocast where `bfloat16` is set; scores, logits and losses
    are float32.

    `torch.compile` does not support double backward: where `compiled` is set, the gradient
    penalty alone goes through the critic as it is.
    """

    def __init__(self, generator, critic, recipe, *, bfloat16, compiled):
        self.latent_dim = recipe["generator"]["latent_dim"]
        self.n_critic = recipe["model"]["n_critic"]
        self.joint_batches = recipe["model"]["joint_batches"]
        self.generator = generator.to(memory_format=torch.channels_last)
        self.critic = critic.to(memory_format=torch.channels_last)
        self.generator_optimizer = optimizer(recipe["training"]["generator_optimizer"], generator)
        self.critic_optimizer = optimizer(recipe["training"]["discriminator_optimizer"], critic)
        self.bfloat16 = bfloat16
        compiler = torch.compile if compiled else lambda network: network
        self.generate, self.criticize = compiler(self.generator), compiler(self.critic)

    def iteration(self, batches):
        self.critic.requires_grad_(True)
        for _ in range(self.n_critic):
            real = next(batches)
            self.update_critic(real)
        self.critic.requires_grad_(False)
        self.update_generator(real)

    def update_critic(self, real):
        with torch.no_grad():
            fake = self.draw(len(real[0]))
        loss = self.critic_loss(real, fake)
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()

    def update_generator(self, real):
        loss = self.generator_loss(real, self.draw(len(real[0])))
        self.generator_optimizer.zero_grad()
        loss.backward()
        self.generator_optimizer.step()

    def draw(self, count):
        with self.autocast():
            return (self.generate(torch.randn(count, self.latent_dim)),)

    def critic_loss(self, real, fake):
        (real_scores, *_), (fake_scores, *_) = self.judge(real, fake)
        return fake_scores.mean() - real_scores.mean()

    def generator_loss(self, real, fake):
        fake_scores, *_ = self.judge_fakes(real, fake)
        return -fake_scores.mean()

    def judge(self, *batches):
        """Returns the critic's outputs for each batch, scores first."""
        with self.autocast():
            if self.joint_batches:
                outputs = self.criticize(torch.cat([images for images, *_ in batches]))
                return [*zip(*(output.chunk(len(batches)) for output in outputs), strict=True)]
            return [self.criticize(images) for images, *_ in batches]

    def judge_fakes(self, real, fake):
        """In joint batches the reals are there in the generator's turn too."""
        return self.judge(real, fake)[1] if self.joint_batches else self.judge(fake)[0]

    def autocast(self):
        return torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16)


class ClippedWGAN(WassersteinGAN):
    def __init__(self, generator, critic, recipe, **options):
        super().__init__(generator, critic, recipe, **options)
        self.clip_value = recipe["model"]["clip_value"]

    def update_critic(self, real):
        super().update_critic(real)
        weights = [weight.detach() for weight in self.critic.parameters()]
        torch._foreach_clamp_min_(weights, -self.clip_value)
        torch._foreach_clamp_max_(weights, self.clip_value)


class WGANGP(WassersteinGAN):
    def __init__(self, generator, critic, recipe, **options):
        super().__init__(generator, critic, recipe, **options)
        self.penalty_weight = recipe["model"]["penalty_weight"]

    def critic_loss(self, real, fake):
        penalty = self.gradient_penalty(real[0], fake[0])
        return super().critic_loss(real, fake) + self.penalty_weight * penalty

    def gradient_penalty(self, real_images, fake_images):
        alpha = torch.rand(len(real_images), 1, 1, 1)
        interpolated = (alpha * fake_images + (1.0 - alpha) * real_images).requires_grad_()
        with self.autocast():
            scores, *_ = self.critic(interpolated)
        (gradient,) = torch.autograd.grad(scores.sum(), interpolated, create_graph=True)
        norm = (gradient.float().square().sum((1, 2, 3)) + 1e-12).sqrt()
        return (norm - 1.0).square().mean()


def optimizer(table, network):
    """Returns the optimizer of a recipe's table in its fastest form for processors."""
    shared = {"lr": table["learning_rate"], "eps": table.get("epsilon", 1e-7)}
    if table["optimizer"] == "RMSprop":
        return torch.optim.RMSprop(network.parameters(), alpha=0.9, foreach=True, **shared)
    betas = (table["beta_1"], table["beta_2"])
    return torch.optim.Adam(network.parameters(), betas=betas, fused=True, **shared)
