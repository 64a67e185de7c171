import threading

import keras
import numpy as np
import pytest

from kerasgan.drawing.any_size.strips import strips
from kerasgan.drawing.any_size.tiles import tile_drawer
from kerasgan.drawing.any_size.view import View
from kerasgan.drawing.size import Size
from kerasgan.networks.cppn_render import cppn_render
from kerasgan.precision import dtype_policy
from tests.drawing.cppn_models import OWN_VIEW, cppn_model, expected, latent


def whole(model, size, view=OWN_VIEW):
    """A picture drawn in one tile, in grey levels that are not rounded."""
    draw = tile_drawer(model, latent(), size, view)
    return 255.0 * draw((0, size.height), (0, size.width))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("size", "view"),
    [
        (Size(width=1, height=1), View()),
        (Size(width=40, height=30), View()),
        (Size(width=30, height=50), View(3.7, (0.3, -0.4))),
        (Size(width=40, height=40), View(1e-3)),
        (Size(width=40, height=40), View(1e4, (0.123456789, 0.5))),
        (Size(width=40, height=40), View(1e9, (-1.5, 0.0))),
    ],
)
def test_pixels_are_those_of_float64(grey_cppn, colour_cppn, channels, size, view):
    model = grey_cppn if channels == 1 else colour_cppn
    picture = whole(model, size, view)
    assert (picture.shape, picture.dtype) == ((size.height, size.width, channels), np.float32)
    levels = expected(model.generator, latent(), size, view)
    np.testing.assert_allclose(picture, levels, rtol=0.0, atol=0.05)


def test_pictures_of_these_tests_have_contrast(grey_cppn):
    picture = whole(grey_cppn, Size(width=40, height=30))
    assert picture.min() < 50 and picture.max() > 200 and picture.std() > 40


def test_it_draws_what_cppn_render_draws(grey_cppn):
    picture = whole(grey_cppn, Size(width=31, height=23), View(1.5, (0.2, 0.1)))
    options = {"width": 31, "height": 23, "zoom": 1.5, "centre": (0.2, 0.1)}
    images = cppn_render(grey_cppn.generator, latent()[None], **options)
    np.testing.assert_allclose(picture, 255.0 * images[0].numpy(), rtol=0.0, atol=1e-3)


def test_waves_and_modulation_are_drawn_as_cppn_render_draws_them():
    model = cppn_model(channels=3, octaves=2, modulated=True, mapping_depth=1)
    draw = tile_drawer(model, latent(), Size(width=31, height=23), View(1.5, (0.2, 0.1)))
    options = {"width": 31, "height": 23, "zoom": 1.5, "centre": (0.2, 0.1)}
    images = cppn_render(model.generator, latent()[None], **options)
    np.testing.assert_allclose(draw((3, 20), (5, 31)), images[0, 3:20, 5:], rtol=0.0, atol=1e-5)


def test_any_part_is_cut_from_the_whole(grey_cppn):
    size = Size(width=40, height=30)
    draw, picture = tile_drawer(grey_cppn, latent(), size, View()), whole(grey_cppn, size)
    for rows, columns in (((0, 1), (0, 40)), ((29, 30), (39, 40)), ((3, 17), (5, 22))):
        part = picture[slice(*rows), slice(*columns)]
        np.testing.assert_allclose(255.0 * draw(rows, columns), part, rtol=0.0, atol=1e-3)


def test_the_moving_average_is_drawn_where_there_is_one():
    model, size = cppn_model(ema_decay=0.9), Size(width=20, height=20)
    model.ema_generator.set_weights([0.5 * weight for weight in model.generator.get_weights()])
    levels = expected(model.ema_generator, latent(), size)
    np.testing.assert_allclose(whole(model, size), levels, rtol=0.0, atol=0.05)


def test_a_model_in_bfloat16_is_drawn_in_float32_and_stays_as_it_is():
    with dtype_policy("mixed_bfloat16"):
        model = cppn_model()
    size = Size(width=40, height=30)
    levels = expected(model.generator, latent(), size)
    np.testing.assert_allclose(whole(model, size), levels, rtol=0.0, atol=0.05)
    images = cppn_render(model.generator, latent()[None], width=40, height=30)
    assert np.abs(255.0 * images[0].numpy() - levels).max() > 0.6, "bfloat16 shows"
    assert {layer.compute_dtype for layer in model.generator.layers} == {"float32", "bfloat16"}


def test_latents_are_scaled_as_the_first_layer_scales_them():
    model, size = cppn_model(), Size(width=20, height=20)
    config = model.generator.get_config()
    first = next(
        each for each in config["layers"] if each["class_name"].endswith("CoordinateDense")
    )
    first["config"]["latent_scale"] = 2.0
    scaled = keras.Model.from_config(config)
    scaled.set_weights(model.generator.get_weights())
    model.generator = scaled
    levels = expected(scaled, 2.0 * latent(), size)
    np.testing.assert_allclose(whole(model, size), levels, rtol=0.0, atol=0.05)


def numbered(size):
    """A picture in which every pixel has its own colour."""
    numbers = np.arange(size.height * size.width).reshape(size.height, size.width)
    return np.stack([numbers % 256, numbers // 256 % 256, numbers // 65536], -1).astype("uint8")


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize(
    ("width", "height", "tile_pixels"),
    [(1, 1, 10), (7, 5, 10), (5, 40, 10), (23, 4, 10), (20, 3, 10), (9, 9, 1000), (4, 4, 1)],
)
def test_strips_make_up_the_picture_in_order(width, height, tile_pixels, workers):
    size = Size(width=width, height=height)
    picture, sizes = numbered(size), []

    def draw(rows, columns):
        sizes.append((rows[1] - rows[0]) * (columns[1] - columns[0]))
        return picture[slice(*rows), slice(*columns)]

    drawn = list(strips(draw, size, tile_pixels=tile_pixels, workers=workers))
    np.testing.assert_array_equal(np.concatenate(drawn), picture)
    assert max(sizes) <= tile_pixels
    assert sum(sizes) == width * height


def test_no_more_is_drawn_than_a_few_strips_ahead():
    calls = []

    def draw(rows, columns):
        calls.append(rows)
        return np.zeros((rows[1] - rows[0], columns[1] - columns[0], 1), np.uint8)

    drawn = strips(draw, Size(width=10, height=1000), tile_pixels=10, workers=2)
    for _ in range(5):
        next(drawn)
    assert len(calls) <= 5 + 2
    drawn.close()
    assert len(calls) <= 5 + 2


def test_workers_draw_at_the_same_time():
    together = threading.Barrier(2, timeout=20.0)

    def draw(rows, columns):
        together.wait()
        return np.zeros((1, 4, 1), np.uint8)

    assert len(list(strips(draw, Size(width=4, height=6), tile_pixels=4, workers=2))) == 6


def test_errors_of_drawing_pass():
    def draw(rows, columns):
        raise MemoryError("no more")

    with pytest.raises(MemoryError, match="no more"):
        list(strips(draw, Size(width=4, height=6), tile_pixels=4))
