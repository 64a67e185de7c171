import numpy as np
import pytest

from kerasgan.models import ACGAN, CAN, GAN, WGAN
from kerasgan.precision import dtype_policy


@pytest.fixture(scope="module", params=["sigmoid", "tanh"])
def gan(request, tiny_generator, tiny_discriminator):
    return GAN(tiny_generator(activation=request.param), tiny_discriminator())


def test_images_are_the_generators_mapped_to_0_and_1(gan):
    latents = 3 * np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    images = gan.generate(latents)
    assert isinstance(images, np.ndarray)
    assert (images.shape, images.dtype) == ((5, 8, 8, 1), "float32")
    assert images.min() >= 0
    assert images.max() <= 1
    low = {"sigmoid": 0, "tanh": -1}[gan.generator.layers[-1].activation.__name__]
    np.testing.assert_allclose(low + (1 - low) * images, gan.generator(latents), atol=1e-6)


def test_another_policy_rounds_no_latents_of_float32_networks(tiny_generator, tiny_discriminator):
    networks = tiny_generator(), tiny_discriminator()
    plain = GAN(*networks)
    with dtype_policy("mixed_bfloat16"):
        mixed = GAN(*networks)
    latents = plain.draw_latents(3, seed=0)
    np.testing.assert_array_equal(mixed(latents), plain(latents))
    np.testing.assert_array_equal(mixed.generate(latents), plain.generate(latents))


def test_a_count_draws_that_many(gan):
    assert gan.generate().shape == (1, 8, 8, 1)
    assert gan.generate(np.int64(3)).shape == (3, 8, 8, 1)


def test_a_seed_repeats_its_images_and_no_seed_does_not(gan):
    np.testing.assert_array_equal(gan.generate(2, seed=1), gan.generate(2, seed=1))
    assert np.any(gan.generate(2, seed=1) != gan.generate(2, seed=2))
    assert np.any(gan.generate(2) != gan.generate(2))


def test_few_images_are_the_first_of_many(gan):
    np.testing.assert_array_equal(gan.draw_latents(2, seed=1), gan.draw_latents(4, seed=1)[:2])
    np.testing.assert_allclose(gan.generate(2, seed=1), gan.generate(4, seed=1)[:2], atol=1e-6)


@pytest.mark.parametrize("batch_size", [1, 2, 5, 100])
def test_batch_size_does_not_change_the_images(gan, batch_size):
    expected = gan.generate(5, seed=1)
    np.testing.assert_allclose(gan.generate(5, seed=1, batch_size=batch_size), expected, atol=1e-6)


def test_drawing_does_not_move_the_model(gan):
    before = gan.get_weights()
    gan.generate(3)
    for weight, value in zip(gan.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, value)


def test_drawn_latents_are_standard_normal(gan):
    latents = gan.draw_latents(20_000, seed=0)
    assert (latents.shape, latents.dtype) == ((20_000, 3), "float32")
    assert abs(latents.mean()) < 0.02
    assert abs(latents.std() - 1) < 0.02


def test_predict_draws_from_latents(gan):
    latents = gan.draw_latents(3, seed=0)
    np.testing.assert_allclose(gan.predict(latents, verbose=0), gan.generate(latents), atol=1e-6)


@pytest.mark.parametrize("count", [0, -1, 2.5, float("nan"), "3", None])
def test_counts_that_are_not_positive_whole_numbers_are_refused(gan, count):
    message = rf"^latents .*\(n, 3\)\. Received: latents={count!r}$"
    with pytest.raises(ValueError, match=message):
        gan.generate(count)
    if count is not None:
        with pytest.raises(ValueError, match=f"^batch_size .*Received: batch_size={count!r}$"):
            gan.generate(2, batch_size=count)


@pytest.mark.parametrize("count", [0, 2.5, "3", True])
def test_counts_of_latents_that_are_not_positive_whole_numbers_are_refused(gan, count):
    message = rf"^count must be an integer of at least 1\. Received: count={count!r}$"
    with pytest.raises(ValueError, match=message):
        gan.draw_latents(count)


@pytest.mark.parametrize("seed", [1.5, "1", True])
def test_seeds_that_are_not_whole_numbers_are_refused(gan, seed):
    for draw in (gan.draw_latents, gan.generate):
        with pytest.raises(ValueError, match=f"^seed must be an integer. Received: seed={seed!r}$"):
            draw(2, seed=seed)


@pytest.mark.parametrize("shape", [(3,), (2, 4), (0, 3), (2, 3, 1)])
def test_latents_of_another_shape_are_refused(gan, shape):
    with pytest.raises(ValueError) as error:
        gan.generate(np.zeros(shape))
    assert str(error.value) == f"Latents must have the shape (n, 3). Received: {shape}"


def test_labels_are_refused_by_name_of_the_objective(tiny_generator, tiny_discriminator):
    wgan = WGAN(tiny_generator(), tiny_discriminator())
    with pytest.raises(ValueError, match=r"WGAN .*Received: labels=\[1\]"):
        wgan.generate(1, labels=[1])
    can = CAN(tiny_generator(), tiny_discriminator(classes={"style": 3}))
    with pytest.raises(ValueError, match=r"CAN .*Received: labels='cubism'"):
        can.generate(1, labels="cubism")


GENRES, STYLES = ("landscape", "portrait"), ("cubism", "pop art", "realism")
TWO = {"genre": 2, "style": 3}


@pytest.fixture(scope="module", params=[None, 0.9], ids=["plain", "average"])
def acgan(request, linear_generator, linear_discriminator):
    """Draws images whose pixels are 0.1 of the genre's number and 0.01 of the style's."""
    weights = np.zeros((3 + 2 + 3, 4))
    weights[3:5, :] = [[0.0], [0.1]]
    weights[5:, :] = [[0.0], [0.01], [0.02]]
    return ACGAN(
        linear_generator([weights, np.zeros(4)], classes=TWO),
        linear_discriminator(classes=TWO),
        image_range=(0, 1),
        class_names={"genre": GENRES, "style": STYLES},
        ema_decay=request.param,
    )


def classes_of(images):
    """Genres and styles of what `acgan` drew."""
    hundredths = np.rint(100 * images[:, 0, 0, 0]).astype(int)
    return hundredths // 10, hundredths % 10


@pytest.mark.parametrize(
    ("labels", "genres", "styles"),
    [
        ({"genre": "portrait", "style": "realism"}, [1, 1, 1], [2, 2, 2]),
        ({"genre": 0, "style": [2, "cubism", np.int64(1)]}, [0, 0, 0], [2, 0, 1]),
        (
            {"style": np.array([0, 1, 2]), "genre": ["portrait", "landscape", 1]},
            [1, 0, 1],
            range(3),
        ),
    ],
    ids=["names", "numbers and lists", "arrays"],
)
def test_images_are_of_the_classes_asked_for(acgan, labels, genres, styles):
    images = acgan.generate(3, labels, seed=0, batch_size=2)
    assert images.shape == (3, 2, 2, 1)
    np.testing.assert_array_equal(classes_of(images), [genres, list(styles)])


@pytest.mark.parametrize("labels", [None, {}, {"genre": None}])
def test_classes_not_asked_for_are_drawn_by_the_seed(acgan, labels):
    genres, styles = classes_of(acgan.generate(300, labels, seed=1))
    assert np.bincount(genres).min() > 300 / 2 - 45
    assert np.bincount(styles).min() > 300 / 3 - 45
    np.testing.assert_array_equal(classes_of(acgan.generate(300, seed=1)), [genres, styles])
    assert np.any(classes_of(acgan.generate(300, seed=2))[0] != genres)
    # The first of many are those of few.
    np.testing.assert_array_equal(classes_of(acgan.generate(7, seed=1)), [genres[:7], styles[:7]])


def test_a_label_set_left_out_is_drawn_and_the_other_is_as_asked(acgan):
    genres, styles = classes_of(acgan.generate(60, {"style": "pop art"}, seed=1))
    assert set(styles) == {1}
    assert set(genres) == {0, 1}


def test_a_single_label_set_needs_no_dict(tiny_generator, tiny_discriminator):
    classes = {"style": 3}
    gan = ACGAN(
        tiny_generator(classes=classes),
        tiny_discriminator(classes=classes),
        class_names={"style": STYLES},
    )
    latents = gan.draw_latents(2, seed=0)
    expected = gan.generator([latents, np.array([2, 2], np.int32)])
    for labels in ("realism", 2, [2, "realism"], {"style": "realism"}):
        np.testing.assert_allclose(gan.generate(latents, labels), expected, atol=1e-6)
    other = gan.generate(latents, "cubism")
    assert np.abs(other - expected).max() > 1e-3
    numbers = np.array([2, 0], np.int32)
    np.testing.assert_allclose(
        gan.predict([latents, numbers], verbose=0), gan.generate(latents, numbers), atol=1e-6
    )


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ("portrait", "^Labels must be a dict of 'genre', 'style'. Received: labels='portrait'$"),
        ({"styles": 1}, "^The label sets are 'genre', 'style'. Received: labels of 'styles'$"),
        ({"style": "pop"}, "^There is no class 'pop'; did you mean pop art"),
        ({"style": "x"}, "^There is no class 'x'; known are cubism, pop art, realism$"),
        ({"genre": 2}, "^Class numbers are from 0 to 1. Received: 2$"),
        ({"genre": [0, 1]}, "^Labels must be one for all, or 3. Received: 2 labels$"),
    ],
)
def test_unknown_labels_are_one_clear_error(acgan, labels, message):
    with pytest.raises(ValueError, match=message):
        acgan.generate(3, labels)


def test_a_model_is_not_saved_as_hdf5(gan, tmp_path):
    with pytest.raises(ValueError, match=r"\.keras.*Received: filepath='.*m\.h5'"):
        gan.save(tmp_path / "m.h5")
    assert not any(tmp_path.iterdir())
