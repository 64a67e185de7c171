import numpy as np
import pytest

from kerasgan.drawing.selection import CriticScores, best_candidate, critic_scores
from kerasgan.models import WGAN, ProjectedCGAN, WassersteinACGAN


def verdict(realness, confidence=None):
    return CriticScores(np.array(realness), None if confidence is None else np.array(confidence))


@pytest.mark.parametrize(
    ("realness", "confidence", "chosen"),
    [
        ([0.1, 3.0, 2.0], None, 1),
        ([-5.0, -3.0, -4.0], None, 1),
        # The most real is taken for another class.
        ([9.0, 1.0, 2.0], [0.2, 0.99, 0.96], 2),
        # None is told with 0.95; the demand falls to 0.855, then to 0.77.
        ([9.0, 1.0, 2.0], [0.8, 0.9, 0.86], 2),
        ([9.0, 1.0, 2.0], [0.8, 0.7, 0.6], 0),
        ([1.0, 2.0], [0.0, 0.0], 1),
        ([np.nan, 2.0], [1.0, 1.0], 1),
        ([1.0, 2.0], [np.nan, np.nan], 1),
    ],
)
def test_the_right_class_comes_first_then_realness(realness, confidence, chosen):
    assert best_candidate(verdict(realness, confidence)) == chosen


@pytest.fixture
def judge(linear_generator, linear_discriminator):
    """A function to what a critic of an objective says of five pictures of known classes.

    It returns that, the scores, and by label set the scores of the classes and the classes.
    """

    def judged(objective):
        rng = np.random.default_rng(0)
        classes = {"genre": 3, "style": 2}
        v, c = rng.normal(size=(4, 1)), rng.normal(size=1)
        heads = {name: (rng.normal(size=(4, n)), rng.normal(size=n)) for name, n in classes.items()}
        weights = [v, c, *(w for head in heads.values() for w in head)]
        model = objective(
            linear_generator(classes=classes, activation="tanh"),
            linear_discriminator(weights, classes=classes),
        )
        images = rng.random((5, 2, 2, 1)).astype(np.float32)
        labels = {"genre": np.array([0, 1, 2, 0, 1]), "style": np.array([1, 0, 1, 0, 1])}
        x = images.reshape(5, 4) * 2 - 1  # The critic sees the generator's range.
        found = critic_scores(model, images, labels, batch_size=2)
        of_classes = {name: x @ kernel + bias for name, (kernel, bias) in heads.items()}
        return found, (x @ v + c)[:, 0], of_classes, labels

    return judged


def test_a_verdict_is_the_critics_scores_and_the_least_softmax_of_the_classes(judge):
    found, scores, of_classes, labels = judge(WassersteinACGAN)
    np.testing.assert_allclose(found.realness, scores, rtol=1e-4)
    probabilities = []
    for name, logits in of_classes.items():
        powers = np.exp(logits)
        probabilities.append((powers / powers.sum(1, keepdims=True))[range(5), labels[name]])
    np.testing.assert_allclose(found.confidence, np.min(probabilities, axis=0), rtol=1e-4)


def test_a_critic_that_does_not_classify_judges_pictures_as_ones_of_their_classes(judge):
    found, scores, of_classes, labels = judge(ProjectedCGAN)
    for name, each in of_classes.items():
        scores = scores + each[range(5), labels[name]]
    np.testing.assert_allclose(found.realness, scores, rtol=1e-4)
    assert found.confidence is None


def test_without_classes_there_is_no_confidence(linear_generator, linear_discriminator):
    model = WGAN(linear_generator(activation="sigmoid"), linear_discriminator())
    assert critic_scores(model, np.zeros((2, 2, 2, 1)), {}).confidence is None
