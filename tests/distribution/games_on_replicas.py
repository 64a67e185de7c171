"""Trains objectives on one device and on two, and writes how far they come apart.

The logical devices of a process are fixed when TensorFlow starts, so this cannot be done within
pytest's.
"""

import contextlib
import json
from functools import partial
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from kerasgan import layers, models
from kerasgan.curriculum import Curriculum
from kerasgan.distribution.devices import strategy_for
from kerasgan.distribution.replicas import batch_sections
from kerasgan.networks import (
    cppn_generator,
    fastgan_decoder,
    fastgan_discriminator,
    fastgan_generator,
    gangogh_generator,
    growing_cppn_critic,
    stackgan_generator,
)
from kerasgan.precision import dtype_policy
from tests.models.games import CLASSES, OPTIONS, PENALIZED, data, state
from tests.tiny_networks import _tiny_discriminator, _tiny_encoder, _tiny_generator

# Such a strategy is what `MirroredStrategy()` makes of a machine with one GPU.
ON_ONE_REPLICA = ("WGANGP", "GAN", "growing")
EPOCHS = 4  # Of five batches: 20 steps.
OPTIONS = {**OPTIONS, models.FastGAN: {}}
OPTIONS[models.LSGAN] = {**OPTIONS[models.LSGAN], "joint_batches": True}
FOUND = {objective.__name__: objective for objective in OPTIONS}
ADAM, RMSPROP = partial(keras.optimizers.Adam, 1e-3, 0.5), partial(keras.optimizers.RMSprop, 1e-3)
# Limits that gradients of these games exceed. Of Adam they would matter little.
SGD = partial(keras.optimizers.SGD, 0.1)
CLIPPED = {
    "LSGAN": ({"global_clipnorm": 0.01}, {"clipnorm": 0.01}),
    "HingeGAN": ({"clipvalue": 0.001}, {"clipvalue": 0.001}),
}


def game(name):
    """Builds and compiles the model of a case, the name of an objective or of a function here."""
    if name not in FOUND:
        return globals()[name]()
    objective, options = FOUND[name], {}
    classes = CLASSES if objective.takes_classes else None
    normalize = not issubclass(objective, PENALIZED)
    networks = [
        _tiny_generator(classes=None if issubclass(objective, models.CAN) else classes),
        _tiny_discriminator(classes=classes, normalize=normalize),
    ]
    if objective is models.VAEGAN:
        networks.append(_tiny_encoder())
        options["autoencoder_optimizer"] = ADAM()
    model = objective(*networks, **OPTIONS[objective])
    optimizers = ADAM(), RMSPROP()
    if name in CLIPPED:
        optimizers = [SGD(**clipping) for clipping in CLIPPED[name]]
    model.compile(
        generator_optimizer=optimizers[0], discriminator_optimizer=optimizers[1], **options
    )
    return model


def unrolled():
    networks = _tiny_generator(), _tiny_discriminator(classes=CLASSES)
    model = models.CAN(*networks, **{**OPTIONS[models.CAN], "unrolling": 2})
    model.compile(generator_optimizer=ADAM(), discriminator_optimizer=RMSPROP())
    return model


def fastgan():
    tiny = {"image_size": 64, "base_width": 2}
    keras.utils.set_random_seed(0)
    networks = [fastgan_generator(**tiny), fastgan_discriminator(**tiny)]
    model = models.FastGAN(*networks, fastgan_decoder(base_width=2))
    # Some of its gradients are rounding alone, which a small epsilon would make as large as others.
    model.compile(
        generator_optimizer=keras.optimizers.Adam(5e-5, 0.5, epsilon=1e-3),
        discriminator_optimizer=keras.optimizers.Adam(5e-5, 0.5, epsilon=1e-3),
    )
    return model


def pure_vae():
    networks = _tiny_generator(), _tiny_discriminator(), _tiny_encoder()
    model = models.VAEGAN(*networks, adversarial_weight=0.0, ema_decay=0.9)
    model.compile(autoencoder_optimizer=ADAM())
    return model


def dropout():
    images = keras.Input((8, 8, 1))
    outputs = _tiny_discriminator()(layers.CountedDropout(0.25, seed=0, name="counted")(images))
    critic = keras.Model(images, outputs, name="dropout")
    model = models.WGAN(_tiny_generator(), critic, n_critic=2, joint_batches=True)
    model.compile(generator_optimizer=RMSPROP(), discriminator_optimizer=RMSPROP())
    return model


def small():
    """At the first of two sizes throughout; outside of steps the critic is that of both."""
    return growing(begins=100)


def growing(begins=2):
    """At two sizes, and after the fade."""
    keras.utils.set_random_seed(0)
    model = models.GrowingWGANGP(
        cppn_generator(image_size=16, latent_dim=3, width=4, depth=2),
        growing_cppn_critic(image_size=16, smallest=8, base_width=2),
        curriculum=Curriculum(sizes=[8, 16], begins=[begins], fade=4),
        n_critic=2,
    )
    model.compile(generator_optimizer=ADAM(), discriminator_optimizer=ADAM())
    return model


def second_stage():
    keras.utils.set_random_seed(0)
    one = gangogh_generator(classes={"genre": 2}, image_size=32, base_width=1, latent_dim=5)
    tiny = {"image_size": 64, "base_width": 2, "depth": 1, "kernel_stddev": 0.3}
    generator = stackgan_generator(one, classes=CLASSES, **tiny)
    model = models.ACGAN(generator, _tiny_discriminator(size=64, channels=3, classes=CLASSES))
    model.compile(
        generator_optimizer=keras.optimizers.SGD(1e-3),
        discriminator_optimizer=keras.optimizers.SGD(1e-3),
    )
    return model


def trained(name, scope, change=0.0):
    """The state after 20 steps, the losses, pictures and scores.

    Each weight is first changed by about `change` of its value.
    """
    with scope:
        model = game(name)
    if change:
        random = np.random.default_rng(5)
        for weight in model.trainable_variables:
            weight.assign(weight * (1.0 + change * random.normal(size=weight.shape)))
    x, *labels = data(model, 0, 5)
    if model.image_shape != x.shape[1:]:
        x = np.random.default_rng(0).integers(0, 256, (20, *model.image_shape), np.uint8)
    history = model.fit(x, *labels, batch_size=4, shuffle=False, epochs=EPOCHS, verbose=0).history
    on_one = model.test_on_batch(x[:4], *[{k: v[:4] for k, v in each.items()} for each in labels])
    held_out = model.evaluate(x, *labels, batch_size=4, verbose=0)
    losses = [*(values[-1] for values in history.values()), *np.ravel(on_one), *np.ravel(held_out)]
    # NaN is the loss of what does not move.
    losses = np.nan_to_num(np.array(losses), nan=-1e3)
    return [*state(model), losses, model.generate(2, seed=0), model.discriminate(x[:4]).scores]


def distance(one, two):
    # In distinction from `max`, NumPy's is NaN if any of them is.
    return np.max(
        [np.max(np.abs(a.astype("float64") - b), initial=0) for a, b in zip(one, two, strict=True)]
    )


def of_layer(layer, inputs, strategy, sections=1):
    """The distance of a layer's outputs and derivatives on two replicas from those on one."""
    weights = np.random.default_rng(1).normal(size=layer(inputs, **_training(layer)).shape)
    weights = weights.astype("float32")

    def outcome(x, w):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as tape:
                tape.watch(x)
                outputs = layer(x, **_training(layer))
                loss = tf.reduce_sum(w * outputs**2)
            slope = tape.gradient(loss, x)
            penalty = tf.reduce_sum(tf.square(slope))
        return outputs, slope, outer.gradient(penalty, x)

    def on_replica():
        index = tf.distribute.get_replica_context().replica_id_in_sync_group
        with batch_sections(sections):
            return outcome(*(_part(values, index, sections) for values in (inputs, weights)))

    one = outcome(tf.constant(inputs), tf.constant(weights))
    parts = [strategy.experimental_local_results(each) for each in strategy.run(on_replica)]
    # Parts of joined batches lie side by side in the global one.
    two = [
        np.concatenate(
            [np.concatenate([np.split(p, sections)[s] for p in each]) for s in range(sections)]
        )
        for each in parts
    ]
    sizes = [np.abs(each).max() for each in one]
    one = [each.numpy() / size for each, size in zip(one, sizes, strict=True)]
    return distance(one, [each / size for each, size in zip(two, sizes, strict=True)])


def _training(layer):
    return {"training": True} if isinstance(layer, layers.FusedBatchNormalization) else {}


def _part(values, index, sections):
    parts = [np.split(section, 2) for section in np.split(values, sections)]
    return tf.gather(tf.stack([np.concatenate(pair) for pair in zip(*parts, strict=True)]), index)


def of_layers(strategy):
    random = np.random.default_rng(0)
    flat, maps = random.normal(size=(8, 5)), random.normal(size=(8, 2, 2, 3))
    flat, maps = flat.astype("float32"), maps.astype("float32")
    with strategy.scope():
        cases = {
            "normalization": (layers.FusedBatchNormalization(), maps),
            "normalization of means that drown deviations": (
                layers.FusedBatchNormalization(epsilon=1e-8),
                1e-3 * flat + 1.0,
            ),
            "discrimination": (layers.MinibatchDiscrimination(2), flat),
            "deviation within replicas": (layers.MinibatchStandardDeviation(4), maps),
            "deviation across replicas": (layers.MinibatchStandardDeviation(8), maps),
            "deviation in joined batches": (layers.MinibatchStandardDeviation(4), maps, 2),
        }
        for layer, inputs, *_ in cases.values():
            layer.build(inputs.shape)
    return {
        name: of_layer(layer, inputs, strategy, *sections)
        for name, (layer, inputs, *sections) in cases.items()
    }


def of_loss_scale(strategy):
    """How far an update moves that one replica cannot make, and whether the loss scale is halved.

    Returns the distance of the weights, and that of the loss scale from half of what it was.
    """
    with strategy.scope(), dtype_policy("mixed_float16"):
        model = models.WGAN(_tiny_generator(), _tiny_discriminator())
        model.compile(
            generator_optimizer=keras.optimizers.SGD(1.0),
            discriminator_optimizer=keras.optimizers.SGD(1.0),
        )
    optimizer, weights = model.generator_optimizer, model.generator.trainable_variables
    before, scale = model.generator.get_weights(), float(optimizer.dynamic_scale.numpy())

    @tf.function
    def update():
        def on_replica():
            index = tf.distribute.get_replica_context().replica_id_in_sync_group
            bad = tf.where(tf.equal(index, 1), float("inf"), 1.0)
            model.apply_gradients(optimizer, [tf.ones(w.shape) * bad for w in weights], weights)

        strategy.run(on_replica)

    update()
    moved = distance(before, model.generator.get_weights())
    scales = strategy.experimental_local_results(optimizer.dynamic_scale.value)
    return moved + max(abs(float(each.numpy()) / scale - 0.5) for each in scales)


def main(out, *names):
    """Writes the distances of some cases to a file."""
    strategy = strategy_for("cpu:2")
    # Optimizing these small graphs takes longer than computing them.
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    results = {}
    if "layers" in names:
        results = {**of_layers(strategy), "loss scale": of_loss_scale(strategy)}
    for name in names:
        if name == "layers":
            continue
        one = trained(name, contextlib.nullcontext())
        results[name] = distance(one, trained(name, strategy.scope()))
        if name in ON_ONE_REPLICA:
            alone = tf.distribute.MirroredStrategy(["CPU:0"])
            results[f"{name} on one replica"] = distance(one, trained(name, alone.scope()))
        if name == "fastgan":
            results["changed fastgan"] = distance(
                one, trained(name, contextlib.nullcontext(), change=1e-7)
            )
    Path(out).write_text(json.dumps(results))
