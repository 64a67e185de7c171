from tests.tiny_models import conditional, cppn, genres, plain  # noqa: F401
