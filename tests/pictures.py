"""Small picture files and a small recipe for tests."""

from pathlib import Path

import numpy as np
from PIL import Image

RECIPE = """
[data]
source = "images"
image_size = 32
help = "Any pictures will do."

[data.augmentation]
flip_horizontal = true

[generator]
network = "pokemon_generator"
image_size = 32
latent_dim = 5
base_width = 2

[discriminator]
network = "pokemon_critic"
image_size = 32
base_width = 2

[model]
objective = "WGAN"
n_critic = 2
ema_decay = 0.9

[training]
batch_size = 4
iterations = 3
seed = 1
precision = "float32"
log_every = 1
checkpoint_every = 2
sample_every = 2

[training.generator_optimizer]
optimizer = "RMSprop"
learning_rate = 1e-3

[training.discriminator_optimizer]
optimizer = "RMSprop"
learning_rate = 1e-3
"""


def write_pictures(folder: Path, count: int = 8, size: int = 32) -> Path:
    """Writes `count` pictures of noise to a folder, the same ones each time."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    for index in range(count):
        pixels = random.integers(0, 256, (size, size, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{index:02d}.png")
    return folder
