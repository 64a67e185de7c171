import numpy as np
import pytest

from kerasgan.data import ImageSet
from kerasgan.errors import UserError
from kerasgan.metrics import classifier as module
from kerasgan.metrics.classifier import trained_classifier
from kerasgan.metrics.classifier_network import classifier_network


def test_accuracy_is_that_on_held_out_images_in_whatever_order_they_have_their_classes(
    labelled, monkeypatch
):
    style = (np.asarray(labelled.images).mean(axis=(1, 2, 3)) > 40).astype(np.int32)
    images = ImageSet(
        images=labelled.images,
        labels={**labelled.labels, "style": style},
        class_names={**labelled.class_names, "style": ("dark", "bright")},
    )
    training, held_out = images.take(np.arange(40, 240)), images.take(np.arange(40))
    first = trained_classifier(training, held_out)
    told = first.classes(np.asarray(held_out.images))
    expected = {name: (told[name] == held_out.labels[name]).mean() for name in told}
    assert first.accuracies == expected
    assert list(expected) == ["genre", "style"]
    assert min(expected.values()) > 0.8
    assert first.held_out == 40
    assert first.features.protocol["style_accuracy"] > 0.8
    assert first.features(images.images[:3]).shape == (3, 128)

    last = len(labelled.class_names["genre"]) - 1
    turned = ImageSet(
        images=labelled.images,
        labels={"style": 1 - style, "genre": last - labelled.labels["genre"]},
        class_names={"style": ("bright", "dark"), "genre": labelled.class_names["genre"][::-1]},
    )
    # It would be trained on the same images.
    weights = first.network.get_weights()
    monkeypatch.setattr(module, "_train", lambda network, *_, **__: network.set_weights(weights))
    assert trained_classifier(training, turned.take(np.arange(40))).accuracies == expected


def test_a_classifier_is_trained_once_without_a_tenth_of_the_images(
    labelled, cache_folder, monkeypatch
):
    first = trained_classifier(labelled)
    assert 5 <= first.held_out <= 50
    assert first.accuracies["genre"] > 0.8
    trained = []
    monkeypatch.setattr(module, "_train", lambda network, *_, **__: trained.append(network))
    again = trained_classifier(labelled)
    assert not trained
    assert len(list(cache_folder.glob("*.weights.h5"))) == 1
    assert first.accuracies == again.accuracies
    assert first.identity == again.identity
    for one, other in zip(first.network.get_weights(), again.network.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    (weights,) = cache_folder.glob("*.weights.h5")
    weights.write_bytes(b"damaged")
    assert trained_classifier(labelled).network in trained


def test_the_network_has_as_many_parameters_as_it_says():
    network = classifier_network((64, 64, 3), {"genre": 10})
    assert network.count_params() == pytest.approx(289_000, abs=1_000)


def test_images_without_two_classes_are_one_line(labelled):
    one_class = labelled.take(np.flatnonzero(labelled.labels["genre"] == 1))
    with pytest.raises(UserError, match="genre"):
        trained_classifier(one_class)
    with pytest.raises(UserError, match=r"learns from labels, and these images have none"):
        trained_classifier(labelled.select())
