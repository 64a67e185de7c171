import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.models import CAN, GAN, VAEGAN, WGAN
from kerasgan.models.base.batches import DiscriminatorCall, LabelledImages, class_heads
from kerasgan.models.base.noise import Noise
from kerasgan.models.diff_augment import diff_augment
from kerasgan.precision import dtype_policy
from tests.models.equations import (
    class_logits,
    discriminator_weights,
    draw,
    exact,
    generator_weights,
    log_sigmoid,
    pixels,
    score,
)

TWO = {"genre": 3, "style": 4}
RNG = np.random.default_rng(0)
REAL = LabelledImages(tf.constant(RNG.random((5, 8, 8, 1), np.float32)), {"genre": 0, "style": 1})
FAKE = LabelledImages(tf.constant(RNG.random((3, 8, 8, 1), np.float32) / 2), {})


def test_class_heads_are_the_outputs_after_the_scores(tiny_discriminator):
    assert class_heads(tiny_discriminator()) == {}
    assert class_heads(tiny_discriminator(classes=TWO)) == TWO


@pytest.mark.parametrize("joint_batches", [False, True])
@pytest.mark.parametrize("feature_matching_weight", [0.0, 1.0])
def test_outputs_are_the_heads_of_the_discriminator_by_their_names(
    tiny_generator, tiny_discriminator, joint_batches, feature_matching_weight
):
    can = CAN(
        tiny_generator(),
        tiny_discriminator(classes=TWO),
        joint_batches=joint_batches,
        feature_matching_weight=feature_matching_weight,
    )

    def outputs(images):
        return [output.numpy() for output in tiny_discriminator(classes=TWO)(images, training=True)]

    if joint_batches:
        both = outputs(tf.concat([REAL.images, FAKE.images], 0))
        expected = [[output[:5] for output in both], [output[5:] for output in both]]
    else:
        expected = [outputs(REAL.images), outputs(FAKE.images)]
    found = can.discriminate_both(REAL, FAKE, "x")
    for each, given, (scores, genres, styles) in zip(found, (REAL, FAKE), expected, strict=True):
        assert each.images is given.images
        assert each.labels is given.labels
        np.testing.assert_array_equal(each.scores, scores)
        assert list(each.class_logits) == ["genre", "style"]
        np.testing.assert_array_equal(each.class_logits["genre"], genres)
        np.testing.assert_array_equal(each.class_logits["style"], styles)
        if feature_matching_weight:
            kernel, bias = can.discriminator.get_layer("scores").get_weights()
            np.testing.assert_allclose(each.features @ kernel + bias, scores, 1e-4, 1e-5)
        else:
            assert each.features is None


def test_outputs_for_fakes_alone_are_those_beside_reals(tiny_generator, tiny_discriminator):
    gan = GAN(
        tiny_generator(),
        tiny_discriminator(),
        diff_augment=["color", "cutout"],
        feature_matching_weight=1.0,
    )
    alone, beside = gan.discriminate_fakes(FAKE, "x"), gan.discriminate_both(REAL, FAKE, "x")[1]
    for one, other in zip(alone, beside, strict=True):
        if isinstance(one, dict | bool):
            assert one == other
        else:
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_discriminator_sees_reals_and_fakes_through_transformations_of_their_own(
    tiny_generator, tiny_discriminator, activation
):
    policies = ["color", "translation"]
    gan = GAN(tiny_generator(activation=activation), tiny_discriminator(), diff_augment=policies)
    gan.batches_seen.assign(7)
    same = LabelledImages(REAL.images, {})
    real, fake = gan.discriminate_both(same, same, "x")
    assert np.abs(real.images - fake.images).max() > 0.1
    for seen, kind in ((real, "reals"), (fake, "fakes")):
        expected = diff_augment(
            REAL.images,
            policies,
            low={"sigmoid": 0, "tanh": -1}[activation],
            high=1,
            noise=Noise(0, 7),
            purpose=f"augment x {kind}",
        )
        np.testing.assert_array_equal(seen.images, expected)
        np.testing.assert_array_equal(
            seen.scores, tiny_discriminator()(expected, training=True).numpy()
        )
    again = gan.discriminate_both(same, same, "y")[0]
    assert np.abs(real.images - again.images).max() > 0.1


@pytest.mark.parametrize("classes", [None, TWO], ids=["no heads", "heads"])
@pytest.mark.parametrize(("weight", "joint_batches"), [(1.0, False), (0.25, True)])
def test_generator_descends_the_distance_of_mean_features(
    linear_game, reals, assert_descends, classes, weight, joint_batches
):
    objective, options = (CAN, {"ambiguity_weight": 0.0}) if classes else (GAN, {})
    gan = linear_game(
        objective,
        classes=classes,
        feature_matching_weight=weight,
        joint_batches=joint_batches,
        **options,
    )
    real = reals(classes)
    x, z = pixels(real.images), gan.latents(4, "generator latents 0")
    v, c = discriminator_weights(classes)[:2]

    def loss(w, b):
        fake = draw(z, w, b)
        # The features of the linear discriminator are the pixels.
        distance = np.sum((x.mean(0) - fake.mean(0)) ** 2)
        return -np.mean(log_sigmoid(score(fake, v, c))) + weight * distance

    assert_descends(
        lambda: gan.update_generator(real), loss, gan.generator, still=[gan.discriminator]
    )
    np.testing.assert_allclose(gan.results()["generator_loss"], loss(*generator_weights()), 1e-5)


def test_features_do_not_teach_the_discriminator(linear_game, reals):
    def after(feature_matching_weight):
        gan = linear_game(GAN, feature_matching_weight=feature_matching_weight)
        gan.update_discriminator(reals())
        return gan.discriminator.get_weights()

    for one, other in zip(after(0.0), after(10.0), strict=True):
        np.testing.assert_array_equal(one, other)


def test_feature_matching_holds_the_generator_of_a_vaegan_too(
    linear_generator, linear_discriminator, linear_encoder, reals
):
    def loss(weight):
        model = VAEGAN(
            linear_generator(generator_weights(), activation="sigmoid"),
            linear_discriminator(discriminator_weights()),
            linear_encoder([exact((4, 3), 0), np.zeros(3), exact((4, 3), 1), np.zeros(3)]),
            image_range=(0, 1),
            feature_matching_weight=weight,
        )
        fakes = model.draw_fakes(reals(), "x")
        distance = np.sum((pixels(reals().images).mean(0) - pixels(fakes.images).mean(0)) ** 2)
        return float(model.generator_loss_on(reals(), fakes, "x")), distance

    (without, distance), (beside, _) = loss(0.0), loss(2.0)
    np.testing.assert_allclose(beside - without, 2 * distance, 1e-4)


def test_feature_matching_needs_a_layer_of_features(tiny_generator, tiny_encoder):
    critic = tiny_encoder(latent_dim=1)
    critic = type(critic)(critic.inputs, critic.outputs[0], name="featureless")
    message = "\"features\".*discriminator='featureless'"
    with pytest.raises(ValueError, match=message):
        WGAN(tiny_generator(), critic, feature_matching_weight=1.0)
    WGAN(tiny_generator(), critic)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"feature_matching_weight": -1.0},
            "^feature_matching_weight .*Received: feature_matching_weight=-1.0$",
        ),
        ({"feature_matching_weight": float("nan")}, "Received: feature_matching_weight=nan"),
        ({"diff_augment": ["flip"]}, r"'cutout'.* Received: diff_augment='flip'"),
    ],
)
def test_bad_options_are_named(linear_generator, linear_discriminator, options, message):
    with pytest.raises(ValueError, match=message):
        GAN(linear_generator(), linear_discriminator(), image_range=(0, 1), **options)


def test_linear_heads_give_the_logits_of_the_equations(linear_discriminator):
    x = RNG.random((3, 2, 2, 1), np.float32)
    weights = discriminator_weights(TWO)
    scores, genres, styles = linear_discriminator(weights, classes=TWO)(x)
    np.testing.assert_allclose(scores[:, 0], score(pixels(x), *weights[:2]), 1e-5)
    expected = class_logits(pixels(x), weights[2:], TWO)
    np.testing.assert_allclose(genres, expected["genre"], 1e-4, 1e-5)
    np.testing.assert_allclose(styles, expected["style"], 1e-4, 1e-5)


def test_joined_batches_of_a_float32_discriminator_are_not_rounded_in_another_policy():
    with dtype_policy("mixed_bfloat16"):
        images = keras.Input((8, 8, 1))
        layers = keras.layers.Flatten(dtype="float32"), keras.layers.Dense(1, dtype="float32")
        discriminator = keras.Model(images, layers[1](layers[0](images)))
    call = DiscriminatorCall(discriminator)
    pixels = np.float32(np.random.default_rng(0).random((2, 4, 8, 8, 1)))
    batches = [LabelledImages(tf.constant(each), {}) for each in pixels]
    for joint, each in zip(call.jointly(*batches), batches, strict=True):
        np.testing.assert_allclose(joint.scores, call(each, training=True).scores, rtol=1e-5)
