import collections
from math import nan

import keras
import numpy as np
import pytest

from kerasgan.data import ImageSet
from kerasgan.errors import UserError
from kerasgan.metrics import Reference, evaluate
from kerasgan.metrics.evaluation import Measure
from kerasgan.models import WGAN
from kerasgan.training.callbacks import Evaluate
from kerasgan.training.checkpoints import load_weights
from tests.random_seed import seed_keras

IMAGES = np.random.default_rng(0).integers(0, 256, (120, 8, 8, 1), np.uint8)


@pytest.fixture(scope="module")
def features():
    """A small network of random weights stands for the pretrained one."""
    seed_keras(3)
    images = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(6, 3, activation="relu")(images)
    return keras.Model(images, keras.layers.GlobalAveragePooling2D()(x))


@pytest.fixture
def build(tiny_generator, tiny_discriminator):
    def build():
        model = WGAN(tiny_generator(), tiny_discriminator(), n_critic=2, ema_decay=0.5)
        model.compile(
            generator_optimizer=keras.optimizers.Adam(0.05),
            discriminator_optimizer=keras.optimizers.Adam(0.01),
            run_eagerly=True,
        )
        return model

    return build


def fit(model, callbacks, batches=8):
    model.fit(IMAGES[: 4 * batches], batch_size=4, shuffle=False, verbose=0, callbacks=callbacks)


def test_logs_what_evaluate_says_of_the_model_at_that_batch(build, features):
    model, seen = build(), []
    measuring = Evaluate(IMAGES, every=2, count=60, features=features)

    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if "frechet_distance" in (logs or {}):
                reference = Reference(IMAGES, count=60, features=features)
                seen.append((dict(logs), evaluate(self.model, reference)))

    fit(model, [measuring, Look()])
    assert [line["batches"] for line in measuring.history] == [4, 8]
    assert len(seen) == 2
    for line, (logs, evaluation) in zip(measuring.history, seen, strict=True):
        for name in ("frechet_distance", "precision", "recall", "coverage"):
            assert logs[name] == line[name] == pytest.approx(evaluation[name].value)
        assert logs["frechet_ratio"] == pytest.approx(evaluation["frechet_distance"].ratio)


def test_measuring_a_conditional_model_trains_no_classifier(genres, features, monkeypatch):
    monkeypatch.setattr(
        "kerasgan.metrics.reference.trained_classifier", lambda *_, **__: pytest.fail("trained")
    )
    images = ImageSet(
        images=IMAGES,
        labels={"genre": np.arange(len(IMAGES), dtype=np.int32) % 3},
        class_names=genres.class_names,
    )
    measuring = Evaluate(images, every=8, count=60, features=features)
    measuring.set_model(genres)
    assert measuring.measure()["frechet_distance"] > 0


def test_keeps_the_weights_of_the_smallest_distance(build, features, tmp_path):
    model, states = build(), {}
    measuring = Evaluate(IMAGES, tmp_path / "run", every=2, count=60, features=features)

    class Keep(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            states[batch + 1] = self.model.get_weights()

    fit(model, [measuring, Keep()])
    distances = {line["batches"]: line["frechet_distance"] for line in measuring.history}
    best = min(distances, key=distances.get)
    assert measuring.best["batches"] == best
    for load in (load_weights, WGAN.load_weights):
        load(again := build(), tmp_path / "run" / "best.weights.h5")
        for one, other in zip(again.get_weights(), states[best], strict=True):
            np.testing.assert_array_equal(one, other)


def test_measuring_changes_no_bit_of_the_training(build, features):
    with_it, without = build(), build()
    fit(with_it, [Evaluate(IMAGES, every=2, count=60, features=features)])
    fit(without, [])
    for one, other in zip(with_it.get_weights(), without.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_resumed_training_keeps_what_was_better_before(build, features, tmp_path):
    model = build()
    earlier = [{"batches": 0, "frechet_distance": 0.0}]
    measuring = Evaluate(IMAGES, tmp_path, every=4, count=60, features=features, history=earlier)
    fit(model, [measuring])
    assert measuring.best == earlier[0]
    assert not list(tmp_path.iterdir())


def test_an_interval_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="every=0"):
        Evaluate(IMAGES, every=0)


def test_images_of_another_size_are_refused_before_the_first_batch(build, features):
    model = build()
    measuring = Evaluate(IMAGES[:, :7, :7], every=1000, count=50, features=features)
    with pytest.raises(UserError, match="8x8x1, but the real images are 7x7x1"):
        fit(model, [measuring], batches=1)
    assert int(model.batches_seen) == 0


def test_a_folder_that_cannot_be_written_to_is_refused_before_the_first_batch(
    build, features, tmp_path
):
    model = build()
    (tmp_path / "file").touch()
    run = tmp_path / "file" / "run"
    measuring = Evaluate(IMAGES, run, every=1000, count=50, features=features)
    with pytest.raises(UserError, match=r"Cannot write to the folder .*file"):
        fit(model, [measuring], batches=1)
    assert int(model.batches_seen) == 0


def test_weights_whose_distance_is_no_number_are_not_the_best(build, features, tmp_path):
    model = build()
    measuring = Evaluate(IMAGES, tmp_path / "run", every=1, count=50, features=features)
    measuring.reference.measure = lambda fakes: collections.defaultdict(lambda: Measure(nan, nan))
    fit(model, [measuring], batches=1)
    assert measuring.best is None
    assert not list((tmp_path / "run").iterdir())


def test_callbacks_of_epochs_may_monitor_measures(build, features):
    model = build()
    measuring = Evaluate(IMAGES, every=2, count=60, features=features)
    stop = keras.callbacks.EarlyStopping("precision", patience=99)
    history = model.fit(
        IMAGES[:32], batch_size=4, epochs=2, verbose=0, callbacks=[measuring, stop]
    ).history
    last_of_epochs = measuring.history[1::2]
    for name in ("frechet_ratio", "precision"):
        assert history[name] == [line[name] for line in last_of_epochs]
    assert stop.best == max(history["precision"])
    # In an epoch of one iteration nothing is measured, and what was measured before is old.
    assert (
        "precision"
        not in model.fit(IMAGES[:8], batch_size=4, verbose=0, callbacks=[measuring]).history
    )
