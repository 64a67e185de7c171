"""Differentiable augmentation: color and translation."""

import torch
import torch.nn.functional as F


def diff_augment(images):
    """Varies brightness, saturation, contrast and place of each image, in [-1, 1]."""
    return translated(colored(images))


def colored(images):
    brightness, saturation, contrast = torch.rand(3, len(images), 1, 1, 1)
    images = images + (brightness - 0.5)
    grey = images.mean(1, keepdim=True)
    images = (images - grey) * (2.0 * saturation) + grey
    mean = images.mean((1, 2, 3), keepdim=True)
    return (images - mean) * (contrast + 0.5) + mean


def translated(images):
    count, _, height, width = images.shape
    most = height // 8
    rows, columns = torch.randint(0, 2 * most + 1, (2, count, 1))
    rows, columns = rows + torch.arange(height), columns + torch.arange(width)
    padded = F.pad(images, [most] * 4)
    index = torch.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]
    # Indexed as channels last, which it is in memory, so that each place is one copy.
    return padded.permute(0, 2, 3, 1)[index].permute(0, 3, 1, 2)
