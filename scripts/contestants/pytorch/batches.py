"""The images in memory, a batch at a time."""

import torch


class Batches:
    """Shuffled, flipped batches of float32 images in [lowest, 1], with their labels."""

    def __init__(self, images, labels, recipe, lowest):
        # Channels last in memory, channels first in shape.
        self.images = torch.from_numpy(images).permute(0, 3, 1, 2)
        self.labels = [torch.from_numpy(numbers).long() for numbers in labels]
        self.batch_size, self.lowest = recipe["training"]["batch_size"], lowest
        flips = recipe["data"]["augmentation"]
        # By the dimension that is flipped.
        self.flips = [
            dimension
            for dimension, flip in ((3, "flip_horizontal"), (2, "flip_vertical"))
            if flips[flip]
        ]
        self.order = torch.empty(0, dtype=torch.long)

    def __next__(self):
        if len(self.order) < self.batch_size:
            self.order = torch.randperm(len(self.images))
        chosen, self.order = self.order[: self.batch_size], self.order[self.batch_size :]
        images = self.images[chosen]
        for dimension in self.flips:
            coin = torch.rand(len(images)) < 0.5
            images[coin] = images[coin].flip(dimension)
        images = images.float() * ((1.0 - self.lowest) / 255.0) + self.lowest
        return images, *(numbers[chosen] for numbers in self.labels)
