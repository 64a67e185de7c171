"""The sides of images that networks are built for."""

IMAGE_SIZES = (32, 64, 128)


def doublings(image_size: int, *, smallest: int, sizes: tuple[int, ...] = IMAGE_SIZES) -> int:
    """Returns how often `smallest` is doubled to reach `image_size`.

    Raises:
        ValueError: `image_size` is not one of `sizes`.
    """
    if image_size not in sizes:
        raise ValueError(f"image_size must be one of {sizes}. Received: image_size={image_size}")
    return (image_size // smallest).bit_length() - 1
