import json

import keras
import numpy as np
import pytest

from kerasgan.layers import FastLeakyReLU, FusedBatchNormalization
from kerasgan.models import LabelledImages
from kerasgan.models.base.batches import DiscriminatorCall
from kerasgan.models.loss_terms import feature_matching_loss
from kerasgan.networks import pokemon_critic, pokemon_generator
from kerasgan.precision import dtype_policy

RNG = np.random.default_rng(0)


def shapes(model, *kinds):
    """Output shapes of the layers of the given kinds, batch left out."""
    return [layer.output.shape[1:] for layer in model.layers if isinstance(layer, kinds)]


def test_generator_has_the_rows_of_the_papers_table():
    model = pokemon_generator()
    assert model.input_shape == (None, 100)
    assert shapes(model, keras.layers.Dense) == [(256 * 4 * 4,)]
    assert shapes(model, keras.layers.Reshape) == [(4, 4, 256)]
    assert len(shapes(model, keras.layers.Conv2DTranspose)) == 5
    assert shapes(model, FusedBatchNormalization) == [
        (256 * 4 * 4,),
        (8, 8, 128),
        (16, 16, 64),
        (32, 32, 32),
        (64, 64, 16),
    ]
    assert model.output_shape == (None, 128, 128, 3)
    assert len(shapes(model, keras.layers.ReLU)) == 5
    assert model.layers[-1].activation is keras.activations.tanh


def test_generator_has_the_papers_number_of_parameters():
    model = pokemon_generator()
    dense = 100 * 4096
    convolutions = 3 + sum(
        5 * 5 * before * after
        for before, after in [(256, 128), (128, 64), (64, 32), (32, 16), (16, 3)]
    )
    gammas_and_betas = 2 * (4096 + 128 + 64 + 32 + 16)
    trainable = sum(weight.numpy().size for weight in model.trainable_weights)
    assert trainable == dense + convolutions + gammas_and_betas == 1_507_475
    assert model.count_params() == trainable + gammas_and_betas


def test_critic_has_the_rows_of_the_papers_table():
    model = pokemon_critic()
    assert model.input_shape == (None, 128, 128, 3)
    assert shapes(model, keras.layers.Conv2D) == [
        (64, 64, 16),
        (32, 32, 32),
        (16, 16, 64),
        (8, 8, 128),
    ]
    assert len(shapes(model, FusedBatchNormalization)) == 4
    slopes = [x.slope for x in model.layers if isinstance(x, FastLeakyReLU)]
    assert slopes == [0.2] * 4
    assert shapes(model, keras.layers.Dense) == [(8, 8, 1)]
    assert model.output_shape == (None, 1)


@pytest.mark.parametrize("options", [{}, {"dropout": 0.5}, {"minibatch_stddev": True}])
def test_features_of_the_critic_are_its_last_activation(options):
    critic = pokemon_critic(image_size=32, base_width=2, **options)
    last = [layer for layer in critic.layers if isinstance(layer, FastLeakyReLU)][-1]
    assert critic.get_layer("features") is last
    assert last.output.shape == (None, 8, 8, 4)


def test_a_generator_can_match_the_features_of_the_critic():
    critic = pokemon_critic(image_size=32, base_width=2)
    reals, fakes = (RNG.uniform(-1, 1, (4, 32, 32, 3)).astype("float32") for _ in range(2))
    call = DiscriminatorCall(critic, with_features=True)
    found = [call(LabelledImages(images, {}), training=False) for images in (reals, fakes)]
    last = keras.Model(critic.input, critic.layers[-2].input)
    np.testing.assert_allclose(found[0].features, last(reals), atol=1e-6)
    means = [np.asarray(last(images), np.float64).mean(axis=0) for images in (reals, fakes)]
    loss = feature_matching_loss(found[0].features, found[1].features)
    np.testing.assert_allclose(loss, np.sum((means[0] - means[1]) ** 2), rtol=1e-4)


def test_critic_has_the_papers_number_of_parameters():
    model = pokemon_critic()
    convolutions = sum(
        5 * 5 * before * after for before, after in [(3, 16), (16, 32), (32, 64), (64, 128)]
    )
    gammas_and_betas = 2 * (16 + 32 + 64 + 128)
    trainable = sum(weight.numpy().size for weight in model.trainable_weights)
    assert trainable == convolutions + 128 + 1 + gammas_and_betas == 270_609
    assert model.count_params() == trainable + gammas_and_betas


@pytest.mark.parametrize("build", [pokemon_generator, pokemon_critic])
def test_kernels_strides_padding_and_momentum_are_the_papers(build):
    model = build(image_size=32, centred=False)
    convolutions, normalizations = _convolutions(model), _normalizations(model)
    for layer in convolutions:
        assert (layer.kernel_size, layer.strides, layer.padding) == ((5, 5), (2, 2), "same")
    assert {layer.momentum for layer in normalizations} == {0.8}
    # The generator doubles three times, the critic halves twice, and both normalize beside them.
    assert (len(convolutions), len(normalizations)) == ((3, 3), (2, 2))[build is pokemon_critic]


def _convolutions(model):
    kinds = keras.layers.Conv2D | keras.layers.Conv2DTranspose
    return [layer for layer in model.layers if isinstance(layer, kinds)]


def _normalizations(model):
    return [layer for layer in model.layers if isinstance(layer, FusedBatchNormalization)]


def _spot(network, layer, index):
    """Where along an axis the network answers to one place of a layer's map, all weights one."""
    for each in _convolutions(network):
        each.kernel.assign(np.ones(each.kernel.shape))
    place = np.zeros((1, *layer.output.shape[1:]), "float32")
    place[0, index] = 1
    answer = keras.Model(layer.output, network.layers[-1].input)(place).numpy().sum((0, 2, 3))
    return (answer * np.arange(len(answer))).sum() / answer.sum()


@pytest.mark.parametrize("kernel_size", [3, 5])
def test_a_place_of_the_smallest_map_draws_around_its_own_pixels_if_centred(kernel_size):
    for centred, error in ((True, 0.5), (False, 3.5)):
        model = pokemon_generator(
            image_size=32, base_width=1, kernel_size=kernel_size, centred=centred
        )
        reshape = next(x for x in model.layers if isinstance(x, keras.layers.Reshape))
        # Of eight pixels each, the middle of the second place's is 11.5.
        # The map of a centred network is turned.
        distance = abs(_spot(model, reshape, 2 if centred else 1) - 11.5)
        assert abs(distance - error) < 0.6


@pytest.mark.parametrize("how", [{}, {"kernel_size": 4, "blur": True}, {"blur": True}])
def test_scores_of_mirrored_places_see_mirrored_pixels_if_centred(how):
    images = np.zeros((64, 64, 64, 1), "float32")
    images[np.arange(64), :, np.arange(64)] = 1  # a white column in each

    def middle(centred):
        critic = pokemon_critic(image_size=64, base_width=1, channels=1, centred=centred, **how)
        for layer in critic.layers:
            if isinstance(layer, keras.layers.Conv2D):
                layer.kernel.assign(np.ones(layer.kernel.shape))
        *_, dense, _ = critic.layers
        seen = keras.Model(critic.input, dense.input)(images).numpy().sum((1, 2, 3))
        return (seen * np.arange(64)).sum() / seen.sum()

    assert abs(middle(True) - 31.5) < abs(middle(False) - 31.5) / 1.5


@pytest.mark.parametrize(("image_size", "first"), [(32, 16), (64, 32), (128, 64), (256, 128)])
def test_each_doubling_of_the_size_doubles_the_first_width(image_size, first):
    generator = pokemon_generator(image_size=image_size, base_width=4, channels=1)
    assert generator.output_shape == (None, image_size, image_size, 1)
    assert shapes(generator, keras.layers.Reshape) == [(4, 4, first)]
    critic = pokemon_critic(image_size=image_size, base_width=4, channels=1)
    assert critic.input_shape == (None, image_size, image_size, 1)
    assert shapes(critic, keras.layers.Dense) == [(8, 8, 1)]
    assert shapes(critic, keras.layers.Conv2D)[-1] == (8, 8, first // 2)


def test_score_is_the_mean_of_a_dense_layer_over_the_channels_of_each_place():
    critic = pokemon_critic(image_size=32, base_width=2, channels=1)
    images = RNG.uniform(-1, 1, (3, 32, 32, 1)).astype("float32")
    *_, dense, _ = critic.layers
    features = keras.Model(critic.input, dense.input)(images).numpy()
    kernel, bias = dense.get_weights()
    expected = (features @ kernel + bias).mean((1, 2))
    np.testing.assert_allclose(critic(images), expected, rtol=1e-5, atol=1e-6)


def test_images_are_in_the_range_of_tanh():
    images = pokemon_generator(image_size=32, base_width=2)(RNG.normal(0, 50, (4, 100)))
    assert images.numpy().min() >= -1
    assert images.numpy().max() <= 1


def test_heads_are_float32_under_mixed_precision():
    with dtype_policy("mixed_bfloat16"):
        generator = pokemon_generator(image_size=32, base_width=2)
        critic = pokemon_critic(image_size=32, base_width=2)
    assert generator.layers[1].compute_dtype == "bfloat16"
    assert critic.layers[1].compute_dtype == "bfloat16"
    images = generator(RNG.normal(size=(2, 100)))
    assert images.dtype == critic(images).dtype == "float32"
    assert {w.dtype for w in [*generator.weights, *critic.weights]} == {"float32"}


@pytest.mark.parametrize("build", [pokemon_generator, pokemon_critic])
def test_options_reach_the_layers(build):
    model = build(
        image_size=32,
        base_width=32,
        kernel_size=3,
        batch_norm_momentum=0.5,
        batch_norm_epsilon=1e-12,
        kernel_stddev=0.02,
    )
    assert {(each.momentum, each.epsilon) for each in _normalizations(model)} == {(0.5, 1e-12)}
    assert {each.kernel_size for each in _convolutions(model)} == {(3, 3)}
    for layer in _convolutions(model):
        assert abs(layer.kernel.numpy().std() - 0.02) < 0.003


@pytest.mark.parametrize("build", [pokemon_generator, pokemon_critic])
@pytest.mark.parametrize("image_size", [0, 16, 100, 512])
def test_other_sizes_are_refused(build, image_size):
    with pytest.raises(ValueError, match=f"128.* Received: image_size={image_size}"):
        build(image_size=image_size)


@pytest.mark.parametrize("build", [pokemon_generator, pokemon_critic])
def test_network_is_rebuilt_from_its_json(build):
    model = build(image_size=32, base_width=2, kernel_stddev=0.02)
    again = keras.models.model_from_json(model.to_json())
    assert json.loads(again.to_json())["config"] == json.loads(model.to_json())["config"]


def test_a_layer_normalized_critic_scores_each_image_by_itself():
    critic = pokemon_critic(image_size=32, base_width=4, normalization="layer")
    kinds = [type(layer).__name__ for layer in critic.layers]
    assert kinds.count("GroupNormalization") == 1
    images = keras.random.uniform((4, 32, 32, 3), -1, 1, seed=0)
    np.testing.assert_allclose(critic(images)[:2], critic(images[:2]), rtol=1e-4, atol=1e-6)


# Of the map of 8x8, 3x3 places see a patch of 8x8 pixels in the corner through their kernels.
@pytest.mark.parametrize(("normalization", "places"), [("layer", 64), ("channel", 9)])
def test_a_loud_patch_reaches_far_places_only_through_the_norm_of_the_whole_image(
    normalization, places
):
    critic = pokemon_critic(image_size=64, base_width=4, normalization=normalization)
    features = keras.Model(critic.input, critic.get_layer("scores").input)
    images = RNG.uniform(-0.1, 0.1, (1, 64, 64, 3)).astype("float32")
    loud = images.copy()
    loud[:, :8, :8] = RNG.choice([-1.0, 1.0], (1, 8, 8, 3))
    changed = abs(features(images).numpy() - features(loud).numpy()) > 1e-5
    assert changed.sum() == places


def test_channel_normalization_makes_every_place_of_mean_0_and_variance_1_over_its_channels():
    critic = pokemon_critic(image_size=64, base_width=4, normalization="channel")
    norms = [each for each in critic.layers if "LayerNormalization" in type(each).__name__]
    assert [each.output.shape[-1] for each in norms] == [8, 16]
    maps = keras.Model(critic.input, norms[-1].output)(
        RNG.uniform(-1, 1, (2, 64, 64, 3)).astype("float32")
    ).numpy()
    np.testing.assert_allclose(maps.mean(-1), 0, atol=1e-5)
    np.testing.assert_allclose(maps.var(-1), 1, atol=1e-3)


def test_an_unknown_normalization_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"'batch', 'none', 'layer', 'channel'.*'instance'"):
        pokemon_critic(normalization="instance")


def test_a_critic_with_minibatch_deviation_sees_that_a_batch_is_one_image_repeated():
    options = {"image_size": 32, "base_width": 4, "normalization": "none"}
    critic = pokemon_critic(minibatch_stddev=True, **options)
    images = keras.random.uniform((4, 32, 32, 3), -1, 1, seed=0)
    alike = keras.ops.repeat(images[:1], 4, axis=0)
    assert abs(float(critic(images)[0, 0] - critic(alike)[0, 0])) > 1e-4


def test_a_critic_of_several_sizes_is_the_mean_of_as_many_critics():
    critic = pokemon_critic(image_size=64, base_width=4, scales=3, minibatch_stddev=True)
    alone = pokemon_critic(image_size=64, base_width=4, minibatch_stddev=True)
    assert critic.count_params() == 3 * alone.count_params()
    images = RNG.uniform(-1, 1, (4, 64, 64, 3)).astype("float32")
    names = ["scores", "scores_of_32", "scores_of_16"]
    parts = [keras.Model(critic.input, critic.get_layer(name).output) for name in names]
    scores = [part(images) for part in parts]
    np.testing.assert_allclose(critic(images), np.mean(scores, axis=0), rtol=1e-5, atol=1e-6)
    alone.set_weights(parts[0].get_weights())
    np.testing.assert_allclose(scores[0], alone(images), rtol=1e-5, atol=1e-6)
    assert critic.get_layer("features") in parts[0].layers


def test_the_smaller_sizes_of_a_critic_are_means_of_pixels():
    critic = pokemon_critic(image_size=64, base_width=4, normalization="none", scales=3)
    images = RNG.uniform(-0.5, 0.5, (2, 64, 64, 3)).astype("float32")
    # Of every two pixels side by side the mean stays, and of every four that are four apart.
    near = images + 0.4 * (-1) ** np.arange(64, dtype="float32")[:, None]
    far = images + 0.4 * (-1) ** (np.arange(64, dtype="float32") // 2)[:, None]
    for name, unmoved in (("scores", ()), ("scores_of_32", (near,)), ("scores_of_16", (near, far))):
        score = keras.Model(critic.input, critic.get_layer(name).output)
        for changed in (near, far):
            moved = np.abs(score(images) - score(changed)).max()
            assert (moved < 1e-5) == any(changed is each for each in unmoved)


@pytest.mark.parametrize("scales", [0, 5, True, 1.5])
def test_other_numbers_of_sizes_are_refused(scales):
    with pytest.raises((TypeError, ValueError), match=f"scales.*{scales}"):
        pokemon_critic(scales=scales)


def test_dropout_follows_every_activation_of_the_critic():
    names = [type(each).__name__ for each in pokemon_critic(image_size=32, dropout=0.25).layers]
    after = [names[place + 1] for place, name in enumerate(names) if name == "FastLeakyReLU"]
    assert after == ["CountedDropout"] * 2
    assert "CountedDropout" not in {type(each).__name__ for each in pokemon_critic().layers}


def test_dropout_masks_do_not_depend_on_what_was_built_before():
    images = keras.random.uniform((2, 32, 32, 3), -1, 1, seed=0)
    scores = []
    for _ in range(2):
        keras.utils.set_random_seed(0)
        critic = pokemon_critic(image_size=32, base_width=4, dropout=0.5)
        scores.append(np.asarray(critic(images, training=True)))
    np.testing.assert_array_equal(*scores)


def test_a_leak_keeps_a_picture_where_rectifiers_leave_the_grey_of_the_bias():
    latents = RNG.normal(size=(2, 100))
    drawn = {}
    for leak in (0.0, 0.2):
        generator = pokemon_generator(image_size=32, base_width=4, leak=leak)
        _normalizations(generator)[-1].beta.assign(np.full(4, -9.0))
        drawn[leak] = generator(latents).numpy()
    assert not drawn[0.0].any()
    assert drawn[0.2].std() > 0.01


@pytest.mark.parametrize(("blur", "is_blind"), [(True, True), (False, False)])
def test_a_blurred_critic_does_not_see_stripes_of_two_places(blur, is_blind):
    critic = pokemon_critic(image_size=32, base_width=4, normalization="none", blur=blur)
    first = next(each for each in critic.layers if isinstance(each, FastLeakyReLU))
    rest = keras.Model(first.output, critic.get_layer("features").output)
    features = RNG.normal(size=(1, 16, 16, 4))
    stripes = np.where(np.arange(16) % 2, 1.0, -1.0)[:, None]
    difference = np.abs(rest(features + stripes) - rest(features))
    # At an edge the mean is that of one place.
    assert (difference[:, :, 2:6].max() < 1e-5) == is_blind
    assert difference.max() > 1e-3
