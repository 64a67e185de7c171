import keras
import numpy as np
import pytest

from kerasgan.drawing.tile import tile_drawer
from kerasgan.drawing.view import View
from kerasgan.networks.cppn_render import cppn_render
from kerasgan.precision import dtype_policy
from tests.drawing.cppn_models import cppn_model, expected, latent


@pytest.fixture(scope="module")
def model():
    return cppn_model()


def whole(draw, view):
    return draw((0, view.height), (0, view.width)).astype("float64")


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    "options",
    [
        {"width": 1, "height": 1},
        {"width": 40, "height": 30},
        {"width": 30, "height": 50, "zoom": 3.7, "centre": (0.3, -0.4)},
        {"width": 40, "height": 40, "zoom": 1e-3},
        {"width": 40, "height": 40, "zoom": 1e4, "centre": (0.123456789, 0.5)},
        {"width": 40, "height": 40, "zoom": 1e9, "centre": (-1.5, 0.0)},
    ],
)
def test_pixels_are_those_of_float64_to_a_grey_level(channels, options):
    model, view = cppn_model(channels=channels), View(**options)
    picture = whole(tile_drawer(model, latent(), view), view)
    assert picture.shape == (view.height, view.width, channels)
    grey = expected(model.generator, latent(), **options)
    # A half is the rounding to a level.
    np.testing.assert_allclose(picture, grey, rtol=0.0, atol=0.51)


def test_pictures_of_these_tests_have_contrast(model):
    view = View(40, 30)
    picture = whole(tile_drawer(model, latent(), view), view)
    assert picture.min() < 50 and picture.max() > 200 and picture.std() > 40


def test_it_draws_what_cppn_render_draws(model):
    view = View(31, 23, 1.5, (0.2, 0.1))
    picture = whole(tile_drawer(model, latent(), view), view)
    images = cppn_render(
        model.generator, latent()[None], width=31, height=23, zoom=1.5, centre=(0.2, 0.1)
    )
    np.testing.assert_allclose(picture, 255.0 * images[0].numpy(), rtol=0.0, atol=0.51)


def test_any_part_is_cut_from_the_whole(model):
    view = View(40, 30)
    draw = tile_drawer(model, latent(), view)
    picture = whole(draw, view)
    for rows, columns in (((0, 1), (0, 40)), ((29, 30), (39, 40)), ((3, 17), (5, 22))):
        part = draw(rows, columns)
        assert part.dtype == np.uint8
        assert np.abs(part - picture[slice(*rows), slice(*columns)]).max() <= 1


def test_the_moving_average_is_drawn_where_there_is_one():
    model, view = cppn_model(ema_decay=0.9), View(20, 20)
    model.ema_generator.set_weights([0.5 * weight for weight in model.generator.get_weights()])
    picture = whole(tile_drawer(model, latent(), view), view)
    grey = expected(model.ema_generator, latent(), width=20, height=20)
    np.testing.assert_allclose(picture, grey, rtol=0.0, atol=0.51)


def test_a_model_in_bfloat16_is_drawn_in_float32_and_stays_as_it_is():
    with dtype_policy("mixed_bfloat16"):
        model = cppn_model()
    view = View(40, 30)
    picture = whole(tile_drawer(model, latent(), view), view)
    grey = expected(model.generator, latent(), width=40, height=30)
    np.testing.assert_allclose(picture, grey, rtol=0.0, atol=0.51)
    assert np.abs(255.0 * cppn_render_of(model, view) - grey).max() > 0.6, "bfloat16 shows"
    assert {layer.compute_dtype for layer in model.generator.layers} == {"float32", "bfloat16"}


def cppn_render_of(model, view):
    images = cppn_render(model.generator, latent()[None], width=view.width, height=view.height)
    return images[0].numpy()


def test_what_a_diverged_network_draws_is_black(model):
    view, broken = View(4, 4), cppn_model()
    broken.generator.set_weights([np.full_like(w, np.nan) for w in model.generator.get_weights()])
    assert not tile_drawer(broken, latent(), view)((0, 4), (0, 4)).any()


def test_latents_are_scaled_as_the_first_layer_scales_them():
    model = cppn_model()
    config = model.generator.get_config()
    first = next(
        each for each in config["layers"] if each["class_name"].endswith("CoordinateDense")
    )
    first["config"]["latent_scale"] = 2.0
    scaled = keras.Model.from_config(config)
    scaled.set_weights(model.generator.get_weights())
    view = View(20, 20)
    model.generator = scaled
    picture = whole(tile_drawer(model, latent(), view), view)
    grey = expected(scaled, 2.0 * latent(), width=20, height=20)
    np.testing.assert_allclose(picture, grey, rtol=0.0, atol=0.51)
