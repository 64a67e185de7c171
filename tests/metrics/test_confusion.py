import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from kerasgan.data import ImageSet
from kerasgan.drawing.overwriting import is_signed
from kerasgan.errors import UserError
from kerasgan.metrics import Confusion, Reference, draw_confusions, evaluate, held_out_confusions
from kerasgan.metrics.confusion import check_classifies
from kerasgan.models import CAN
from kerasgan.training.callbacks.held_out_accuracy import HeldOutAccuracy

NAMES = ("abstract_painting", "portrait", "still_life")


def test_counts_and_accuracies_are_those_of_a_loop():
    random = np.random.default_rng(0)
    labels, predicted = random.choice(3, 200, p=[0.7, 0.3, 0.0]), random.integers(0, 3, 200)
    confusion = Confusion.of(labels, predicted, NAMES)
    counts = np.zeros((3, 3), int)
    for true, told in zip(labels, predicted, strict=True):
        counts[true, told] += 1
    np.testing.assert_array_equal(confusion.counts, counts)
    assert confusion.accuracy == pytest.approx(np.mean(labels == predicted))
    # The third class has no image, and so no say.
    of_class = [np.mean(predicted[labels == number] == number) for number in range(2)]
    assert confusion.balanced_accuracy == pytest.approx(np.mean(of_class))
    assert confusion.commonest == pytest.approx(np.mean(labels == 0))
    np.testing.assert_allclose(confusion.rates.sum(axis=1), [1, 1, 0])
    assert confusion.as_dict() == json.loads(json.dumps(confusion.as_dict()))


def test_class_heads_are_tested_by_the_names_of_classes(genres, labelled):
    held_out = labelled.take(np.arange(50))
    told = np.argmax(genres.discriminate(np.asarray(held_out.images)).class_logits["genre"], axis=1)
    names = genres.class_names["genre"]
    backwards = replace(
        held_out,
        labels={"genre": 2 - held_out.labels["genre"]},
        class_names={"genre": names[::-1]},
    )
    for images in (held_out, backwards):
        confusion = held_out_confusions(genres, images)["genre"]
        assert confusion.class_names == names
        assert confusion.accuracy == np.mean(told == held_out.labels["genre"])
        assert confusion.counts.sum(axis=0).tolist() == np.bincount(told, minlength=3).tolist()
        callback = HeldOutAccuracy(images, every=1)
        callback.set_model(genres)
        callback.on_train_begin()
        assert callback.accuracies() == {"held_out_genre_accuracy": confusion.accuracy}
    callback = HeldOutAccuracy(replace(held_out, labels={}, class_names={}), every=1)
    callback.set_model(genres)
    with pytest.raises(UserError, match="'genre'"):
        callback.on_train_begin()


@pytest.mark.parametrize("kind", ["softmax", "sigmoid"])
def test_probabilities_are_weighted_by_frequencies_as_bayes_has_it(
    kind, genres, labelled, tiny_generator, tiny_discriminator
):
    gan = genres
    if kind == "sigmoid":
        discriminator = tiny_discriminator(classes={"genre": 3}, normalize=False)
        gan = CAN(tiny_generator(), discriminator, class_names=genres.class_names)
    logits = gan.discriminate(np.asarray(labelled.images)).class_logits["genre"].astype(float)
    chances = 1 / (1 + np.exp(-logits)) if kind == "sigmoid" else np.exp(logits)
    told = np.argmax(chances * [0.5, 0.3, 0.2], axis=1)
    frequencies = {"genre": {"portrait": 0.3, "still-life": 0.2, "landscape": 0.5}}
    confusion = held_out_confusions(gan, labelled, frequencies=frequencies)["genre"]
    assert confusion.counts.sum(axis=0).tolist() == np.bincount(told, minlength=3).tolist()
    assert confusion.accuracy == np.mean(told == labelled.labels["genre"])
    never = held_out_confusions(gan, labelled, frequencies={"genre": {"portrait": 1.0}})["genre"]
    assert never.counts.sum(axis=0).tolist() == [0, 240, 0]


def test_an_evaluation_has_them_beside_a_small_classifier(genres, labelled, network, trained_once):
    held_out = labelled.take(np.arange(40))
    reference = Reference(
        labelled.take(np.arange(40, 240)), count=60, features=network(), held_out=held_out
    )
    evaluation = evaluate(genres, reference, balanced="genre")
    measure = evaluation["held_out_genre_accuracy"]
    assert measure.value == held_out_confusions(genres, held_out)["genre"].accuracy
    assert measure.floor == reference.classifier.accuracies["genre"]
    assert evaluation.as_dict()["confusions"]["genre"]["images"] == 40
    shares = np.bincount(reference.images.labels["genre"]) / 200
    frequencies = {"genre": dict(zip(labelled.class_names["genre"], shares, strict=True))}
    weighted = held_out_confusions(genres, held_out, frequencies=frequencies)["genre"]
    assert evaluation["held_out_genre_accuracy_by_frequency"].value == weighted.accuracy
    # A class of no image does not matter, be it unknown to the model or not.
    names = {"genre": (*labelled.class_names["genre"], "ruin")}
    reference.images = replace(reference.images, class_names=names)
    again = evaluate(genres, reference)
    assert again["frechet_distance"].value == evaluation["frechet_distance"].value
    reference.held_out = replace(held_out, labels={"genre": np.full(40, 3)}, class_names=names)
    with pytest.warns(UserWarning, match="class heads are left out: .* the genre 'ruin'"):
        assert "held_out_genre_accuracy" not in evaluate(genres, reference).measures


def test_the_picture_is_darkest_where_most_images_are(tmp_path):
    always_right = Confusion.of(np.arange(3), np.arange(3), NAMES)
    path = tmp_path / "confusion.png"
    draw_confusions({"genre": always_right}, path)
    assert is_signed(path)
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("RGB")).astype(int)
    # Matplotlib's darkest blue fills the three cells of the diagonal, from the top left down.
    rows, columns = np.nonzero((pixels == [8, 48, 107]).all(axis=2))
    assert np.corrcoef(rows, columns)[0, 1] > 0.8
    draw_confusions({"genre": always_right, "style": always_right}, path)
    with Image.open(path) as picture:
        assert picture.height > 1.8 * len(pixels)


def test_models_and_images_that_cannot_be_tested_are_one_sentence(plain, genres, labelled):
    with pytest.raises(UserError, match="a WGAN has no class heads that classify"):
        check_classifies(plain, labelled)
    with pytest.raises(UserError, match=r"no held-out images .* data\.holdout"):
        check_classifies(genres, None)
    with pytest.raises(UserError, match="a label in the label set 'genre'"):
        held_out_confusions(genres, labelled.select())
    names = {"genre": ("landscape", "portrait", "seascape")}
    unknown = ImageSet(labelled.images, labels=labelled.labels, class_names=names)
    with pytest.raises(UserError, match="genre 'seascape', which the model does not know"):
        held_out_confusions(genres, unknown)
