import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.distribution.replicas import batch_sections
from kerasgan.layers import MinibatchDiscrimination

RNG = np.random.default_rng(0)
BATCH, A, B, C = 4, 6, 3, 2


def pair():
    """A built layer and its tensor T, A x B x C."""
    layer = MinibatchDiscrimination(kernels=B, kernel_dim=C)
    layer.build((None, A))
    tensor = RNG.normal(0, 0.3, (A, B, C))
    layer.set_weights([tensor.reshape(A, B * C)])
    return layer, tensor


def closeness(features, tensor):
    """The paper's o(x_i)_b, term by term."""
    outputs = np.zeros((len(features), B))
    matrices = [np.tensordot(f, tensor, axes=1) for f in features]
    for i, m_i in enumerate(matrices):
        for m_j in matrices:
            for b in range(B):
                outputs[i, b] += np.exp(-np.abs(m_i[b] - m_j[b]).sum())
    return outputs


def test_it_appends_the_papers_sums():
    layer, tensor = pair()
    features = RNG.normal(size=(BATCH, A)).astype("float32")
    outputs = layer(features).numpy()
    np.testing.assert_array_equal(outputs[:, :A], features)
    np.testing.assert_allclose(outputs[:, A:], closeness(features, tensor), rtol=1e-5)


def test_joined_batches_are_compared_among_themselves():
    layer, tensor = pair()
    features = RNG.normal(size=(2, BATCH, A)).astype("float32")
    with batch_sections(2):
        outputs = layer(np.concatenate(features)).numpy()
    expected = np.concatenate([closeness(each, tensor) for each in features])
    np.testing.assert_allclose(outputs[:, A:], expected, rtol=1e-5)


def test_equal_images_are_as_close_as_can_be_and_strangers_only_to_themselves():
    layer, _ = pair()
    equal = np.ones((BATCH, A), "float32")
    np.testing.assert_allclose(layer(equal)[:, A:], BATCH)
    strangers = RNG.normal(0, 1e4, (BATCH, A)).astype("float32")
    np.testing.assert_allclose(layer(strangers)[:, A:], 1)


def test_gradients_are_those_of_finite_differences(numeric_gradients):
    layer, tensor = pair()
    features = RNG.normal(size=(BATCH, A))
    direction = RNG.normal(size=(BATCH, B))
    x = tf.constant(features, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = tf.reduce_sum(layer(x)[:, A:] * direction)
    gradients = tape.gradient(loss, [x, layer.tensor.value])

    expected = numeric_gradients(
        lambda f, t: np.sum(closeness(f, t) * direction), [features, tensor]
    )
    np.testing.assert_allclose(gradients[0], expected[0], rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(gradients[1], expected[1].reshape(A, B * C), rtol=1e-3, atol=1e-4)


def test_gradients_of_gradients_stay_finite():
    layer, _ = pair()
    x = tf.constant(RNG.normal(size=(BATCH, A)), tf.float32)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(x)
            total = tf.reduce_sum(layer(x))
        penalty = tf.reduce_sum(tf.square(inner.gradient(total, x)))
    gradient = outer.gradient(penalty, layer.tensor.value)
    assert np.isfinite(gradient).all()
    assert np.abs(gradient).max() > 0


def test_model_with_it_survives_saving(tmp_path):
    model = keras.Sequential([keras.Input((A,)), MinibatchDiscrimination(B, kernel_dim=C)])
    assert model.output_shape == (None, A + B)
    features = RNG.normal(size=(BATCH, A)).astype("float32")
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert (again.layers[0].kernels, again.layers[0].kernel_dim) == (B, C)
    np.testing.assert_array_equal(again(features), model(features))


def test_low_precision_keeps_its_type_and_tensor():
    layer = MinibatchDiscrimination(B, dtype="mixed_bfloat16")
    outputs = layer(RNG.normal(size=(BATCH, A)))
    assert outputs.dtype == "bfloat16"
    assert layer.tensor.dtype == "float32"


@pytest.mark.parametrize("count", [0, 2.5, 4.0])
@pytest.mark.parametrize("name", ["kernels", "kernel_dim"])
def test_kernels_that_are_not_a_whole_number_are_refused(name, count):
    with pytest.raises(ValueError, match=rf"^{name} .*at least 1\. Received: {name}={count}$"):
        MinibatchDiscrimination(**{"kernels": 2, name: count})


def test_other_ranks_are_refused():
    with pytest.raises(ValueError, match=r"takes \(batch, features\)"):
        MinibatchDiscrimination(2)(np.zeros((2, 3, 3, 1), "float32"))
