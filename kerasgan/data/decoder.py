"""Decoding image files to pixels of one size."""

import contextlib
import io
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, ImageCms, ImageColor, ImageOps, UnidentifiedImageError

from kerasgan.argument_checks import whole_number
from kerasgan.data.own_grids import is_own_grid
from kerasgan.data.picture_formats import picture_formats
from kerasgan.errors import UserError

FITS = ("pad", "crop", "squash")
CANNOT_BE_OPENED = "cannot be opened"

# A decoded image of this side takes 192 MiB, and several are decoded at once.
LARGEST_SIDE = 8192

# A JPEG file without these has no orientation; looking for one takes as long as decoding a small
# picture.
_ORIENTED = ("exif", "xmp")
# What Pillow raises for damaged data on a picture's orientation.
_DAMAGED_EXIF = (SyntaxError, struct.error, ValueError, KeyError, TypeError, IndexError)


class UnsuitablePicture(ValueError):
    """A picture that can be decoded, but not trained on; the message says why."""


@dataclass(frozen=True)
class Decoder:
    """Decodes PNG, JPEG, GIF, BMP, WebP, TIFF and AVIF files to `(size, size, channels)`.

    HEIC files are decoded too if the extra `heif` is installed. Of animations and files of several
    pages, the first frame counts. Photographs are turned upright (EXIF), colours are those of the
    picture's profile (ICC) in sRGB, 16-bit greys and floats in [0, 1] are scaled to 8 bits, as are
    32-bit integers that need 16 bits, and transparent images are composited on the background
    before they are resized, so that the hidden colours of transparent pixels never bleed into the
    edges.

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
        size = whole_number("image_size", self.image_size, least=1, most=LARGEST_SIDE)
        object.__setattr__(self, "image_size", size)
        channels = whole_number("channels", self.channels)
        if channels not in (1, 3):
            raise UserError(f"channels must be 3 (RGB) or 1 (grey). Received: channels={channels}")
        object.__setattr__(self, "channels", channels)
        if self.fit not in FITS:
            raise UserError(f"fit must be one of {', '.join(FITS)}. Received: fit={self.fit!r}")
        object.__setattr__(self, "background", _rgb(self.background))

    @property
    def background_pixel(self) -> tuple[int, ...]:
        """The background as a decoded pixel: `channels` values in 0..255."""
        pixel = Image.new("RGB", (1, 1), _rgb(self.background)).convert(self._mode)
        return tuple(np.asarray(pixel).ravel().tolist())

    def decode(self, file: BinaryIO) -> np.ndarray:
        """Returns the image in `file` as uint8 `(image_size, image_size, channels)`.

        Raises:
            UnsuitablePicture: The image is a single pixel, has float values outside of [0, 1] or
                32-bit integers that are not those of 16 bits, or is a grid that kerasgan wrote.
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
        with Image.open(file, formats=picture_formats()) as opened:
            size = opened.size
            if size == (1, 1):
                raise UnsuitablePicture("a single pixel")
            if opened.format == "PNG" and is_own_grid(opened.info):
                raise UnsuitablePicture("a grid of pictures, or a preview, that kerasgan wrote")
            # JPEG files are much faster to decode at a half, a quarter or an eighth of their size.
            # From twice the target size, resampling stays within two grey levels of exact.
            width, height = self._scaled(*opened.size)
            opened.draft("RGB", (2 * width, 2 * height))
            if opened.format != "JPEG" or not opened.info.keys().isdisjoint(_ORIENTED):
                # A picture whose block of data is damaged is taken as upright.
                with contextlib.suppress(*_DAMAGED_EXIF):
                    ImageOps.exif_transpose(opened, in_place=True)
            image = flattened(_in_srgb(opened), _rgb(self.background))
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
        padded = Image.new(self._mode, square, self.background_pixel)
        padded.paste(image, ((square[0] - image.width) // 2, (square[1] - image.height) // 2))
        return padded


# Profiles of the same primaries can be linear, and say so in other words.
_IS_SRGB = re.compile(r"(GIMP built-in )?sRGB( built-in|2014| IEC61966[-.\d]*( black scaled)?)?")


def _in_srgb(image: Image.Image) -> Image.Image:
    """Returns a picture in the colours of sRGB, if a profile says that it has others."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if _IS_SRGB.fullmatch(ImageCms.getProfileDescription(source).strip()):
            return image
        if image.has_transparency_data:
            # The transparent pixels of an RGB picture may be told by their colour before.
            image = image.convert("RGBA")
        colours = image.convert("RGB") if image.mode == "RGBA" else image
        srgb = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(colours, source, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image  # The profile is damaged, or one of another kind of picture.
    if image.mode == "RGBA" and converted is not None:
        converted.putalpha(image.getchannel("A"))
    return converted or image


def flattened(image: Image.Image, background: str | tuple[int, int, int]) -> Image.Image:
    """Returns an image without transparency and with 8 bits per channel, in mode RGB or L.

    Args:
        image: A picture of any mode.
        background: The colour that transparent pixels are composited on.
    """
    if image.mode.startswith("I"):
        image = _eight_bits(image)
    elif image.mode == "F":
        image = _from_floats(image)
    if image.has_transparency_data:
        canvas = Image.new("RGBA", image.size, background)
        image = Image.alpha_composite(canvas, image.convert("RGBA"))
    return image if image.mode in ("RGB", "L") else image.convert("RGB")


def decoding_failure(error: Exception) -> str:
    """Returns why an image could not be decoded, in one line."""
    details = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, UnsuitablePicture):
        return details
    if isinstance(error, UnidentifiedImageError):
        return "damaged, or not a picture"
    if isinstance(error, Image.DecompressionBombError):
        return f"too many pixels ({details})"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{CANNOT_BE_OPENED} ({error.strerror or details})"
    return f"cannot be decoded ({details})"


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    shrinks = size[0] < image.width or size[1] < image.height
    # Lanczos is the sharpest filter for shrinking, but rings when it enlarges.
    return image.resize(size, Image.Resampling.LANCZOS if shrinks else Image.Resampling.BICUBIC)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scales 16-bit greys to 8 bits; Pillow's `convert` clips all but the darkest 256 to white.

    Of 32-bit integers nothing says which value is white. Those that need 16 bits are taken as such.
    """
    values = np.asarray(image).astype(np.int64)
    if image.mode == "I" and not (values.min() >= 0 and 255 < values.max() <= 65535):
        raise UnsuitablePicture(
            "32-bit integers that are not those of 16 bits, to be converted to 8 or 16 bits "
            f"(from {values.min()} to {values.max()})"
        )
    grey = Image.fromarray(np.uint8(np.clip((values + 128) // 257, 0, 255)))
    transparent = image.info.get("transparency")
    if transparent is None:
        return grey
    alpha = Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8))
    return Image.merge("LA", (grey, alpha))


def _from_floats(image: Image.Image) -> Image.Image:
    """Scales floats in [0, 1] to 8 bits; of other floats, nothing says which value is white."""
    values = np.asarray(image)
    if not (values.min() >= 0 and values.max() <= 1):
        raise UnsuitablePicture(
            "float values outside of [0, 1], to be converted to 8 or 16 bits "
            f"(from {values.min():.4g} to {values.max():.4g})"
        )
    return Image.fromarray(np.uint8(np.rint(values * 255)))


def _rgb(colour: str | Sequence[int]) -> tuple[int, int, int]:
    values: Any = colour
    if isinstance(colour, str):
        try:
            values = ImageColor.getrgb(colour)
        except ValueError:
            values = ()
    if isinstance(values, Sequence):
        values = list(values)
        if len(values) == 4 and values[3] == 255:
            values = values[:3]
        integers = all(isinstance(v, int) and not isinstance(v, bool) for v in values)
        if len(values) == 3 and integers and all(0 <= v <= 255 for v in values):
            return values[0], values[1], values[2]
    raise UserError(
        "background must be an opaque colour such as white, #ffcc00 or three integers in 0..255. "
        f"Received: background={colour!r}"
    )
