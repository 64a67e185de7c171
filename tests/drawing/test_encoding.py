import io
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from tqdm import tqdm

from kerasgan.drawing import encode
from kerasgan.drawing.encoding import _descend, _step, optimize_latents, read_image
from kerasgan.errors import UserError
from kerasgan.models import WGAN


def test_an_encoder_encodes(autoencoder):
    images = autoencoder.generate(3, seed=0)
    encoding = encode(autoencoder, images)
    np.testing.assert_array_equal(encoding.latents, autoencoder.encode(images))
    drawn = autoencoder.generate(encoding.latents)
    np.testing.assert_allclose(encoding.errors, ((drawn - images) ** 2).mean((1, 2, 3)), rtol=1e-5)


def test_descent_finds_latents_of_drawn_pictures_the_same_each_time(plain):
    images = plain.generate(1, seed=5)
    one, other = (optimize_latents(plain, images, steps=40, prior_weight=0.0) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    errors = np.square(plain.generate(one) - images).mean((1, 2, 3))
    assert (errors < 0.01 * images.var()).all()


def test_the_descent_is_adams_from_the_best_starts_with_a_rate_that_falls_as_a_cosine():
    rng = np.random.default_rng(0)
    starts, middle = rng.normal(size=(256, 3)).astype("float32"), rng.normal(size=3)

    def step(latents):
        away = np.asarray(latents) - middle
        total = tf.constant(np.square(away).sum(1))
        return total, total, tf.constant(2 * away, tf.float32)

    found = _descend(starts, step, 20, tqdm(disable=True))
    distances = np.square(starts - middle).sum(1)
    latents = keras.Variable(starts[np.argsort(distances)[:4]])
    optimizer = keras.optimizers.Adam(0.1, epsilon=1e-8)
    for index in range(20):
        optimizer.learning_rate = 0.1 * (1 + np.cos(np.pi * index / 20)) / 2
        optimizer.apply([2 * (latents.value - middle.astype("float32"))], [latents])
    ends = np.asarray(latents)
    best = np.argmin(np.square(ends - middle).sum(1))
    np.testing.assert_allclose(found, ends[best], rtol=1e-4, atol=1e-5)


def test_the_descent_returns_the_best_latent_on_its_way():
    seen = []

    def step(latents):
        seen.append(np.array(latents))
        total = tf.fill(latents.shape[:1], 1.0 if len(seen) < 4 else abs(len(seen) - 7) + 0.5)
        return total, total, tf.ones_like(latents)

    starts = np.random.default_rng(0).normal(size=(256, 2)).astype("float32")
    found = _descend(starts, step, 8, tqdm(disable=True))
    # The first four calls look for the best of the starts; the seventh has the least.
    np.testing.assert_array_equal(found, seen[6][0])


def test_the_prior_holds_latents_near_the_middle(plain):
    images = plain.generate(1, seed=5)
    free, held = (
        optimize_latents(plain, images, steps=15, prior_weight=weight) for weight in (0.0, 0.1)
    )
    assert np.linalg.norm(held) < 0.5 * np.linalg.norm(free)


def test_latents_of_a_conditional_model_are_found_for_the_requested_class(conditional):
    labels = {"genre": np.array([1, 0]), "style": np.array([1, 0])}
    latents = np.array([[0.5, -1.0, 0.3], [-0.2, 0.8, 1.0]], np.float32)
    images = conditional.generate(latents, labels)
    found = optimize_latents(conditional, images, labels, steps=40, prior_weight=0.0)
    spread = conditional.generate(50, labels={"genre": 1}, seed=0).var(axis=0).mean()
    errors = np.square(conditional.generate(found, labels) - images).mean((1, 2, 3))
    assert (errors < 0.01 * spread).all()


def test_a_conditional_model_needs_the_class(conditional):
    images = np.zeros((1, 8, 8, 1))
    with pytest.raises(ValueError, match="give labels= one of landscape, portrait, still-life"):
        encode(conditional, images)
    with pytest.raises(ValueError, match=r"classes of style: give labels= one of 0, 1"):
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


@pytest.mark.parametrize("steps", [-1, 2.5])
def test_steps_are_whole(plain, steps):
    with pytest.raises(ValueError, match=f"steps must be an integer of at least 0.* steps={steps}"):
        encode(plain, np.zeros((1, 8, 8, 1)), steps=steps)


def test_pictures_encoded_one_by_one_trace_the_descent_once(tiny_generator, tiny_discriminator):
    model = WGAN(tiny_generator(), tiny_discriminator())
    images = model.generate(2, seed=3)
    first = optimize_latents(model, images[:1], steps=3)
    step = _step(model.sampling_generator, model.image_range, 1e-4)
    traced = step.experimental_get_tracing_count()
    second = optimize_latents(model, images[1:], steps=3)
    assert step.experimental_get_tracing_count() == traced > 0
    np.testing.assert_array_equal(
        np.concatenate([first, second]), optimize_latents(model, images, steps=3)
    )
    # What was traced draws with the weights of now.
    model.generator.set_weights([0.5 * weight for weight in model.generator.get_weights()])
    moved = optimize_latents(model, images[:1], steps=3)
    fresh = WGAN(tiny_generator(), tiny_discriminator())
    fresh.generator.set_weights(model.generator.get_weights())
    np.testing.assert_array_equal(moved, optimize_latents(fresh, images[:1], steps=3))
    assert not np.array_equal(moved, first)


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


def test_a_model_that_is_not_square_takes_no_picture_file(plain, tmp_path, monkeypatch):
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    wide = SimpleNamespace(image_shape=(8, 16, 1))
    with pytest.raises(UserError, match=r"a\.png: .* this one draws 16x8"):
        read_image(tmp_path / "a.png", wide)


def test_a_file_that_is_no_picture_is_refused(plain, tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    for name in ("text.png", "missing.png"):
        with pytest.raises(UserError, match=f"Cannot read .*{name}"):
            read_image(tmp_path / name, plain)


def test_a_cut_picture_is_said_to_be_cut(plain, tmp_path):
    file = tmp_path / "cut.jpg"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (40, 40, 3), np.uint8)).save(file)
    file.write_bytes(file.read_bytes()[:-400])
    with pytest.raises(UserError, match=r"cut\.jpg: cannot be decoded \(.*truncated"):
        read_image(file, plain)


def test_a_notebook_shows_pictures_above_their_reconstructions(autoencoder):
    images = autoencoder.generate(3, seed=0)
    encoding = encode(autoencoder, images)
    np.testing.assert_array_equal(encoding.images, images)
    np.testing.assert_array_equal(encoding.reconstructions, autoencoder.generate(encoding.latents))
    with Image.open(io.BytesIO(encoding._repr_png_())) as shown:
        pixels = np.asarray(shown)
    assert pixels.shape == (8 + 2 + 8, 3 * 8 + 2 * 2)
    np.testing.assert_array_equal(pixels[:8, 10:18], np.rint(images[1, ..., 0] * 255))
    assert repr(encoding).startswith("<Encoding of 3 pictures: latent_dim 3, mean error 0.")
