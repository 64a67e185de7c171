"""What holds for every pair of networks."""

import json

import keras
import numpy as np
import tensorflow as tf

from kerasgan.precision import dtype_policy

RNG = np.random.default_rng(0)


def shapes(model, *kinds):
    """Output shapes of the layers of the given kinds, batch left out."""
    return [layer.output.shape[1:] for layer in model.layers if isinstance(layer, kinds)]


def trainable_size(model):
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


def inputs_of(generator, batch=3):
    """Random latents, and labels 0 where the generator takes them."""
    latent_dim = generator.inputs[0].shape[-1]
    latents = RNG.normal(size=(batch, latent_dim)).astype("float32")
    labels = [np.zeros(batch, "int32") for _ in generator.inputs[1:]]
    return [latents, *labels] if labels else latents


def images_for(discriminator, batch=3):
    return RNG.uniform(size=(batch, *discriminator.input_shape[1:])).astype("float32")


def assert_rebuilt_from_json(model):
    again = keras.models.model_from_json(model.to_json())
    assert json.loads(again.to_json())["config"] == json.loads(model.to_json())["config"]


def assert_heads_are_float32_under_mixed_precision(build, hidden):
    """`hidden` is the kind of a layer that must compute in the policy's type."""
    with dtype_policy("mixed_bfloat16"):
        model = build()
    assert {x.compute_dtype for x in model.layers if isinstance(x, hidden)} == {"bfloat16"}
    assert {weight.dtype for weight in model.weights} <= {"float32", "int64"}
    is_generator = model.inputs[0].name == "latent"
    outputs = model(inputs_of(model) if is_generator else images_for(model))
    assert {output.dtype for output in tf.nest.flatten(outputs)} == {tf.float32}
    for name in model.output_names:
        assert model.get_layer(name).compute_dtype == "float32"


def assert_gradients_of_gradients_are_finite(critic):
    """The gradient penalty of the scores reaches the weights of the features, and is finite."""
    images = tf.constant(images_for(critic, batch=4))
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(images)
            scores, *_ = tf.nest.flatten(critic(images, training=True))
        gradient = tf.cast(inner.gradient(scores, images), tf.float32)
        norms = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=(1, 2, 3)))
        penalty = tf.reduce_mean(tf.square(norms - 1.0))
    gradients = outer.gradient(penalty, [weight.value for weight in critic.trainable_weights])
    reached = [value for value in gradients if value is not None]
    assert all(np.isfinite(value).all() for value in reached)
    assert np.abs(reached[0]).max() > 0
