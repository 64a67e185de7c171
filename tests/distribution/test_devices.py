"""What depends on GPUs, of which the machines that run this have none: they are pretended."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.distribution import devices
from kerasgan.errors import UserError
from kerasgan.layers import CPUConv2D, CPUConv2DTranspose
from kerasgan.training.cluster import Cluster


@pytest.fixture
def gpus(monkeypatch):
    """Pretends two GPUs, and returns what TensorFlow was asked to do with them."""
    done = []
    monkeypatch.setenv("TF_CONFIG", "")
    monkeypatch.delenv("TF_FORCE_GPU_ALLOW_GROWTH", raising=False)
    monkeypatch.setattr(
        tf.config, "get_visible_devices", lambda kind: ["one", "two"] if kind == "GPU" else ["cpu"]
    )
    monkeypatch.setattr(
        tf.config.experimental, "set_memory_growth", lambda gpu, on: done.append((gpu, on))
    )
    monkeypatch.setattr(
        tf.config, "set_visible_devices", lambda chosen, kind: done.append((*chosen, kind))
    )
    monkeypatch.setattr(
        tf.distribute, "MirroredStrategy", lambda names: ("MirroredStrategy", names)
    )
    return done


@pytest.mark.parametrize(
    ("chosen", "strategy", "used"),
    [
        ("all", ("MirroredStrategy", ["GPU:0", "GPU:1"]), ["one", "two"]),
        ("2", ("MirroredStrategy", ["GPU:0", "GPU:1"]), ["one", "two"]),
        ("1", None, ["one"]),
        (2, ("MirroredStrategy", ["GPU:0", "GPU:1"]), ["one", "two"]),
    ],
)
def test_the_chosen_gpus_alone_are_used_and_take_memory_as_they_need_it(
    gpus, chosen, strategy, used
):
    assert devices.strategy_for(chosen) == strategy
    assert gpus == [*((gpu, True) for gpu in used), (*used, "GPU")]


def test_more_gpus_than_there_are_are_refused(gpus):
    with pytest.raises(UserError, match=r"There are 2 GPUs .* Received: devices=3"):
        devices.strategy_for("3")
    assert gpus == []


def test_memory_grows_without_a_choice_too_unless_the_environment_decides(gpus, monkeypatch):
    Cluster(None, 4)
    assert gpus == [("one", True), ("two", True)]
    monkeypatch.setenv("TF_FORCE_GPU_ALLOW_GROWTH", "false")
    Cluster(None, 4)
    assert len(gpus) == 2


def test_batches_are_prefetched_to_the_gpu(gpus, monkeypatch):
    asked = []

    def prefetch(device):
        asked.append(device)
        return lambda dataset: dataset.prefetch(1)

    monkeypatch.setattr(tf.data.experimental, "prefetch_to_device", prefetch)
    dataset = Cluster(None, 4).dataset(tf.data.Dataset.range, 3)
    assert [int(each) for each in dataset] == [0, 1, 2]
    assert asked == ["/GPU:0"]


@pytest.mark.parametrize(
    ("own", "kerass", "function"),
    [
        (CPUConv2D, keras.layers.Conv2D, "convolution"),
        (CPUConv2DTranspose, keras.layers.Conv2DTranspose, "transposed_convolution"),
    ],
)
def test_the_processors_own_convolutions_step_aside_for_a_gpu(monkeypatch, own, kerass, function):
    module = "kerasgan.layers.cpu.cpu_convolution"
    calls = []
    real = getattr(__import__(module, fromlist=[function]), function)
    monkeypatch.setattr(f"{module}.{function}", lambda *all: calls.append(all) or real(*all))
    layer = own(16, 3, strides=2, padding="same", dtype="mixed_bfloat16")
    keras_layer = kerass(16, 3, strides=2, padding="same", dtype="mixed_bfloat16")
    maps = np.random.default_rng(0).normal(size=(1, 4, 4, 2)).astype("float32")
    layer(maps)
    assert len(calls) == 1
    keras_layer.build(maps.shape)
    keras_layer.set_weights(layer.get_weights())
    monkeypatch.setattr(tf.config, "get_visible_devices", lambda kind: ["one"])
    np.testing.assert_array_equal(layer(maps), keras_layer(maps))
    assert len(calls) == 1
