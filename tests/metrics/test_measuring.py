import json

import numpy as np
import pytest

from kerasgan.data import ImageSet
from kerasgan.errors import UserError
from kerasgan.metrics import Reference, evaluate, frechet_distance, named_features
from kerasgan.models import CAN


@pytest.fixture
def can(tiny_generator, tiny_discriminator):
    return CAN(tiny_generator(), tiny_discriminator(classes={"genre": 3}, normalize=False))


def test_a_model_is_measured_by_what_it_generates(plain, squares, network):
    reference = Reference(squares(200), count=70, features=network())
    evaluation = evaluate(plain, reference, seed=4)
    features = named_features(network())
    fakes = features(plain.generate(70, seed=4))
    expected = frechet_distance(features(reference.real_images()), fakes)
    assert evaluation["frechet_distance"].value == pytest.approx(expected, rel=1e-5)
    assert evaluation.protocol["latents_seed"] == 4
    assert evaluation.as_dict() == json.loads(json.dumps(evaluation.as_dict()))
    assert evaluation.as_dict()["measures"]["precision"].keys() == {"value", "floor", "ratio"}


def test_the_same_seed_gives_the_same_numbers(plain, squares, network):
    first, same, other = (
        evaluate(plain, squares(200), count=60, features=network(), seed=seed) for seed in (0, 0, 1)
    )
    assert first.measures == same.measures
    assert first["frechet_distance"] != other["frechet_distance"]


def test_pairs_are_fakes_and_their_nearest_reals(plain, squares, network):
    reals = squares(200)
    # What the model draws is among the real images.
    reals[:30] = np.rint(plain.generate(30, seed=0) * 255)
    evaluation = evaluate(plain, reals, count=100, features=network())
    assert evaluation.pairs.shape == (32, 8, 8, 1)
    np.testing.assert_allclose(
        evaluation.pairs[0::2].astype(int), evaluation.pairs[1::2].astype(int), atol=1
    )


def test_a_conditional_model_draws_the_classes_of_the_reals(genres, labelled, network, monkeypatch):
    # The data number the classes in another order than the model.
    names = ("still-life", "landscape", "portrait")
    ours = labelled.class_names["genre"]
    numbers = np.array([names.index(name) for name in ours], np.int32)
    images = ImageSet(
        images=labelled.images,
        labels={"genre": numbers[labelled.labels["genre"]]},
        class_names={"genre": names},
    )
    reference = Reference(images, count=60, features=network())
    requested = []
    generate = type(genres).generate

    def recorded(self, latents, labels=None, **kwargs):
        requested.extend(labels["genre"])
        return generate(self, latents, labels, **kwargs)

    monkeypatch.setattr(type(genres), "generate", recorded)
    evaluation = evaluate(genres, reference)
    np.testing.assert_array_equal(requested, labelled.labels["genre"][reference.rows[:60]])
    accuracy = evaluation["genre_accuracy"]
    predicted = reference.classifier.classes(
        np.rint(generate(genres, genres.draw_latents(60, seed=0), requested) * 255).astype(np.uint8)
    )["genre"]
    right = predicted == images.labels["genre"][reference.rows[:60]]
    assert accuracy.value == pytest.approx(right.mean(), abs=0.02)
    # The three brightnesses are easy to tell.
    assert accuracy.floor == reference.classifier.accuracies["genre"] > 0.8
    assert evaluation["genre_class_coverage"].floor == 1.0
    assert 0.0 <= evaluation["genre_class_entropy"].value <= 1.0


def test_label_sets_that_some_images_lack_are_no_hindrance(genres, labelled, network):
    second = labelled.labels["genre"].copy()
    second[5] = -1
    images = ImageSet(
        images=labelled.images,
        labels={"second_genre": second, **labelled.labels},
        class_names={"second_genre": ("a", "b", "c"), **labelled.class_names},
    )
    measures = evaluate(genres, images, count=60, features=network()).measures
    expected = evaluate(genres, labelled, count=60, features=network()).measures
    assert measures == expected


def test_a_class_that_the_images_lack_is_one_line(genres, labelled, network):
    rows = np.flatnonzero(labelled.labels["genre"] != 1)
    with pytest.raises(UserError, match=r"genre 'portrait'"):
        evaluate(genres, labelled.take(rows), count=60, features=network())


def test_a_class_that_the_model_lacks_is_one_line(genres, labelled, network):
    names = ("landscape", "portrait", "still-life", "nude")
    labels = labelled.labels["genre"].copy()
    labels[0] = 3
    images = ImageSet(
        images=labelled.images, labels={"genre": labels}, class_names={"genre": names}
    )
    with pytest.raises(UserError, match=r"genre 'nude'"):
        evaluate(genres, images, count=60, features=network())


def test_unlabelled_images_for_a_conditional_model_are_one_line(genres, squares, network):
    with pytest.raises(UserError, match=r"'genre'.*none"):
        evaluate(genres, squares(200), count=60, features=network())


def test_images_of_another_size_are_one_line(plain, squares, network):
    with pytest.raises(UserError, match=r"8x8x1.*16x16x1"):
        evaluate(plain, squares(200, size=16), count=60, features=network(16))


def scores(model, images):
    return np.asarray(model.discriminator(images.astype(np.float32) / 255, training=False))


def test_a_critic_is_tested_on_held_out_images(plain, squares, network):
    # Sorted by brightness, as files are by class: the first would not stand for all.
    sorted_images = squares(80, seed=9)
    held_out = ImageSet(images=sorted_images[np.argsort(sorted_images.mean(axis=(1, 2, 3)))])
    reference = Reference(squares(200), count=60, features=network(), held_out=held_out)
    found = evaluate(plain, reference)["critic_distance"]
    fakes = np.rint(plain.generate(60, seed=0) * 255)
    unseen, reals = reference.held_out_images(), reference.real_images()
    assert len(unseen) == 60
    assert unseen.mean() == pytest.approx(held_out.images.mean(), rel=0.05)
    of_unseen, of_reals, of_fakes = (scores(plain, each).mean() for each in (unseen, reals, fakes))
    assert found.value == pytest.approx(of_unseen - of_fakes, rel=1e-4)
    assert found.floor == pytest.approx(of_reals - of_unseen, rel=1e-3)
    assert found.ratio is None


def test_a_critic_without_held_out_images_is_tested_on_reals(plain, squares, network):
    reference = Reference(squares(200), count=60, features=network())
    found = evaluate(plain, reference)["critic_distance"]
    of_reals, of_others, of_fakes = (
        scores(plain, each).mean()
        for each in (
            reference.real_images(),
            reference.other_images(),
            np.rint(plain.generate(60, seed=0) * 255),
        )
    )
    assert found.value == pytest.approx(of_reals - of_fakes, rel=1e-4)
    assert found.floor == pytest.approx(of_reals - of_others, rel=1e-3)


def test_the_style_entropy_of_a_can_is_that_of_its_head(can, squares, network):
    evaluation = evaluate(can, squares(200), count=60, features=network())
    fakes = np.rint(can.generate(60, seed=0) * 255).astype(np.float32) / 255
    _, logits = can.discriminator(fakes, training=False)
    p = 1 / (1 + np.exp(-np.asarray(logits, np.float64)))
    p /= p.sum(axis=1, keepdims=True)
    expected = np.mean(-(p * np.log(p)).sum(axis=1)) / np.log(3)
    assert evaluation["genre_entropy"].value == pytest.approx(expected, rel=1e-5)


def test_features_of_a_classifier_come_with_its_accuracy(plain, labelled, trained_once):
    evaluation = evaluate(plain, labelled, count=60, features="classifier")
    assert evaluation.protocol["features"] == "classifier of genre"
    assert evaluation.protocol["genre_accuracy"] > 0.8
    assert evaluation["genre_class_coverage"].floor == 1.0
    assert "genre_accuracy" not in evaluation.measures
