import numpy as np
import pytest
from PIL import Image

from kerasgan import zoo
from kerasgan.drawing import (
    Size,
    View,
    draw_again,
    draw_again_to_file,
    from_provenance,
    read_provenance,
    render,
    render_to_file,
    to_picture,
)
from kerasgan.drawing.any_size.strips import strips
from kerasgan.drawing.any_size.tiles import tile_drawer
from kerasgan.drawing.picture import to_uint8
from kerasgan.errors import UserError
from tests.drawing.cppn_models import LATENT_DIM, SIZE, cppn_model, expected, latent

LARGE = Size(width=120, height=80)


@pytest.mark.parametrize("options", [{}, {"zoom": 2.5, "centre": (-0.5, 0.25)}])
def test_picture_has_the_levels_of_float64(grey_cppn, colour_cppn, options):
    for model, channels in ((grey_cppn, 1), (colour_cppn, 3)):
        picture = render(model, latent(), LARGE, **options)
        assert (picture.shape, picture.dtype) == ((80, 120, channels), np.uint8)
        levels = expected(model.generator, latent(), LARGE, View(**options))
        # A half is the rounding to a level.
        np.testing.assert_allclose(picture, levels, rtol=0.0, atol=0.51)


@pytest.mark.parametrize("tile_pixels", [70, 900, 100_000])
def test_seams_of_tiles_do_not_show(grey_cppn, tile_pixels):
    size = LARGE
    draw = tile_drawer(grey_cppn, latent(), size, View())
    tiles = to_uint8(np.concatenate(list(strips(draw, size, tile_pixels=tile_pixels))))
    seams = tiles - render(grey_cppn, latent(), LARGE).astype(int)
    assert np.abs(seams).max() <= 1


def test_own_size_is_what_the_model_generates(grey_cppn):
    picture = render(grey_cppn, latent(), Size(width=SIZE, height=SIZE))
    own = np.asarray(to_picture(grey_cppn.generate(latent()[None])[0])).astype(int)
    assert np.abs(picture[..., 0] - own).max() <= 1


def test_a_seed_is_the_first_latent_that_it_draws(grey_cppn):
    drawn_from = grey_cppn.draw_latents(1, seed=4)[0]
    picture = render(grey_cppn, np.int64(4), LARGE)
    np.testing.assert_array_equal(picture, render(grey_cppn, drawn_from, LARGE))


def test_inverted_is_the_negative(grey_cppn):
    picture = render(grey_cppn, latent(), LARGE)
    negative = render(grey_cppn, latent(), LARGE, invert=True)
    np.testing.assert_array_equal(picture.astype(int) + negative, 255)


def test_large_pictures_shrunk_look_like_the_small_ones():
    gan = zoo.load("mnist_cppn_wgan_gp")
    side = gan.image_shape[0]
    for z in gan.draw_latents(5, seed=0):
        small = render(gan, z, Size(width=side, height=side))[..., 0]
        large = render(gan, z, Size(width=4 * side, height=4 * side))[..., 0]
        shrunk = large.reshape(side, 4, side, 4).mean(axis=(1, 3))
        assert np.corrcoef(shrunk.ravel(), small.ravel())[0, 1] > 0.9


def test_file_holds_the_picture(grey_cppn, colour_cppn, tmp_path):
    options = {"zoom": 2.0, "invert": True}
    for model, name in ((grey_cppn, "a.png"), (colour_cppn, "b.tif"), (colour_cppn, "c.png")):
        path = render_to_file(model, latent(), str(tmp_path / name), LARGE, **options)
        assert path == tmp_path / name
        with Image.open(path) as picture:
            pixels = np.asarray(picture).reshape(80, 120, -1)
        np.testing.assert_array_equal(pixels, render(model, latent(), LARGE, **options))


@pytest.mark.parametrize("source", [7, latent()])
def test_a_png_says_what_it_was_drawn_from_and_nothing_else(grey_cppn, tmp_path, source):
    view = {"zoom": 2.0, "centre": (0.5, -0.25)}
    path = render_to_file(
        grey_cppn, source, tmp_path / "a.png", LARGE, **view, invert=True, name="runs/字"
    )
    provenance = read_provenance(path)
    assert (provenance.model, provenance.size, provenance.invert) == ("runs/字", LARGE, True)
    assert (provenance.zoom, provenance.centre) == (2.0, (0.5, -0.25))
    with Image.open(path) as picture:
        assert picture.info == provenance.text()
    assert (provenance.seed, provenance.latents == "") in ((7, True), (None, False))


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("invert", [False, True])
def test_a_png_is_drawn_again_the_same_in_bits(grey_cppn, tmp_path, monkeypatch, large, invert):
    if large:
        monkeypatch.setattr(from_provenance, "_MOST_PIXELS", 9_000)
    options = {"zoom": 3.0, "centre": (0.1, 0.2), "invert": invert}
    path = render_to_file(grey_cppn, 7, tmp_path / "a.png", LARGE, **options)
    again = draw_again_to_file(grey_cppn, read_provenance(path), tmp_path / "b.png")
    with Image.open(path) as one, Image.open(again) as other:
        assert one.info == other.info
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))
    assert (path.read_bytes() == again.read_bytes()) is large
    picture = draw_again(grey_cppn, read_provenance(path)).image
    np.testing.assert_array_equal(to_uint8(picture), render(grey_cppn, 7, LARGE, **options))


def test_other_weights_do_not_draw_it_again(grey_cppn, tmp_path, monkeypatch):
    path = render_to_file(grey_cppn, 7, tmp_path / "a.png", LARGE)
    other = cppn_model()
    other.generator.set_weights([0.5 * weight for weight in other.generator.get_weights()])
    for limit in (0, 2**25):
        monkeypatch.setattr(from_provenance, "_MOST_PIXELS", limit)
        with pytest.raises(UserError, match="not those that drew the picture"):
            draw_again_to_file(other, read_provenance(path), tmp_path / "b.png")


def test_numpy_numbers_are_numbers(grey_cppn):
    picture = render(grey_cppn, latent(), LARGE, zoom=2.0, centre=(0.5, 0.0))
    options = {"zoom": np.float32(2.0), "centre": np.array([0.5, 0.0])}
    size = Size(width=np.int64(120), height=np.uint8(80))
    again = render(grey_cppn, latent(), size, **options)
    np.testing.assert_array_equal(picture, again)


def test_training_on_shows_in_the_next_picture_and_nan_is_black():
    model = cppn_model()
    before, weights = render(model, latent(), LARGE), model.generator.get_weights()
    model.generator.set_weights([0.5 * weight for weight in weights])
    levels = expected(model.generator, latent(), LARGE)
    assert (before != render(model, latent(), LARGE)).any()
    np.testing.assert_allclose(render(model, latent(), LARGE), levels, rtol=0.0, atol=0.51)
    model.generator.set_weights([np.full_like(weight, np.nan) for weight in weights])
    assert not render(model, latent(), LARGE).any()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": (120, 80)}, r"must be a kerasgan.drawing.Size, .* Received: size=\(120, 80\)"),
        ({"zoom": 0.0}, r"Received: zoom=0\.0"),
        ({"centre": (0.0,)}, r"Received: centre=\(0\.0,\)"),
        ({"latent": np.zeros(LATENT_DIM + 1)}, r"must be 3 finite numbers.* of shape \(4,\)"),
        ({"latent": np.zeros((1, LATENT_DIM))}, r"of shape \(1, 3\)"),
        ({"latent": np.full(LATENT_DIM, np.nan)}, "must be 3 finite numbers"),
        ({"latent": 0.5}, r"or a seed .*Received: 0\.5"),
        ({"latent": 2**70}, "or a seed of at most 64 bits"),
    ],
)
def test_bad_input_is_refused(grey_cppn, tmp_path, options, said):
    arguments = {"latent": latent(), "size": LARGE, **options}
    with pytest.raises(UserError, match=said):
        render(grey_cppn, **arguments)
    with pytest.raises(UserError, match=said):
        render_to_file(grey_cppn, path=tmp_path / "a.png", **arguments)
    assert not list(tmp_path.iterdir())


def test_another_generator_says_its_own_size(plain, tmp_path):
    for draw in (render, lambda *given: render_to_file(*given[:2], tmp_path / "a.png", given[2])):
        with pytest.raises(UserError, match="draws 8x8 pixels only; compositional"):
            draw(plain, np.zeros(3), LARGE)


def test_progress_bar_counts_all_pixels(grey_cppn, capsys):
    render(grey_cppn, latent(), LARGE, progress=True)
    assert "100%" in capsys.readouterr().err
    render(grey_cppn, latent(), LARGE)
    assert capsys.readouterr().err == ""
