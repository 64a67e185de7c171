import keras
import msgspec
import numpy as np
import pytest

from kerasgan.curriculum import Curriculum
from kerasgan.layers import CoordinateDense
from kerasgan.models import WGANGP, GrowingWGANGP
from kerasgan.networks import cppn_critic, cppn_generator, growing_cppn_critic
from tests.models.games import is_same, state
from tests.random_seed import seed_keras

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (32, 16, 16, 1), np.uint8)
SIZES = Curriculum(sizes=[8, 16], begins=[2], fade=2)


def train(model, first, last, images=IMAGES):
    """Trains on batches of four."""
    model.fit(images[4 * first : 4 * last], batch_size=4, shuffle=False, verbose=0)


def generator(size):
    seed_keras(0)
    return cppn_generator(image_size=size, latent_dim=3, width=4, depth=2)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A training of eight batches, four at each size, its weights in the middle of the fade."""
    model = GrowingWGANGP(
        generator(16),
        growing_cppn_critic(image_size=16, smallest=8, base_width=2),
        curriculum=SIZES,
        n_critic=2,
        ema_decay=0.9,
        seed=5,
    )
    model.compile()
    file = tmp_path_factory.mktemp("growing") / "middle.weights.h5"
    start, amounts = model.discriminator.get_weights(), []
    first_level = None
    for batch in range(8):
        train(model, batch, batch + 1)
        amounts.append(float(model.discriminator.get_layer("fade_16").amount.numpy()))
        if batch == 3:
            first_level = {w.path: w.numpy() for w in model.variables}
        if batch == 6:
            model.save_weights(file)
    return model, start, first_level, amounts, file


def test_the_first_size_is_the_game_of_averaged_pictures_to_the_last_digits(whole):
    model, start, first_level, _, _ = whole
    names = [weight.path for weight in model.discriminator.weights]
    kept = dict(zip(names, start, strict=True))
    of_eight = ["entry_8/kernel", "entry_8/bias", "scores/kernel", "scores/bias"]
    plain = WGANGP(
        generator(8), cppn_critic(image_size=8, base_width=4), n_critic=2, ema_decay=0.9, seed=5
    )
    plain.discriminator.set_weights([kept[name] for name in of_eight])
    plain.compile(run_eagerly=True)
    averaged = (IMAGES / 255).reshape(-1, 8, 2, 8, 2, 1).mean((2, 4)).astype("float32")
    train(plain, 0, 4, averaged)
    for name, weight in zip(of_eight, plain.discriminator.weights, strict=True):
        np.testing.assert_allclose(first_level[name], weight, atol=1e-6)
        assert name == "scores/bias" or np.any(first_level[name] != kept[name])
    for name in ("block_8/kernel", "entry_16/kernel"):
        np.testing.assert_array_equal(first_level[name], kept[name])


def test_the_new_layer_is_faded_in_evenly_and_every_weight_then_moves(whole):
    model, start, _, amounts, _ = whole
    assert amounts == [0, 0, 0, 0, 0, 0, 0.5, 0.5]
    for weight, before in zip(model.discriminator.weights, start, strict=True):
        assert weight.path == "scores/bias" or np.any(weight.numpy() != before), weight.path
    assert model.generate(1, seed=0).shape == (1, 16, 16, 1)


@pytest.mark.parametrize(
    ("fade", "amounts", "first"), [(2, [0, 0, 0, 0.5, 1, 1], 3), (0, [0, 0, 1, 1, 1, 1], 2)]
)
def test_a_size_begins_at_its_iteration_and_its_layer_is_there_in_full_after_the_fade(
    fade, amounts, first
):
    model = GrowingWGANGP(
        generator(16),
        growing_cppn_critic(image_size=16, smallest=8, base_width=2),
        curriculum=Curriculum(sizes=[8, 16], begins=[2], fade=fade),
        n_critic=1,
        seed=5,
    )
    model.compile(run_eagerly=True)
    critic = model.discriminator
    found, moved = [], []
    for batch in range(6):
        before = critic.get_layer("entry_16").kernel.numpy()
        train(model, batch, batch + 1)
        found.append(float(critic.get_layer("fade_16").amount.numpy()))
        moved.append(np.any(critic.get_layer("entry_16").kernel.numpy() != before))
    assert found == amounts
    assert moved == [batch >= first for batch in range(6)]


def test_a_training_that_is_resumed_in_the_fade_ends_with_the_same_bits(whole):
    model, _, _, _, file = whole
    final = state(model)
    model.load_weights(file)
    train(model, 7, 8)
    assert is_same(state(model), final)


def test_a_saved_model_is_restored_with_its_curriculum(whole, tmp_path):
    model = whole[0]
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert again.curriculum == SIZES
    assert is_same(state(again), state(model))
    floats = IMAGES[:2] / np.float32(255)
    np.testing.assert_array_equal(again.discriminate(floats)[2], model.discriminate(floats)[2])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sizes": [16, 24], "begins": [1]}, r"twice the one before it.* sizes=\[16, 24\]"),
        ({"sizes": [16], "begins": []}, r"two or more.* sizes=\[16\]"),
        ({"sizes": [4, 8], "begins": [1]}, r"from at least 8.* sizes=\[4, 8\]"),
        ({"sizes": [8, 16], "begins": [0]}, r"1 rising iterations above 0.* begins=\[0\]"),
        ({"sizes": [8, 16, 32], "begins": [9]}, r"2 rising iterations.* begins=\[9\]"),
        ({"sizes": [8, 16, 32], "begins": [3, 5], "fade": 3}, "end before the next .* fade=3"),
        ({"sizes": [8.0, 16], "begins": [1]}, r"sizes\[0\] must be an integer.*=8\.0$"),
        ({"sizes": "16", "begins": [1]}, "sizes must be a list of integers.* sizes=16$"),
        ({"sizes": [8, 16], "begins": 1}, "begins must be a list of integers.* begins=1$"),
        ({"sizes": [8, 16], "begins": [1.5]}, r"begins\[0\] must be an integer.*=1\.5$"),
        ({"sizes": [8, 16], "begins": [1], "fade": 0.5}, r"fade must be an integer.* fade=0\.5$"),
        ({"sizes": [8, 16], "begins": [1], "fade": -1}, "at least 0.* fade=-1$"),
    ],
)
def test_an_impossible_curriculum_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Curriculum(**options)


def test_a_curriculum_may_be_of_any_whole_numbers():
    given = Curriculum(sizes=(8, np.int64(16)), begins=np.array([2]), fade=np.int32(2))
    assert given == SIZES
    assert msgspec.json.encode(given) == msgspec.json.encode(SIZES)


def test_the_generator_plays_as_in_training_at_every_size():
    latent = keras.Input((3,))
    x = keras.layers.Dropout(0.5, seed=0)(keras.layers.Dense(64)(latent))
    x = CoordinateDense(64, height=16, width=16)(x)
    x = keras.layers.Dropout(0.5, seed=1)(x)
    images = keras.layers.Dense(1, "sigmoid")(x)
    model = GrowingWGANGP(
        keras.Model(latent, images),
        growing_cppn_critic(image_size=16, smallest=8, base_width=2),
        curriculum=SIZES,
    )
    model.compile(run_eagerly=True)
    left_out = []
    for layer in model.generator.layers:
        if isinstance(layer, keras.layers.Dropout):
            call = layer.call

            def noted(inputs, training=False, call=call):
                outputs = call(inputs, training=training)
                left_out.append(np.mean(np.equal(outputs, 0)))
                return outputs

            layer.call = noted
    train(model, 0, 1)
    np.testing.assert_allclose(left_out, [0.5, 0.5], atol=0.15)
    left_out.clear()
    model.generate(2, seed=0)
    assert left_out == [0, 0]


def test_networks_that_do_not_fit_the_curriculum_are_refused(tiny_generator, tiny_discriminator):
    grows = growing_cppn_critic(image_size=16, smallest=8, base_width=1)
    larger = Curriculum(sizes=[8, 16, 32], begins=[1, 2])
    for players, curriculum, message in (
        ((generator(16), grows), larger, r"of sizes \[8, 16\], .*32"),
        ((tiny_generator(size=16), grows), SIZES, "draws at any size"),
        ((generator(8), tiny_discriminator()), SIZES, r"of sizes \[\]"),
    ):
        with pytest.raises(ValueError, match=message):
            GrowingWGANGP(*players, curriculum=curriculum)
