import contextlib
import csv

import keras
import numpy as np
import pytest

from kerasgan.models import CAN, GAN, WGAN
from tests.models.games import FLOATS, IMAGES, PLAIN, data, is_same, state


class MyScheduler(keras.callbacks.LearningRateScheduler):
    pass


@pytest.mark.parametrize(
    ("callback", "kind"),
    [
        (keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate), "LearningRateScheduler"),
        (keras.callbacks.ReduceLROnPlateau("loss"), "ReduceLROnPlateau"),
        (keras.callbacks.SwapEMAWeights(), "SwapEMAWeights"),
        (MyScheduler(lambda epoch, rate: rate), "LearningRateScheduler"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_callbacks_that_look_for_the_only_optimizer_are_refused_before_training(
    build, callback, kind
):
    model = build(GAN)
    before, given = state(model), type(callback).__name__
    harmless = keras.callbacks.TerminateOnNaN()
    for callbacks in (callback, [harmless, callback], keras.callbacks.CallbackList([callback])):
        with pytest.raises(ValueError, match=rf"^{kind} .*ema_decay.*Received: {given}$"):
            model.fit(IMAGES, callbacks=callbacks, **PLAIN)
    with pytest.raises(ValueError, match=f"^{kind} "):
        model.fit(IMAGES, None, 4, 1, 0, [callback])
    assert is_same(state(model), before)


def test_keras_callbacks_work(tiny_generator, tiny_discriminator, tmp_path):
    wgan = WGAN(tiny_generator(), tiny_discriminator(), n_critic=2)
    wgan.compile(generator_optimizer="rmsprop", discriminator_optimizer="rmsprop")
    stop = keras.callbacks.EarlyStopping(
        "critic_loss", mode="max", min_delta=1e9, patience=1, restore_best_weights=True
    )
    initial = wgan.get_weights()
    history = wgan.fit(
        FLOATS[:8],
        epochs=5,
        callbacks=[
            stop,
            keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras"),
            keras.callbacks.CSVLogger(tmp_path / "log.csv"),
            keras.callbacks.TerminateOnNaN(),
        ],
        **PLAIN,
    ).history
    assert stop.stopped_epoch == 1
    assert len(history["critic_loss"]) == 2
    with (tmp_path / "log.csv").open() as file:
        rows = list(csv.DictReader(file))
    for name, values in history.items():
        np.testing.assert_allclose([float(row[name]) for row in rows], values)
    best = keras.saving.load_model(tmp_path / "1.keras")
    assert is_same(wgan.get_weights(), best.get_weights())
    assert not is_same(wgan.get_weights(), initial)
    assert (tmp_path / "2.keras").exists()


def test_early_stopping_and_the_best_checkpoint_read_loss_and_validation(build, tmp_path):
    class Losses(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(logs["val_loss"])

    seen, model = [], build(GAN, run_eagerly=True)
    best = keras.callbacks.ModelCheckpoint(
        tmp_path / "best.keras", monitor="val_loss", mode="min", save_best_only=True
    )
    stop = keras.callbacks.EarlyStopping("generator_loss", mode="min", min_delta=1e9, patience=1)
    model.fit(
        FLOATS[:8],
        validation_data=(FLOATS[8:16],),
        epochs=4,
        callbacks=[Losses(), best, stop],
        **PLAIN,
    )
    assert len(seen) == 2
    saved = keras.saving.load_model(tmp_path / "best.keras")
    found = saved.evaluate(FLOATS[8:16], batch_size=4, return_dict=True, verbose=0)["loss"]
    np.testing.assert_allclose(found, min(seen), rtol=1e-5)


def test_a_loss_without_a_value_yet_is_not_taken_for_the_best(
    tiny_generator, tiny_discriminator, tmp_path
):
    wgan = WGAN(tiny_generator(), tiny_discriminator(), n_critic=3)
    wgan.compile(run_eagerly=True)
    stop = keras.callbacks.EarlyStopping("generator_loss", min_delta=1e9, patience=2)
    best = keras.callbacks.ModelCheckpoint(
        tmp_path / "{epoch}.keras", monitor="generator_loss", save_best_only=True
    )
    with pytest.warns(UserWarning, match="generator_loss"):
        history = wgan.fit(FLOATS[:8], epochs=9, callbacks=[stop, best], **PLAIN).history
    # The generator moves after batches 3 and 6, in the second epoch and the third.
    assert np.isnan(history["generator_loss"]).tolist() == [True, False, False, True]
    assert stop.best == history["generator_loss"][1]
    assert best.best == np.nanmin(history["generator_loss"])
    assert not (tmp_path / "4.keras").exists()


def test_directions_of_metrics_are_known(build):
    model = build(CAN, run_eagerly=True)
    monitors = [
        keras.callbacks.EarlyStopping(name, patience=9)
        for name in ("discriminator_loss", "val_style_accuracy")
    ]
    batch = data(model, 0, 1)
    model.fit(*batch, validation_data=batch, callbacks=monitors, **PLAIN)
    assert [each.mode for each in monitors] == ["min", "max"]


def test_a_list_of_keras_can_be_given_again(build):
    model = build(GAN, run_eagerly=True)
    given = keras.callbacks.CallbackList(
        [keras.callbacks.EarlyStopping("generator_loss", mode="min")],
        add_history=True,
        model=model,
    )
    for _ in range(2):
        model.fit(FLOATS[:4], callbacks=given, **PLAIN)
        kinds = [type(each).__name__ for each in given.callbacks]
        assert kinds.count("EarlyStopping") == 1
        assert len(kinds) == 4


def test_what_a_callback_holds_is_released_at_any_end(build):
    class Holds(keras.callbacks.Callback):
        held = True

        def release(self):
            self.held = False

    class Fails(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            raise OSError("full")

    model = build(GAN, run_eagerly=True)
    for others, end in ([], contextlib.nullcontext()), ([Fails()], pytest.raises(OSError)):
        holds = Holds()
        with end:
            model.fit(FLOATS[:4], callbacks=[holds, *others], **PLAIN)
        assert not holds.held
