"""Decoding image files to pixels of one size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, ImageColor, ImageOps, UnidentifiedImageError

from kerasgan.errors import UserError

FITS = ("pad", "crop", "squash")

# A decoded image of this side takes 192 MiB, and several are decoded at once.
_LARGEST_SIDE = 8192

# Pillow tries only these decoders: a PostScript file named .png must not start Ghostscript.
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")


@dataclass(frozen=True)
class Decoder:
    """Decodes PNG, JPEG, GIF (first frame), BMP and WebP files to `(size, size, channels)`.

    Photographs are turned upright (EXIF), 16-bit greys are scaled to 8 bits, and transparent
    images are composited on the background before they are resized, so that the hidden colours of
    transparent pixels never bleed into the edges.

    Attributes:
        image_size: Side of the result in pixels, from 1 to 8192.
        channels: 3 (RGB) or 1 (grey).
        fit: How an image that is not square becomes square: `"pad"` adds background on two
            sides, `"crop"` keeps the centre, `"squash"` changes the proportions.
        background: A colour Pillow understands (`"white"`, `"#ffcc00"`, `"hsl(0,100%,50%)"`), or
            red, green and blue in 0..255.

    Raises:
        UserError: An attribute has a value other than these.
    """

    image_size: int
    channels: int = 3
    fit: str = "pad"
    background: str | Sequence[int] = "white"

    def __post_init__(self) -> None:
        size = self.image_size
        if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= _LARGEST_SIDE:
            raise UserError(
                f"image_size must be an integer from 1 to {_LARGEST_SIDE:,}. "
                f"Received: image_size={size!r}"
            )
        if isinstance(self.channels, bool) or self.channels not in (1, 3):
            raise UserError(
                f"channels must be 3 (RGB) or 1 (grey). Received: channels={self.channels!r}"
            )
        if self.fit not in FITS:
            raise UserError(f"fit must be one of {', '.join(FITS)}. Received: fit={self.fit!r}")
        object.__setattr__(self, "background", _rgb(self.background))

    @property
    def background_pixel(self) -> tuple[int, ...]:
        """The background as a decoded pixel: `channels` values in 0..255."""
        pixel = Image.new("RGB", (1, 1), self.background).convert(self._mode).getpixel((0, 0))
        return pixel if isinstance(pixel, tuple) else (pixel,)

    def decode(self, file: BinaryIO) -> np.ndarray:
        """Returns the image in `file` as uint8 `(image_size, image_size, channels)`.

        Raises:
            Exception: Whatever Pillow raises for a file that is corrupt, truncated, not an image,
                or has more pixels than `PIL.Image.MAX_IMAGE_PIXELS` allows; `decoding_failure`
                describes it.
        """
        image, _ = self.picture(file)
        return np.asarray(image, np.uint8).reshape(self.image_size, self.image_size, self.channels)

    def picture(self, file: BinaryIO) -> tuple[Image.Image, tuple[int, int]]:
        """Returns the image in `file` as a Pillow picture, and its width and height in the file.

        Raises:
            Exception: As `decode`.
        """
        with Image.open(file, formats=_FORMATS) as opened:
            size = opened.size
            # JPEG files are much faster to decode at a half, a quarter or an eighth of their size.
            # From twice the target size, resampling stays within two grey levels of exact.
            opened.draft("RGB", tuple(2 * side for side in self._scaled(*opened.size)))
            ImageOps.exif_transpose(opened, in_place=True)
            image = flattened(opened, self.background)
            return self._fitted(image.convert(self._mode)), size

    @property
    def _mode(self) -> str:
        return "RGB" if self.channels == 3 else "L"

    def _scaled(self, width: int, height: int) -> tuple[int, int]:
        """Returns the width and height that an image of `width` x `height` is resampled to."""
        if self.fit == "squash":
            return self.image_size, self.image_size
        reference = max(width, height) if self.fit == "pad" else min(width, height)
        scale = self.image_size / reference
        return max(1, round(width * scale)), max(1, round(height * scale))

    def _fitted(self, image: Image.Image) -> Image.Image:
        square = (self.image_size, self.image_size)
        width, height = image.size
        if self.fit == "crop":
            side = min(width, height)
            left, top = (width - side) // 2, (height - side) // 2
            return _resized(image.crop((left, top, left + side, top + side)), square)
        image = _resized(image, self._scaled(width, height))
        if image.size == square:
            return image
        padded = Image.new(image.mode, square, self._fill)
        padded.paste(image, ((square[0] - image.width) // 2, (square[1] - image.height) // 2))
        return padded

    @property
    def _fill(self) -> Any:
        pixel = self.background_pixel
        return pixel if len(pixel) > 1 else pixel[0]


def flattened(image: Image.Image, background: str | tuple[int, int, int]) -> Image.Image:
    """Returns an image without transparency and with 8 bits per channel, in mode RGB or L.

    Args:
        image: A picture of any mode.
        background: The colour that transparent pixels are composited on.
    """
    if image.mode.startswith("I"):
        image = _eight_bits(image)
    if image.has_transparency_data:
        canvas = Image.new("RGBA", image.size, background)
        image = Image.alpha_composite(canvas, image.convert("RGBA"))
    return image if image.mode in ("RGB", "L") else image.convert("RGB")


def decoding_failure(error: Exception) -> str:
    """Returns why an image could not be decoded, in one line."""
    if isinstance(error, UnidentifiedImageError):
        return "not an image that Pillow can read"
    return " ".join(str(error).split()) or type(error).__name__


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    shrinks = size[0] < image.width or size[1] < image.height
    # Lanczos is the sharpest filter for shrinking, but rings when it enlarges.
    return image.resize(size, Image.Resampling.LANCZOS if shrinks else Image.Resampling.BICUBIC)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scales 16-bit greys to 8 bits; Pillow's `convert` clips all but the darkest 256 to white."""
    values = np.asarray(image).astype(np.int64)
    grey = Image.fromarray(np.uint8(np.clip((values + 128) // 257, 0, 255)))
    transparent = image.info.get("transparency")
    if transparent is None:
        return grey
    alpha = Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8))
    return Image.merge("LA", (grey, alpha))


def _rgb(colour: str | Sequence[int]) -> tuple[int, int, int]:
    values: Any = colour
    if isinstance(colour, str):
        try:
            values = ImageColor.getrgb(colour)
        except ValueError:
            values = ()
    if isinstance(values, Sequence):
        values = tuple(values)
        if len(values) == 4 and values[3] == 255:
            values = values[:3]
        integers = all(isinstance(v, int) and not isinstance(v, bool) for v in values)
        if len(values) == 3 and integers and all(0 <= v <= 255 for v in values):
            return values
    raise UserError(
        "background must be an opaque colour such as white, #ffcc00 or three integers in 0..255. "
        f"Received: background={colour!r}"
    )
