"""Labels as numbers, in columns and as one-hot rows train alike."""

import keras
import numpy as np
import pytest

from kerasgan.models import ACGAN, CAN, WassersteinACGAN
from tests.models.games import CLASSES, LABELS, OPTIONS, PLAIN, is_same, state
from tests.random_seed import seed_keras

IMAGES = np.random.default_rng(0).integers(0, 256, (16, 2, 2, 1), np.uint8)


@pytest.fixture(scope="module")
def build(linear_generator, linear_discriminator):
    """Builds an objective with small networks, of which a graph is soon built."""

    def build(objective, classes=CLASSES, **compile_options):
        seed_keras(0)
        networks = (
            linear_generator(classes=None if objective is CAN else classes),
            linear_discriminator(classes=classes),
        )
        model = objective(*networks, image_range=(0, 1), seed=0, **OPTIONS[objective])
        model.compile(
            generator_optimizer=keras.optimizers.Adam(0.01, 0.5),
            discriminator_optimizer="rmsprop",
            **compile_options,
        )
        return model

    return build


def columns(labels):
    return {name: each[:, None] for name, each in labels.items()}


def rows(labels):
    return {name: keras.utils.to_categorical(each, CLASSES[name]) for name, each in labels.items()}


def train_on(model, *forms):
    """Trains on a batch in each form of labels and gives the state after each."""
    states = []
    for number, form in enumerate(forms):
        part = slice(4 * number, 4 * number + 4)
        labels = {name: each[part] for name, each in LABELS.items()}
        model.fit(IMAGES[part], form(labels), **PLAIN)
        states.append(state(model))
    return states


@pytest.mark.parametrize("objective", [ACGAN, CAN, WassersteinACGAN], ids=lambda it: it.__name__)
def test_labels_in_columns_and_one_hot_rows_train_to_the_same_bits(build, objective):
    forms = [(dict, dict, dict), (columns, rows, dict)]
    expected, found = (train_on(build(objective, run_eagerly=True), *each) for each in forms)
    assert all(map(is_same, found, expected))


def test_a_graph_takes_one_form_after_the_other(build):
    expected = train_on(build(ACGAN), dict, dict, dict, dict)
    # It relaxes the shape that it accepts at each further form: to any length, to any rank.
    assert all(map(is_same, train_on(build(ACGAN), rows, columns, dict, rows), expected))


def test_the_only_label_set_may_be_a_column_as_cifar10_has_it(build):
    def train_on(labels, **options):
        model = build(ACGAN, {"style": 3}, **options)
        model.fit(IMAGES[:4], labels, **PLAIN)
        return state(model)

    labels = LABELS["style"][:4]
    column = np.uint8(labels[:, None])
    assert is_same(train_on(column), train_on({"style": labels}))
    expected = train_on(labels, run_eagerly=True)
    for form in ({"style": labels}, np.eye(3)[labels]):
        assert is_same(train_on(form, run_eagerly=True), expected)
