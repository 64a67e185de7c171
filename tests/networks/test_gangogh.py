import keras
import numpy as np
import pytest

from kerasgan.layers import ConditionalGate, FastLeakyReLU, FusedBatchNormalization
from kerasgan.networks import gangogh_critic, gangogh_generator
from tests.networks.checks import (
    assert_gradients_of_gradients_are_finite,
    assert_heads_are_float32_under_mixed_precision,
    assert_rebuilt_from_json,
    images_for,
    inputs_of,
    shapes,
    trainable_size,
)
from tests.random_seed import seed_keras

RNG = np.random.default_rng(0)
GENRES = {"genre": 14}
TWO_SETS = {"genre": 3, "style": 5}
TINY = {"image_size": 32, "base_width": 2}


def conditions(model):
    """The tables of the labels' maps, level by level."""
    return [layer.kernel for layer in model.layers if layer.name.startswith("condition_")]


def test_generator_has_the_rows_of_the_published_table():
    model = gangogh_generator(classes=GENRES)
    assert [tensor.shape for tensor in model.inputs] == [(None, 128), (None,)]
    assert [tensor.name for tensor in model.inputs] == ["latent", "genre"]
    assert shapes(model, FusedBatchNormalization) == [
        (4, 4, 1024),
        (8, 8, 512),
        (16, 16, 256),
        (32, 32, 128),
    ]
    assert shapes(model, ConditionalGate) == [
        (4, 4, 512),
        (8, 8, 256),
        (16, 16, 128),
        (32, 32, 64),
    ]
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2DTranspose):
            assert (layer.kernel_size, layer.strides) == ((5, 5), (2, 2))
    assert model.output_shape == (None, 64, 64, 3)
    assert model.layers[-1].activation is keras.activations.tanh


def test_generator_has_the_published_number_of_parameters():
    model = gangogh_generator(classes=GENRES)
    maps = 14 * (4 * 4 * 1024 + 8 * 8 * 512 + 16 * 16 * 256 + 32 * 32 * 128)
    dense = (128 + 14) * 16384 + 16384
    convolutions = 25 * (512 * 512 + 256 * 256 + 128 * 128 + 64 * 3) + 3
    gammas_and_betas = 2 * (1024 + 512 + 256 + 128)
    assert sum(table.numpy().size for table in conditions(model)) == maps == 3_440_640
    total = dense + maps + convolutions + gammas_and_betas
    assert trainable_size(model) == total == 14_393_795


def test_conditions_of_channels_have_one_value_for_each():
    model = gangogh_generator(classes=GENRES, conditioning="channel", **TINY)
    assert [table.shape for table in conditions(model)] == [(14, 16), (14, 8), (14, 4)]
    assert model(inputs_of(model)).shape == (3, 32, 32, 3)


def test_labels_act_through_the_gates_and_through_the_first_layer_and_not_otherwise():
    model = gangogh_generator(classes=GENRES, **TINY)
    latents = RNG.normal(size=(1, 128))
    first = next(layer for layer in model.layers if isinstance(layer, keras.layers.Dense))
    kernel = first.kernel.numpy()

    def difference():
        # Alone: some processors compute the rows of a batch in different orders.
        one, other = (model([latents, np.array([label])]).numpy() for label in (3, 7))
        return np.abs(one - other).max()

    assert difference() > 0
    first.kernel.assign(np.concatenate([kernel[:128], np.zeros((14, len(kernel[0])))]))
    assert difference() > 0
    for table in conditions(model):
        table.assign(np.zeros(table.shape))
    assert difference() == 0
    first.kernel.assign(kernel)
    assert difference() > 0


@pytest.mark.parametrize("conditioning", ["spatial", "channel"])
def test_condition_of_a_gate_is_the_sum_of_the_maps_of_the_labels(conditioning):
    model = gangogh_generator(classes=TWO_SETS, conditioning=conditioning, **TINY)
    genres, styles = np.array([0, 2, 2]), np.array([4, 0, 3])
    gates = [layer for layer in model.layers if isinstance(layer, ConditionalGate)]
    for gate, table in zip(gates, conditions(model), strict=True):
        condition = keras.Model(model.inputs, gate.input[1])
        received = condition([RNG.normal(size=(3, 128)), genres, styles]).numpy()
        rows = table.numpy()
        expected = (rows[genres] + rows[3 + styles]).reshape(received.shape)
        np.testing.assert_allclose(received, expected, rtol=1e-5, atol=1e-7)


def test_a_sample_does_not_depend_on_its_neighbours():
    model = gangogh_generator(classes=GENRES, **TINY)
    latents, labels = inputs_of(model)
    alone = model([latents[:1], labels[:1]])
    np.testing.assert_allclose(model([latents, labels])[:1], alone, atol=1e-6)


def test_critic_has_the_rows_of_the_published_table():
    model = gangogh_critic(classes=GENRES)
    assert model.input_shape == (None, 64, 64, 3)
    convolutions = [(32, 32, 64), (16, 16, 128), (8, 8, 256), (4, 4, 512)]
    assert shapes(model, keras.layers.Conv2D) == convolutions
    assert shapes(model, keras.layers.GroupNormalization) == convolutions[1:]
    assert model.get_layer("features").output.shape == (None, 8192)
    assert model.output_shape == [(None, 1), (None, 14)]
    assert model.output_names == ["scores", "genre"]


def test_critic_has_the_published_number_of_parameters():
    convolutions = sum(
        25 * before * after + after
        for before, after in [(3, 64), (64, 128), (128, 256), (256, 512)]
    )
    gains_and_offsets = 2 * (128 + 256 + 512)
    heads = (8192 + 1) * (1 + 14)
    total = convolutions + gains_and_offsets + heads
    assert trainable_size(gangogh_critic(classes=GENRES)) == total == 4_431_247


def test_critic_normalizes_each_image_over_its_height_width_and_channels():
    model = gangogh_critic(classes=GENRES, **TINY)
    layer = next(x for x in model.layers if isinstance(x, keras.layers.GroupNormalization))
    gain, offset = RNG.normal(size=(2, layer.output.shape[-1])).astype("float32")
    layer.set_weights([gain, offset])
    x = RNG.normal(3, 2, (3, *layer.input.shape[1:])).astype("float32")
    mean = x.mean((1, 2, 3), keepdims=True)
    variance = x.var((1, 2, 3), keepdims=True)
    expected = (x - mean) / np.sqrt(variance + 1e-5) * gain + offset
    np.testing.assert_allclose(layer(x), expected, rtol=1e-3, atol=1e-5)


def test_channel_normalization_is_of_each_place_over_its_channels():
    model = gangogh_critic(classes=GENRES, normalization="channel", **TINY)
    norms = [each for each in model.layers if isinstance(each, keras.layers.LayerNormalization)]
    assert [each.output.shape[-1] for each in norms] == [4, 8]
    gain, offset = RNG.normal(size=(2, 4)).astype("float32")
    norms[0].set_weights([gain, offset])
    x = RNG.normal(3, 2, (3, *norms[0].input.shape[1:])).astype("float32")
    centred = x - x.mean(-1, keepdims=True)
    expected = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-6) * gain + offset
    np.testing.assert_allclose(norms[0](x), expected, rtol=1e-3, atol=1e-5)
    with pytest.raises(ValueError, match=r"'layer', 'channel'.*'batch'"):
        gangogh_critic(classes=GENRES, normalization="batch", **TINY)


def test_each_label_set_has_a_head_in_their_order():
    critic = gangogh_critic(classes=TWO_SETS, **TINY)
    assert critic.output_names == ["scores", "genre", "style"]
    assert critic.output_shape == [(None, 1), (None, 3), (None, 5)]
    assert gangogh_critic(classes={}, **TINY).output_shape == (None, 1)


def test_minibatch_deviation_reaches_the_scores_and_not_the_logits():
    critic = gangogh_critic(classes=GENRES, minibatch_stddev=True, **TINY)
    images = images_for(critic, batch=4)
    scores, logits = critic(images)
    alone, logits_alone = critic(images[:1])
    assert abs(float(scores[0, 0] - alone[0, 0])) > 1e-5
    np.testing.assert_allclose(logits[:1], logits_alone, atol=1e-5)


@pytest.mark.parametrize(("image_size", "first"), [(32, 16), (64, 32), (128, 64)])
def test_each_doubling_of_the_size_doubles_the_widest_map(image_size, first):
    options = {"classes": GENRES, "image_size": image_size, "base_width": 2, "channels": 1}
    generator = gangogh_generator(**options)
    assert generator.output_shape == (None, image_size, image_size, 1)
    assert shapes(generator, FusedBatchNormalization)[0] == (4, 4, first)
    critic = gangogh_critic(**options)
    assert shapes(critic, keras.layers.Conv2D)[-1] == (4, 4, first // 2)


def test_initial_weights_are_uniform_of_the_published_deviation():
    seed_keras(0)
    for build, count in ((gangogh_generator, 6), (gangogh_critic, 2)):
        weights = build(classes=GENRES, image_size=32, base_width=8).get_weights()
        large = [values for values in weights if values.size > 4000]
        assert len(large) == count
        for values in large:
            assert abs(values.std() - 0.02) < 0.002
            assert np.abs(values).max() < 0.02 * 3**0.5


def test_centring_changes_the_padding_and_no_shape():
    for build in (gangogh_generator, gangogh_critic):
        centred, published = (build(classes=GENRES, centred=x, **TINY) for x in (True, False))
        assert [w.shape for w in centred.weights] == [w.shape for w in published.weights]
        assert centred.output_shape == published.output_shape


def test_gradient_penalty_is_differentiable():
    for minibatch_stddev in (False, True):
        assert_gradients_of_gradients_are_finite(
            gangogh_critic(classes=GENRES, minibatch_stddev=minibatch_stddev, **TINY)
        )


@pytest.mark.parametrize("build", [gangogh_generator, gangogh_critic])
def test_heads_are_float32_under_mixed_precision(build):
    hidden = keras.layers.Conv2D, keras.layers.Conv2DTranspose
    assert_heads_are_float32_under_mixed_precision(lambda: build(classes=GENRES, **TINY), hidden)


@pytest.mark.parametrize("build", [gangogh_generator, gangogh_critic])
def test_network_is_rebuilt_from_its_json(build):
    assert_rebuilt_from_json(build(classes=TWO_SETS, **TINY))


def test_unknown_conditioning_is_refused():
    with pytest.raises(ValueError, match=r"spatial.* Received: conditioning='pixel'"):
        gangogh_generator(classes=GENRES, conditioning="pixel")


@pytest.mark.parametrize("build", [gangogh_generator, gangogh_critic])
@pytest.mark.parametrize("image_size", [0, 48, 512])
def test_other_sizes_are_refused(build, image_size):
    with pytest.raises(ValueError, match=f"64.* Received: image_size={image_size}"):
        build(classes=GENRES, image_size=image_size)


def test_class_dropout_is_for_the_logits_alone():
    critic = gangogh_critic(classes=GENRES, class_dropout=0.5, **TINY)
    plain = gangogh_critic(classes=GENRES, **TINY)
    plain.set_weights([each.numpy() for each in critic.weights if "calls" not in each.path])
    images = keras.random.uniform((3, 32, 32, 3), -1, 1, seed=0)
    (scores, logits), (plain_scores, plain_logits) = critic(images, training=True), plain(images)
    np.testing.assert_array_equal(scores, plain_scores)
    assert np.abs(logits - plain_logits).max() > 1e-3
    np.testing.assert_array_equal(critic(images)[1], plain_logits)


@pytest.mark.parametrize(("blur", "is_blind"), [(True, True), (False, False)])
def test_a_blurred_critic_does_not_see_stripes_of_two_places(blur, is_blind):
    critic = gangogh_critic(classes=GENRES, normalization="channel", blur=blur, **TINY)
    first = next(each for each in critic.layers if isinstance(each, FastLeakyReLU))
    second = [each for each in critic.layers if isinstance(each, keras.layers.Conv2D)][1]
    rest = keras.Model(first.output, second.output)
    features = RNG.normal(size=(1, 16, 16, 2))
    stripes = np.where(np.arange(16) % 2, 1.0, -1.0)[:, None]
    difference = np.abs(rest(features + stripes) - rest(features))
    # At an edge the mean is that of one place.
    assert (difference[:, :, 2:6].max() < 1e-5) == is_blind
    assert difference.max() > 1e-3
