import io
import sys
import types

import numpy as np
import pytest
from PIL import Image

from kerasgan.data.image_set import ImageSet
from kerasgan.drawing import Sampler, draw_again, random_digits, read_provenance
from kerasgan.errors import UserError
from kerasgan.networks.cppn_render import cppn_render

DIGITS = ImageSet(
    np.random.default_rng(0).integers(0, 256, (20, 28, 28, 1), np.uint8),
    labels={"label": np.arange(20, dtype=np.int32) % 10},
    class_names={"label": [str(digit) for digit in range(10)]},
)


@pytest.fixture
def shown(monkeypatch):
    """Stands for a notebook; gives the pictures that it shows."""
    pictures = []
    notebook = types.ModuleType("IPython")
    notebook.get_ipython = lambda: object()
    notebook.display = types.SimpleNamespace(display=pictures.append)
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    return pictures


@pytest.fixture
def mnist(monkeypatch):
    """Stands for MNIST; gives the arguments that it is loaded with."""
    asked = []

    def load_images(source, **options):
        asked.append((source, options))
        return DIGITS

    monkeypatch.setattr(random_digits, "load_images", load_images)
    return asked


def test_latents_are_normal_and_the_same_for_the_same_seed(cppn):
    one, other = Sampler(cppn, seed=4), Sampler(cppn, seed=4)
    latents = np.stack([one.generate_z() for _ in range(500)])
    assert (latents.shape, latents.dtype) == ((500, 3), np.float32)
    np.testing.assert_array_equal(latents[0], other.generate_z())
    np.testing.assert_allclose([latents.mean(), latents.std()], [0, 1], atol=0.1)


def test_a_cppn_draws_at_any_size_and_scale(cppn):
    sampler = Sampler(cppn)
    z = sampler.generate_z()
    np.testing.assert_allclose(
        sampler.generate(z, x_dim=8, y_dim=8), cppn.generate(z[np.newaxis])[0], atol=1e-6
    )
    image = sampler.generate(z, x_dim=30, y_dim=20, scale=8.0)
    # It was built for coordinates up to 4; those up to 8 show twice as much.
    expected = cppn_render(cppn.generator, z[np.newaxis], height=20, width=30, zoom=0.5)
    np.testing.assert_allclose(image, expected[0], atol=1e-6)
    assert sampler.generate(z).shape == (512, 512, 1)


def test_large_pictures_are_the_whole_network_in_bands(cppn):
    z = Sampler(cppn).generate_z()
    image = Sampler(cppn).generate(z, x_dim=700, y_dim=200)
    expected = cppn_render(cppn.generator, z[np.newaxis], height=200, width=700)
    np.testing.assert_allclose(image, expected[0], atol=1e-6)


def test_other_models_draw_at_their_own_size(plain):
    sampler = Sampler(plain)
    z = sampler.generate_z()
    for arguments in ((), (8, 8)):
        np.testing.assert_array_equal(
            sampler.generate(z, *arguments), plain.generate(z[np.newaxis])[0]
        )
    for options in ({"x_dim": 9}, {"scale": 5.0}):
        with pytest.raises(UserError, match="draws 8x8 pixels only"):
            sampler.generate(z, **options)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"z": np.zeros(4)}, r"z must be \(3,\)"),
        ({"z": np.zeros((1, 3))}, r"Received: \(1, 3\)"),
        ({"x_dim": 0}, "width of a picture must be an integer from 1"),
        ({"y_dim": -1}, "height of a picture must be an integer from 1"),
        ({"scale": 0.0}, "scale must be positive"),
    ],
)
def test_what_cannot_be_drawn_is_refused(cppn, arguments, said):
    with pytest.raises(ValueError, match=said):
        Sampler(cppn).generate(**arguments)


def test_a_morph_has_both_ends_and_may_be_sinusoidal(plain):
    sampler = Sampler(plain)
    z1, z2 = sampler.generate_z(), sampler.generate_z()
    images = sampler.morph(z1, z2, n_total_frame=3, sinusoid=True)
    middle = z1 + np.sin(np.pi / 4) * (z2 - z1)
    expected = [plain.generate(z[np.newaxis])[0] for z in (z1, middle, z2)]
    np.testing.assert_allclose(images, expected, atol=1e-5)
    assert len(sampler.morph(z1, z2)) == 10


def test_pictures_are_encoded_one_by_one(autoencoder):
    image = autoencoder.generate(1, seed=0)[0]
    z = Sampler(autoencoder).encode(image)
    np.testing.assert_array_equal(z, autoencoder.encode(image[np.newaxis])[0])


def test_a_conditional_model_draws_the_class_asked_for(genres):
    sampler = Sampler(genres, labels="portrait")
    z = sampler.generate_z()
    np.testing.assert_array_equal(
        sampler.generate(z), genres.generate(z[np.newaxis], "portrait")[0]
    )


def test_a_notebook_shows_pictures_inline(plain, shown):
    sampler = Sampler(plain)
    z = sampler.generate_z()
    assert sampler.show_image(sampler.generate(z)) is None
    sampler.show_image_from_z(z)
    one, other = shown
    np.testing.assert_array_equal(np.asarray(one), np.asarray(other))
    assert one.size == (8, 8)


def test_a_digit_and_its_reconstruction_are_shown(autoencoder, mnist, shown):
    Sampler(autoencoder, seed=3).generate_random_label(7)
    sampler = Sampler(autoencoder, seed=3)
    digit = sampler.get_random_specific_mnist(7)
    expected = [sampler.to_image(each) for each in (digit, sampler.generate(sampler.encode(digit)))]
    assert [picture.tobytes() for picture in shown] == [each.tobytes() for each in expected]


@pytest.mark.parametrize("invert", [False, True])
def test_pictures_show_themselves_in_a_notebook(plain, invert):
    sampler = Sampler(plain, invert=invert)
    picture = sampler.generate()
    expected = np.asarray(picture)[..., 0]
    expected = np.rint((1 - expected if invert else expected) * 255)
    with Image.open(io.BytesIO(picture._repr_png_())) as shown:
        np.testing.assert_array_equal(np.asarray(shown), expected)
    assert repr(picture) == "<picture 8x8 in grey, float32>"
    # They are still arrays.
    assert (2.0 * picture)._repr_png_()[:4] == b"\x89PNG"
    assert picture[0]._repr_png_() is None
    assert repr(picture[0, 0]) == repr(np.asarray(picture)[0, 0])
    np.testing.assert_array_equal(picture + 1.0, np.asarray(picture) + 1.0)
    assert all(each._repr_png_() for each in sampler.morph(*sampler_latents(sampler)))


def sampler_latents(sampler):
    return sampler.generate_z(), sampler.generate_z()


def test_a_picture_is_written_at_a_specific_size(plain, tmp_path):
    sampler = Sampler(plain, invert=True)
    image = sampler.generate()
    path = sampler.save_png(image, tmp_path / "a.png", specific_size=(30, 20))
    expected = sampler.to_image(image).resize((30, 20), Image.Resampling.LANCZOS)
    with Image.open(path) as picture:
        np.testing.assert_array_equal(np.asarray(picture), np.asarray(expected))
    for size in ((0, 20), (10**5, 10**5)):
        with pytest.raises(UserError, match=str(size[0])):
            sampler.save_png(image, tmp_path / "b.png", specific_size=size)


def test_elsewhere_the_viewer_shows_pictures(plain, monkeypatch):
    pictures = []
    monkeypatch.setattr(Image.Image, "show", lambda picture: pictures.append(picture))
    Sampler(plain).show_image(np.zeros((8, 8, 1)))
    assert len(pictures) == 1


def test_pictures_and_animations_are_written(plain, tmp_path):
    sampler = Sampler(plain)
    images = [sampler.generate() for _ in range(4)]
    sampler.save_png(images[0], tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture), np.rint(images[0][..., 0] * 255))
    sampler.save_anim_gif(images, tmp_path / "a.gif", duration=0.2)
    with Image.open(tmp_path / "a.gif") as animation:
        assert animation.n_frames == 4
        assert animation.info["duration"] == 200
    with pytest.raises(ValueError, match="duration must be positive"):
        sampler.save_anim_gif(images, tmp_path / "a.gif", duration=0)


def test_a_negative_is_black_on_white(plain, tmp_path, shown):
    sampler = Sampler(plain, invert=True)
    sampler.save_png(np.full((2, 2, 1), 0.2), tmp_path / "a.png")
    sampler.show_image(np.full((2, 2, 1), 51, np.uint8))
    with Image.open(tmp_path / "a.png") as picture:
        assert np.asarray(picture).tolist() == np.asarray(shown[0]).tolist() == [[204] * 2] * 2
    z = sampler.generate_z()
    path = sampler.save_png_from_z(z, tmp_path / "b.png")
    sampler.save_png(sampler.generate(z), tmp_path / "c.png")
    with Image.open(path) as one, Image.open(tmp_path / "c.png") as other:
        difference = np.asarray(one).astype(int) - np.asarray(other)
    assert np.abs(difference).max() <= 1
    again = draw_again(plain, read_provenance(path)).save(tmp_path / "d.png")
    assert again.read_bytes() == path.read_bytes()


def test_a_picture_of_a_latent_can_be_drawn_again(cppn, tmp_path):
    sampler = Sampler(cppn)
    path = sampler.save_png_from_z(sampler.generate_z(), tmp_path / "a.png", 20, 30, scale=9.0)
    again = draw_again(cppn, read_provenance(path)).save(tmp_path / "b.png")
    assert path.read_bytes() == again.read_bytes()


def test_digits_are_cut_to_the_models_size(plain, mnist):
    sampler = Sampler(plain, data="somewhere", seed=1)
    image, label = sampler.get_random_mnist(with_label=True)
    assert (image.shape, image.dtype) == ((8, 8, 1), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(DIGITS.images, (8, 8), axis=(1, 2))
    same = (windows[:, :, :, 0] == np.rint(image[..., 0] * 255)).all((-1, -2)).any((1, 2))
    assert [label] == [DIGITS.labels["label"][index] for index in np.flatnonzero(same)]
    assert mnist[0][0] == "tfds:mnist"
    assert mnist[0][1]["path"] == "somewhere"
    sampler.get_random_mnist()
    assert len(mnist) == 1, "MNIST is loaded once"


def test_a_specific_digit_is_one_of_these(plain, mnist):
    sampler = Sampler(plain, seed=1)
    windows = np.lib.stride_tricks.sliding_window_view(DIGITS.images, (8, 8), axis=(1, 2))
    for _ in range(5):
        image = sampler.get_random_specific_mnist(7)
        same = (windows[:, :, :, 0] == np.rint(image[..., 0] * 255)).all((-1, -2)).any((1, 2))
        assert set(DIGITS.labels["label"][same]) == {7}
    with pytest.raises(ValueError, match=r"0 to 9\. Received: label=11"):
        sampler.get_random_specific_mnist(11)


def test_digits_are_for_models_of_small_grey_pictures(colour_cppn):
    with pytest.raises(UserError, match="draws 6x6 with 3 channels"):
        Sampler(colour_cppn).get_random_mnist()


def test_a_name_is_refused_and_kept_with_pictures_of_a_model(plain, tmp_path):
    with pytest.raises(UserError, match=r"kerasgan\.zoo\.load\('pokemon_wgan'\)"):
        Sampler("pokemon_wgan")
    sampler = Sampler(plain, name="tiny")
    path = sampler.save_png_from_z(sampler.generate_z(), tmp_path / "a.png")
    assert read_provenance(path).model == "tiny"
