import io
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from kerasgan.training.callbacks import SampleGrid, TensorBoardEvents
from kerasgan.training.run_folder import RunFolder


def test_events_hold_each_metric_and_a_grid_as_often_as_samples_are_drawn(tmp_path):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    images = np.random.default_rng(0).random((32, 4, 4, 3), np.float32)
    model = SimpleNamespace(
        batches_seen=keras.Variable(0, dtype="int64"),
        n_critic=1,
        iterations_seen=0,
        condition=(),
        generate=lambda count, seed: images[:count],
    )
    run = RunFolder(tmp_path)
    samples = SampleGrid(run.samples, every=4, early=(0, 1), last=4)
    events = TensorBoardEvents(run, every=2, last=4)
    for callback in (samples, events):
        callback.set_model(model)
        callback.on_train_begin()
    for batch in range(1, 5):
        model.batches_seen.assign(batch)
        for callback in (samples, events):
            callback.on_train_batch_end(batch, {"critic_loss": batch / 8, "loss": batch / 8})
    events.on_train_end()

    read = accumulator.EventAccumulator(str(tmp_path / "tensorboard"))
    read.Reload()
    assert sorted(read.Tags()["tensors"]) == ["critic_loss", "samples"]
    tensors = read.Tensors("critic_loss")
    assert [event.step for event in tensors] == [2, 4]
    assert [tf.make_ndarray(event.tensor_proto).item() for event in tensors] == [0.25, 0.5]
    *_, drawn = read.Tensors("samples")
    assert [event.step for event in read.Tensors("samples")] == [0, 1, 4]
    _, _, png = tf.make_ndarray(drawn.tensor_proto)
    picture = np.asarray(Image.open(io.BytesIO(png)))
    # Eight columns with gaps of two pixels: the second picture starts at 6.
    np.testing.assert_allclose(picture[:4, 6:10], images[1] * 255, atol=1)
