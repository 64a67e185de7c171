import numpy as np
import pytest
from PIL import Image

from kerasgan import zoo
from kerasgan.drawing import render, render_to_file, to_picture
from kerasgan.drawing.strips import strips
from kerasgan.drawing.tile import tile_drawer
from kerasgan.drawing.view import View
from kerasgan.errors import UserError
from kerasgan.models import GAN
from tests.drawing.cppn_models import LATENT_DIM, SIZE, cppn_model, expected, latent

SIZES = {"width": 300, "height": 200}


@pytest.fixture(scope="module")
def model():
    return cppn_model()


@pytest.fixture(scope="module")
def colour_model():
    return cppn_model(channels=3)


@pytest.mark.parametrize("options", [{}, {"zoom": 2.5, "centre": (-0.5, 0.25)}])
def test_picture_has_the_levels_of_float64(model, colour_model, options):
    for each, channels in ((model, 1), (colour_model, 3)):
        picture = render(each, latent(), **SIZES, **options)
        assert (picture.shape, picture.dtype) == ((200, 300, channels), np.uint8)
        levels = expected(each.generator, latent(), **SIZES, **options)
        np.testing.assert_allclose(picture, levels, rtol=0.0, atol=0.51)


@pytest.mark.parametrize("tile_pixels", [70, 900, 100_000])
def test_seams_of_tiles_do_not_show(model, tile_pixels):
    view = View(**SIZES)
    tiles = strips(tile_drawer(model, latent(), view), view, tile_pixels=tile_pixels)
    seams = np.concatenate(list(tiles)) - render(model, latent(), **SIZES).astype(int)
    assert np.abs(seams).max() <= 1


def test_own_size_is_what_the_model_generates(model):
    picture = render(model, latent(), width=SIZE, height=SIZE)
    own = np.asarray(to_picture(model.generate(latent()[None])[0])).astype(int)
    assert np.abs(picture[..., 0] - own).max() <= 1


def test_inverted_is_the_negative(model):
    picture = render(model, latent(), **SIZES)
    negative = render(model, latent(), **SIZES, invert=True)
    np.testing.assert_array_equal(picture.astype(int) + negative, 255)


@pytest.mark.parametrize("name", ["mnist_cppn_vaegan", "mnist_cppn_wgan_gp"])
def test_large_pictures_shrunk_look_like_the_small_ones(name):
    gan = zoo.load(name)
    side = gan.image_shape[0]
    for z in gan.draw_latents(20, seed=0):
        small = render(gan, z, width=side, height=side)[..., 0]
        large = render(gan, z, width=4 * side, height=4 * side)[..., 0]
        shrunk = large.reshape(side, 4, side, 4).mean(axis=(1, 3))
        assert np.corrcoef(shrunk.ravel(), small.ravel())[0, 1] > 0.9


def test_file_holds_the_picture(model, colour_model, tmp_path):
    for each, name in ((model, "a.png"), (colour_model, "b.tif")):
        path = render_to_file(each, latent(), str(tmp_path / name), **SIZES, zoom=2.0, invert=True)
        assert path == tmp_path / name
        with Image.open(path) as picture:
            pixels = np.asarray(picture).reshape(200, 300, -1)
        np.testing.assert_array_equal(
            pixels, render(each, latent(), **SIZES, zoom=2.0, invert=True)
        )


def test_numpy_numbers_are_numbers(model):
    picture = render(model, latent(), width=300, height=200, zoom=2.0, centre=(0.5, 0.0))
    options = {"zoom": np.float32(2.0), "centre": np.array([0.5, 0.0])}
    again = render(model, latent(), width=np.int64(300), height=np.uint16(200), **options)
    np.testing.assert_array_equal(picture, again)


def test_training_on_shows_in_the_next_picture():
    model = cppn_model()
    before = render(model, latent(), **SIZES)
    model.generator.set_weights([0.5 * weight for weight in model.generator.get_weights()])
    levels = expected(model.generator, latent(), **SIZES)
    assert (before != render(model, latent(), **SIZES)).any()
    np.testing.assert_allclose(render(model, latent(), **SIZES), levels, rtol=0.0, atol=0.51)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"width": 0}, "width of a picture must be a whole number from 1 to 1,048,576.*width=0"),
        ({"height": -4}, "Received: height=-4"),
        ({"width": 10**9}, "Received: width=1000000000"),
        ({"width": 2.5}, r"Received: width=2\.5"),
        ({"zoom": 0.0}, r"zoom must be a number from 1e-09 to 1e.09\. Received: zoom=0\.0"),
        ({"zoom": -1.0}, r"Received: zoom=-1\.0"),
        ({"zoom": float("nan")}, "Received: zoom=nan"),
        ({"zoom": float("inf")}, "Received: zoom=inf"),
        ({"zoom": "2.0"}, r"Received: zoom=2\.0"),
        ({"centre": (0.0, float("nan"))}, r"centre must be two numbers .*centre=\(0\.0, nan\)"),
        ({"centre": (0.0,)}, r"Received: centre=\(0\.0,\)"),
        ({"centre": 0.5}, r"Received: centre=0\.5"),
        ({"centre": ("left", 0.0)}, r"Received: centre=\('left', 0\.0\)"),
        ({"latent": np.zeros(LATENT_DIM + 1)}, r"must be 3 finite numbers.* of shape \(4,\)"),
        ({"latent": np.zeros((1, LATENT_DIM))}, r"of shape \(1, 3\)"),
        ({"latent": np.full(LATENT_DIM, np.nan)}, "must be 3 finite numbers"),
    ],
)
def test_bad_input_is_refused(model, tmp_path, options, said):
    arguments = {"latent": latent(), **SIZES, **options}
    with pytest.raises(UserError, match=said):
        render(model, **arguments)
    with pytest.raises(UserError, match=said):
        render_to_file(model, path=tmp_path / "a.png", **arguments)
    assert not list(tmp_path.iterdir())


def test_another_generator_says_so_and_offers_its_own_size(
    tiny_generator, tiny_discriminator, tmp_path
):
    gan = GAN(tiny_generator(), tiny_discriminator())
    for draw in (render, lambda *given, **size: render_to_file(*given, tmp_path / "a.png", **size)):
        with pytest.raises(UserError, match=r"at its own size alone, 8x8, .*'tiny_generator'"):
            draw(gan, np.zeros(3), **SIZES)


def test_progress_bar_counts_all_pixels(model, capsys):
    render(model, latent(), **SIZES, progress=True)
    assert "100%" in capsys.readouterr().err
    render(model, latent(), **SIZES)
    assert capsys.readouterr().err == ""
