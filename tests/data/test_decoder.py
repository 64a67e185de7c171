import io
import re
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from kerasgan.data.decoder import Decoder, UnsuitablePicture
from kerasgan.errors import UserError

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (8, 8, 3), np.uint8)
SMOOTH = np.stack(np.meshgrid(np.arange(64) * 4, np.arange(64) * 4), -1).astype(np.uint8)
SMOOTH = np.concatenate([SMOOTH, 255 - SMOOTH[..., :1]], -1)


def encoded(image, format="PNG", **options):
    if not isinstance(image, Image.Image):
        image = Image.fromarray(image)
    file = io.BytesIO()
    image.save(file, format, **options)
    file.seek(0)
    return file


def decode(file, size=8, **options):
    return Decoder(size, **options).decode(file)


def luma(rgb):
    """ITU-R 601-2, as in Pillow's documentation of `convert("L")`."""
    return rgb @ [0.299, 0.587, 0.114]


def png(width, height, bits, colour_type, rows, extra=b""):
    """A PNG written by hand, for what Pillow itself cannot write."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("PNG", {}),
        ("BMP", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
    ],
)
def test_lossless_formats_give_their_pixels(format, options):
    result = decode(encoded(PIXELS, format, **options))
    assert result.dtype == np.uint8
    np.testing.assert_array_equal(result, PIXELS)


def adobe_rgb():
    """An ICC profile of Adobe RGB: its primaries, for the white of D50, and a gamma of 563/256."""
    return icc_profile(b"Adobe", ADOBE_PRIMARIES.values(), gamma=563 / 256)


def icc_profile(description, primaries, *, gamma):
    """An ICC profile of red, green and blue `primaries` in XYZ, with one gamma for all."""

    def fixed(*values):
        return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))

    colours = [b"XYZ " + bytes(4) + fixed(*values) for values in primaries]
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))
    length = struct.pack(">I", len(description) + 1)
    text = b"desc" + bytes(4) + length + description + b"\0" + bytes(78)
    tags = {
        **dict(zip(("rXYZ", "gXYZ", "bXYZ"), colours, strict=True)),
        "wtpt": b"XYZ " + bytes(4) + fixed(0.9642, 1.0, 0.8249),
        **dict.fromkeys(("rTRC", "gTRC", "bTRC"), curve + bytes(2)),
        "desc": text + bytes(-len(text) % 4),
        "cprt": b"text" + bytes(4) + b"none",
    }
    place, table, data = 128 + 4 + 12 * len(tags), b"", b""
    for name, value in tags.items():
        table += name.encode() + struct.pack(">II", place + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    body = struct.pack(">I", len(tags)) + table + data
    header = struct.pack(">I", 128 + len(body)) + b"test" + struct.pack(">I", 0x02100000)
    header += b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28) + fixed(0.9642, 1.0, 0.8249)
    return header + bytes(128 - len(header)) + body


# Adobe RGB (1998), annex, adapted to D50, and those of sRGB.
ADOBE_PRIMARIES = {
    "r": (0.60974, 0.31111, 0.01947),
    "g": (0.20528, 0.62567, 0.06087),
    "b": (0.14919, 0.06322, 0.74457),
}
SRGB_PRIMARIES = [
    (0.43607, 0.22249, 0.01392),
    (0.38515, 0.71687, 0.09708),
    (0.14307, 0.06061, 0.71410),
]


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_of_a_profile_are_those_of_srgb(mode):
    # Colours that both have, so that none is cut off.
    pixels = RNG.integers(90, 160, (8, 8, 3), np.uint8)
    linear = (pixels / 255.0) ** (563 / 256)
    xyz = linear @ np.array([*ADOBE_PRIMARIES.values()])
    linear = xyz @ np.linalg.inv(np.array(SRGB_PRIMARIES))
    expected = 255 * (1.055 * linear ** (1 / 2.4) - 0.055)
    picture = Image.fromarray(pixels).convert(mode)
    found = decode(encoded(picture, icc_profile=adobe_rgb())).astype(float)
    assert np.abs(expected - pixels).max() > 8
    assert np.abs(found - expected).max() < 2.5


def test_the_transparent_colour_of_a_picture_with_a_profile_is_transparent():
    pixels = np.full((8, 8, 3), (3, 12, 24), np.uint8)
    pixels[:, 4:] = 120
    picture = Image.fromarray(pixels)
    found = decode(encoded(picture, transparency=(3, 12, 24), icc_profile=adobe_rgb()))
    assert (found[:, :4] == 255).all()
    assert (found[:, 4:] < 140).all()


def test_a_linear_profile_with_the_name_of_srgb_is_linear():
    profile = icc_profile(b"GIMP built-in Linear sRGB", SRGB_PRIMARIES, gamma=1.0)
    grey = Image.new("RGB", (8, 8), (55, 55, 55))
    expected = 255 * (1.055 * (55 / 255) ** (1 / 2.4) - 0.055)
    assert np.abs(decode(encoded(grey, icc_profile=profile)).astype(float) - expected).max() < 2.5


def test_a_damaged_profile_changes_nothing():
    for profile in (b"damaged", adobe_rgb()[:200]):
        np.testing.assert_array_equal(decode(encoded(PIXELS, icc_profile=profile)), PIXELS)


def test_a_picture_whose_orientation_is_damaged_is_upright():
    found = decode(encoded(SMOOTH, "JPEG", quality=95, exif=b"Exif\0\0garbage"), size=64)
    assert np.abs(found.astype(int) - SMOOTH).mean() < 3


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "AVIF"])
def test_lossy_formats_give_nearly_their_pixels(format):
    result = decode(encoded(SMOOTH, format, quality=95), size=64)
    assert np.abs(result.astype(int) - SMOOTH).mean() < 3


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "AVIF", "TIFF"])
def test_an_animation_gives_its_first_frame(format):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    file = encoded(frames[0], format, save_all=True, append_images=frames[1:])
    assert np.abs(decode(file).astype(int) - [255, 0, 0]).max() <= 2


def test_colour_becomes_luma_for_one_channel():
    result = decode(encoded(PIXELS), channels=1)
    assert result.shape == (8, 8, 1)
    assert np.abs(result[..., 0] - luma(PIXELS)).max() <= 1


def test_grey_becomes_three_equal_channels():
    result = decode(encoded(PIXELS[..., 0]))
    np.testing.assert_array_equal(result, np.repeat(PIXELS[..., :1], 3, -1))


def test_one_bit_is_black_and_white():
    bits = PIXELS[..., 0] > 127
    result = decode(encoded(Image.fromarray(bits)), channels=1)
    np.testing.assert_array_equal(result[..., 0], np.where(bits, 255, 0))


def test_palette_gives_its_colours():
    palette = Image.fromarray(RNG.integers(0, 4, (8, 8), np.uint8), "P")
    colours = [10, 20, 30, 200, 100, 0, 0, 0, 0, 255, 255, 255]
    palette.putpalette(colours)
    expected = np.reshape(colours, (4, 3))[np.asarray(palette)]
    np.testing.assert_array_equal(decode(encoded(palette)), expected)


def test_transparent_palette_entry_becomes_background():
    indices = RNG.integers(0, 4, (8, 8), np.uint8)
    palette = Image.fromarray(indices, "P")
    colours = np.array([[10, 20, 30], [200, 100, 0], [0, 0, 0], [255, 255, 255]])
    palette.putpalette(colours.ravel().tolist())
    file = encoded(palette, transparency=2)
    colours[2] = [255, 0, 255]
    np.testing.assert_array_equal(decode(file, background="#ff00ff"), colours[indices])


def test_alpha_blends_with_the_background():
    rgba = RNG.integers(0, 256, (8, 8, 4), np.uint8)
    alpha = rgba[..., 3:] / 255
    expected = rgba[..., :3] * alpha + np.array([0, 128, 255]) * (1 - alpha)
    result = decode(encoded(rgba), background=(0, 128, 255))
    assert np.abs(result - expected).max() <= 1


def test_grey_alpha_blends_with_the_background():
    grey_alpha = RNG.integers(0, 256, (8, 8, 2), np.uint8)
    alpha = grey_alpha[..., 1] / 255
    expected = grey_alpha[..., 0] * alpha + 255 * (1 - alpha)
    result = decode(encoded(grey_alpha), channels=1)
    assert np.abs(result[..., 0] - expected).max() <= 1


def test_colour_hidden_under_transparency_never_bleeds_when_resized():
    rgba = np.zeros((32, 32, 4), np.uint8)
    rgba[..., 0] = 255  # red everywhere, and nowhere visible
    np.testing.assert_array_equal(decode(encoded(rgba)), np.full((8, 8, 3), 255))


def test_cmyk_becomes_rgb():
    cmyk = Image.new("CMYK", (8, 8), (255, 0, 0, 0))
    np.testing.assert_array_equal(decode(encoded(cmyk, "TIFF")), np.full((8, 8, 3), [0, 255, 255]))
    result = decode(encoded(cmyk, "JPEG", quality=100))
    assert np.abs(result.astype(int) - [0, 255, 255]).max() <= 3


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
@pytest.mark.parametrize("channels", [1, 3])
def test_sixteen_bit_grey_is_scaled_not_clipped(channels, format):
    values = RNG.integers(0, 1 << 16, (8, 8), np.uint16)
    values[0, :3] = 0, 128, 65535
    result = decode(encoded(values, format), channels=channels)
    expected = np.rint(values / 65535 * 255)[..., None]
    np.testing.assert_array_equal(result, np.repeat(expected, channels, -1))


def test_integers_of_32_bits_are_scaled_as_16_bits_where_they_need_these_and_refused_elsewhere():
    values = RNG.integers(0, 1 << 16, (8, 8), np.int32)
    values[0, 0] = 65535
    expected = decode(encoded(Image.fromarray(values.astype(np.uint16)), "TIFF"))
    np.testing.assert_array_equal(decode(encoded(Image.fromarray(values), "TIFF")), expected)
    for unsuitable in (values // 257, values - 65536, values * 257):
        reason = re.escape(f"(from {unsuitable.min()} to {unsuitable.max()})")
        with pytest.raises(UnsuitablePicture, match=f"32-bit integers .* 16 bits {reason}"):
            decode(encoded(Image.fromarray(unsuitable), "TIFF"))


def test_floats_from_0_to_1_are_scaled_and_others_refused():
    values = RNG.random((8, 8), np.float32)
    result = decode(encoded(values, "TIFF"), channels=1)[..., 0]
    np.testing.assert_array_equal(result, np.rint(values * 255))
    for beyond in (values * 255, values - 0.5, values * np.nan):
        with pytest.raises(UnsuitablePicture):
            decode(encoded(beyond, "TIFF"))


def test_a_single_pixel_is_refused():
    with pytest.raises(UnsuitablePicture):
        decode(encoded(PIXELS[:1, :1]))


def test_sixteen_bit_colour_is_scaled():
    values = RNG.integers(0, 1 << 16, (8, 8, 3), np.uint16)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    result = decode(png(8, 8, 16, 2, zlib.compress(rows)))
    assert np.abs(result - values / 65535 * 255).max() <= 1


@pytest.mark.parametrize(
    ("orientation", "upright"),
    [
        (1, lambda a: a),
        (2, lambda a: a[:, ::-1]),
        (3, lambda a: a[::-1, ::-1]),
        (4, lambda a: a[::-1]),
        (5, lambda a: a.transpose(1, 0, 2)),
        (6, lambda a: np.rot90(a, -1)),
        (7, lambda a: np.rot90(a, 2).transpose(1, 0, 2)),
        (8, lambda a: np.rot90(a)),
    ],
)
def test_exif_orientation_is_undone(orientation, upright):
    exif = Image.Exif()
    exif[0x0112] = orientation
    for format in ("PNG", "TIFF"):
        result = decode(encoded(PIXELS, format, exif=exif))
        np.testing.assert_array_equal(result, upright(PIXELS))
    photo = decode(encoded(SMOOTH, "AVIF", quality=95, exif=exif.tobytes()), size=64)
    assert np.abs(photo.astype(int) - upright(SMOOTH)).mean() < 3


def test_pad_keeps_proportions_and_centres_on_the_background():
    result = decode(encoded(np.zeros((4, 8, 3), np.uint8)), background="red")
    expected = np.full((8, 8, 3), [255, 0, 0])
    expected[2:6] = 0
    np.testing.assert_array_equal(result, expected)


def test_pad_background_is_its_luma_for_one_channel():
    result = decode(encoded(np.zeros((4, 8), np.uint8)), channels=1, background="red")
    assert result[0, 0, 0] == Decoder(8, 1, background="red").background_pixel[0] == 76


def test_crop_keeps_the_centre():
    wide = RNG.integers(0, 256, (8, 14, 3), np.uint8)
    np.testing.assert_array_equal(decode(encoded(wide), fit="crop"), wide[:, 3:11])
    tall = wide.transpose(1, 0, 2)
    np.testing.assert_array_equal(decode(encoded(tall), fit="crop"), tall[3:11])


def test_squash_shows_all_of_the_image():
    wide = np.repeat(np.uint8([[0, 255]]), 16, axis=1).repeat(8, axis=0)
    result = decode(encoded(wide), fit="squash", channels=1)[..., 0]
    assert result[:, :3].max() <= 10
    assert result[:, -3:].min() >= 245


def test_shrinking_averages_areas():
    result = decode(encoded(SMOOTH), size=16)
    means = SMOOTH.reshape(16, 4, 16, 4, 3).mean((1, 3))
    assert np.abs(result[1:-1, 1:-1] - means[1:-1, 1:-1]).max() <= 1.5


@pytest.mark.parametrize("fit", ["pad", "crop", "squash"])
@pytest.mark.parametrize("shape", [(1, 300), (300, 1)])
def test_extreme_proportions_decode(fit, shape):
    assert decode(encoded(np.zeros(shape, np.uint8)), fit=fit).shape == (8, 8, 3)


def test_large_jpeg_is_nearly_as_if_decoded_whole():
    noise = RNG.integers(0, 256, (40, 50, 3), np.uint8)
    photo = Image.fromarray(noise).resize((1000, 800), Image.Resampling.BICUBIC)
    file = encoded(photo, "JPEG", quality=92)
    whole = Image.open(io.BytesIO(file.getvalue())).resize((40, 32), Image.Resampling.LANCZOS)
    result = decode(file, size=40)[4:36].astype(int)
    assert np.abs(result - np.asarray(whole)).max() <= 8
    assert np.abs(result - np.asarray(whole)).mean() < 1


def test_decompression_bomb_is_refused():
    row = b"\0" * (1 + 20_000 // 8)
    bomb = png(20_000, 20_000, 1, 0, zlib.compress(row * 20_000, 1))
    with pytest.raises(Image.DecompressionBombError):
        decode(bomb)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"image_size": 0}, "image_size=0"),
        ({"image_size": 2.5}, "image_size=2.5"),
        ({"image_size": True}, "image_size=True"),
        ({"channels": 4}, "channels=4"),
        ({"channels": 3.0}, r"channels=3\.0"),
        ({"channels": True}, "channels=True"),
        ({"fit": "stretch"}, "pad, crop, squash.*'stretch'"),
        ({"background": "greenish"}, "background='greenish'"),
        ({"background": (1, 2)}, r"background=\(1, 2\)"),
        ({"background": (1, 2, 256)}, "256"),
        ({"background": "#ffffff80"}, "opaque"),
    ],
)
def test_bad_options_are_named(options, named):
    with pytest.raises(UserError, match=named):
        Decoder(**{"image_size": 8, **options})
