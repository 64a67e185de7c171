"""Random tests that can be repeated: their seed is an option, and failures show it."""

import random
import sys
from unittest import mock

import numpy as np
import pytest


def pytest_addoption(parser):
    parser.addoption(
        "--seed",
        type=int,
        help="Seed of everything random in the tests. By default a new one for each run; a failure "
        "shows it.",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    # The processes of pytest-xdist get the options of the first one, and so the same seed.
    if config.option.seed is None:
        config.option.seed = random.SystemRandom().randrange(2**31)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        seed = item.config.option.seed
        report.sections.append(("Random seed", f"{seed}; repeat with: pytest --seed={seed} ..."))
    return report


@pytest.fixture
def random_seed(request):
    """The seed of this run, for tests that try random cases."""
    return request.config.option.seed


def seed_keras(seed):
    """Seeds Python, NumPy and Keras, and leaves TensorFlow's own generator as it is.

    To seed that one takes the graphs of all models with it, which are then prepared anew: seconds
    of a test. Nothing here draws from it but the shuffling of arrays in `fit`.
    """
    import keras

    with mock.patch("tensorflow.random.set_seed"):
        keras.utils.set_random_seed(seed)


@pytest.fixture(scope="module", autouse=True)
def _seeded_file(request):
    """Seeds all generators, TensorFlow's too, so that a file's tests do not depend on others."""
    if keras := sys.modules.get("keras"):
        keras.utils.set_random_seed(request.config.option.seed)


@pytest.fixture(autouse=True)
def _seeded(request):
    """Seeds the generators that have a global state, so that a test does not depend on others."""
    seed = request.config.option.seed
    random.seed(seed)
    np.random.seed(seed)
    if "keras" in sys.modules:
        seed_keras(seed)
