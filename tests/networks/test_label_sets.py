import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasgan.networks.label_sets import check_label_sets, one_hot_generator, one_hot_labels


def test_one_hots_stand_side_by_side_in_the_order_of_the_sets():
    inputs, one_hots = one_hot_labels({"genre": 2, "style": 3})
    assert [tensor.name for tensor in inputs] == ["genre", "style"]
    model = keras.Model(inputs, one_hots)
    encoded = model([np.array([1, 0]), np.array([0, 2])])
    np.testing.assert_array_equal(encoded, [[0, 1, 1, 0, 0], [1, 0, 0, 0, 1]])


def test_a_batch_of_one_is_encoded():
    model = keras.Model(*one_hot_labels({"genre": 3}))
    np.testing.assert_array_equal(model([np.array([2])]), [[0, 0, 1]])


def test_adams_second_moment_squares_the_summed_gradient_of_a_class():
    inputs, one_hots = one_hot_labels({"genre": 2})
    model = keras.Model(inputs, keras.layers.Dense(1, use_bias=False)(one_hots))
    optimizer = keras.optimizers.Adam(0.1, beta_2=0.9)
    with tf.GradientTape() as tape:
        # Class 0 twice, with gradients that cancel; class 1 once.
        loss = tf.reduce_sum(model([np.array([0, 0, 1])]) * [[1.0], [-1.0], [2.0]])
    optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
    second_moment = optimizer.variables[-1]
    np.testing.assert_allclose(second_moment, [[0.0], [0.1 * 2.0**2]], rtol=1e-5)


@pytest.mark.parametrize(
    "name",
    [
        *("latent", "scores", "features", "images", "condition_1", "scores_0", "cross_scale_2"),
        *("art style", "a/b", ""),
    ],
)
def test_names_that_cannot_name_a_layer_are_refused(name):
    with pytest.raises(ValueError, match="Received: classes="):
        check_label_sets({name: 3})


def test_sets_of_fewer_than_two_classes_are_refused():
    with pytest.raises(ValueError, match=r"Received: classes={'genre': 1}"):
        check_label_sets({"genre": 1})


def test_no_sets_are_no_inputs():
    with pytest.raises(ValueError, match=r"Received: classes={}"):
        one_hot_labels({})


def test_labels_that_are_not_one_hot_encoded_are_named():
    latent, genre = keras.Input((4,)), keras.Input((), dtype="int32", name="genre")
    embedded = keras.layers.Flatten()(keras.layers.Embedding(3, 2)(genre))
    x = keras.layers.Concatenate()([latent, embedded])
    generator = keras.Model([latent, genre], keras.layers.Dense(4)(x), name="painter")
    with pytest.raises(ValueError, match=r"CategoryEncoding.*Received: 'painter', whose 'genre'"):
        one_hot_generator(generator)
