from tests.litert_models import litert_files  # noqa: F401
from tests.tiny_models import autoencoder, conditional, cppn, genres, plain  # noqa: F401
