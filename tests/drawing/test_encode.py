import numpy as np
import pytest
from PIL import Image

from kerasgan.drawing import encode, sample
from kerasgan.drawing.encode import read_image
from kerasgan.drawing.invert import invert
from kerasgan.drawing.latent_files import write_latents
from kerasgan.drawing.operand import read_operand
from kerasgan.errors import UserError


def test_an_encoder_encodes(autoencoder):
    images = autoencoder.generate(3, seed=0)
    encoding = encode(autoencoder, images)
    np.testing.assert_array_equal(encoding.latents, autoencoder.encode(images))
    drawn = autoencoder.generate(encoding.latents)
    np.testing.assert_allclose(encoding.errors, ((drawn - images) ** 2).mean((1, 2, 3)), rtol=1e-5)


def test_descent_finds_latents_of_drawn_pictures_the_same_each_time(plain):
    images = plain.generate(1, seed=5)
    one, other = (invert(plain, images, steps=40, prior_weight=0.0) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    errors = np.square(plain.generate(one) - images).mean((1, 2, 3))
    assert (errors < 0.01 * images.var()).all()


def test_the_prior_holds_latents_near_the_middle(plain):
    images = plain.generate(1, seed=5)
    free, held = (invert(plain, images, steps=15, prior_weight=weight) for weight in (0.0, 0.1))
    assert np.linalg.norm(held) < 0.5 * np.linalg.norm(free)


def test_a_conditional_model_is_inverted_for_the_class_asked_for(conditional):
    labels = {"genre": np.array([1, 0]), "style": np.array([1, 0])}
    latents = np.array([[0.5, -1.0, 0.3], [-0.2, 0.8, 1.0]], np.float32)
    images = conditional.generate(latents, labels)
    found = invert(conditional, images, labels, steps=40, prior_weight=0.0)
    spread = conditional.generate(50, labels={"genre": 1}, seed=0).var(axis=0).mean()
    errors = np.square(conditional.generate(found, labels) - images).mean((1, 2, 3))
    assert (errors < 0.01 * spread).all()


def test_a_conditional_model_is_told_the_class(conditional):
    images = np.zeros((1, 8, 8, 1))
    with pytest.raises(ValueError, match="give one of landscape, portrait, still-life"):
        encode(conditional, images)
    with pytest.raises(ValueError, match=r"the style that it is asked for; give one of 0, 1"):
        encode(conditional, images, {"genre": "portrait"})


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (np.zeros((1, 9, 9, 1)), r"shape \(n, 8, 8, 1\)"),
        (np.zeros((8, 8, 1)), r"Received: \(8, 8, 1\)"),
        (np.zeros((0, 8, 8, 1)), r"Received: \(0, 8, 8, 1\)"),
        (np.full((1, 8, 8, 1), 255.0), "from 0 to 1"),
        (np.full((1, 8, 8, 1), np.nan), "from 0 to 1"),
    ],
)
def test_what_are_no_pictures_of_the_model_are_refused(plain, images, said):
    with pytest.raises(ValueError, match=said):
        encode(plain, images)


def test_uint8_pictures_are_the_same_as_floats(autoencoder):
    images = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 1), np.uint8)
    one, other = (encode(autoencoder, each).latents for each in (images, images / 255))
    np.testing.assert_allclose(one, other, rtol=1e-5)


def test_a_picture_file_is_fitted_to_the_model(plain, tmp_path):
    Image.new("RGB", (16, 8), "white").save(tmp_path / "wide.png")
    image = read_image(tmp_path / "wide.png", plain)
    assert (image.shape, image.dtype) == ((8, 8, 1), np.float32)
    np.testing.assert_array_equal(image[2:6], 1.0)
    np.testing.assert_array_equal(image[[0, 1, 6, 7]], 0.0)


def test_a_file_that_is_no_picture_is_refused(plain, tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    for name in ("text.png", "missing.png"):
        with pytest.raises(UserError, match=f"Cannot read .*{name}"):
            read_image(tmp_path / name, plain)


def test_a_latent_is_named_by_a_seed_a_number_a_file_or_a_picture(plain, tmp_path):
    latents = plain.draw_latents(4, seed=7)
    drawn = sample(plain, 4, seed=7, truncation=0.5)
    third = list(drawn.pictures())[3].save(tmp_path / "third.png")
    file = write_latents(latents[2], tmp_path / "z.npy")
    for text, expected in (
        ("7", latents[0]),
        ("7:3", latents[3]),
        (str(file), latents[2]),
        (str(third), drawn.latents[3]),
    ):
        np.testing.assert_array_equal(read_operand(plain, text), expected)


def test_a_picture_of_another_model_is_encoded(plain, autoencoder, tmp_path):
    drawn = sample(plain, 1, seed=7)
    path = next(drawn.pictures()).save(tmp_path / "a.png")
    image = read_image(path, autoencoder)[np.newaxis]
    autoencoder.generator.set_weights([w + 0.1 for w in autoencoder.generator.get_weights()])
    np.testing.assert_array_equal(read_operand(autoencoder, path), autoencoder.encode(image)[0])


def test_a_grid_or_a_file_of_many_is_no_one_latent(plain, tmp_path):
    grid = sample(plain, 4, seed=7).grid().save(tmp_path / "grid.png")
    many = write_latents(np.eye(3), tmp_path / "many.npy")
    for path, said in ((grid, "grid of 4 pictures"), (many, "holds 3 latents")):
        with pytest.raises(UserError, match=said):
            read_operand(plain, str(path))
    with pytest.raises(UserError, match=r"'x\.y' is neither a seed nor a file"):
        read_operand(plain, "x.y")
