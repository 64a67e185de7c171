from tests.tiny_models import autoencoder, conditional, cppn, genres, plain  # noqa: F401
