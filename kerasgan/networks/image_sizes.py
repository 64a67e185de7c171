"""The sides of images that networks are built for."""

IMAGE_SIZES = (32, 64, 128)


def doublings(image_size: int, *, smallest: int) -> int:
    """Returns how often `smallest` is doubled to reach `image_size`.

    Raises:
        ValueError: `image_size` is not 32, 64 or 128.
    """
    if image_size not in IMAGE_SIZES:
        raise ValueError(
            f"image_size must be one of {IMAGE_SIZES}. Received: image_size={image_size}"
        )
    return (image_size // smallest).bit_length() - 1
