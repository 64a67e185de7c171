import pytest

from tests.drawing.cppn_models import cppn_model


@pytest.fixture(scope="session")
def grey_cppn():
    """A compositional pattern-producing network whose pictures have contrast."""
    return cppn_model()


@pytest.fixture(scope="session")
def colour_cppn():
    """The same in colour."""
    return cppn_model(channels=3)
