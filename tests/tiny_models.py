"""Tiny untrained models of every kind, as fixtures that all folders of tests share.

TensorFlow is imported when a model is built, so that tests without one start at once.
"""

import pytest

from tests.random_seed import seed_keras

CLASSES = {"genre": 3, "style": 2}
GENRES = ("landscape", "portrait", "still-life")


@pytest.fixture(scope="session")
def plain(tiny_generator, tiny_discriminator):
    """A model of 8x8 grey images from latents of 3."""
    from kerasgan.models import WGAN

    return WGAN(tiny_generator(), tiny_discriminator())


@pytest.fixture(scope="session")
def conditional(tiny_generator, tiny_discriminator):
    """A model of the genres above and two styles without names."""
    return _conditional(tiny_generator, tiny_discriminator, CLASSES)


@pytest.fixture(scope="session")
def genres(tiny_generator, tiny_discriminator):
    """A model of the genres alone."""
    return _conditional(tiny_generator, tiny_discriminator, {"genre": 3})


@pytest.fixture(scope="session")
def cppn(tiny_discriminator):
    """A compositional pattern-producing network of 8x8 grey images."""

    from kerasgan.models import WGAN
    from kerasgan.networks import cppn_generator

    seed_keras(0)
    generator = cppn_generator(image_size=8, latent_dim=3, width=8, coordinate_scale=4.0)
    return WGAN(generator, tiny_discriminator())


@pytest.fixture(scope="session")
def autoencoder(tiny_generator, tiny_discriminator, tiny_encoder):
    """A model with an encoder."""
    from kerasgan.models import VAEGAN

    return VAEGAN(tiny_generator(), tiny_discriminator(), tiny_encoder())


@pytest.fixture
def models(plain, genres, conditional, cppn, autoencoder, monkeypatch):
    """Lets tiny models stand for the zoo."""
    from kerasgan.errors import UserError
    from kerasgan.zoo.entries import names

    known = {
        "plain": plain,
        "genres": genres,
        "conditional": conditional,
        "cppn": cppn,
        "autoencoder": autoencoder,
    }

    def open_model(name, *, precision="float32", best=False):
        if str(name) not in known:
            raise UserError(f"There is no model {name!r}")
        return known[str(name)]

    # First, for it has a name of its own for what the other has.
    monkeypatch.setattr("kerasgan.zoo.evaluator.open_model", open_model)
    monkeypatch.setattr("kerasgan.zoo.loader.open_model", open_model)
    shipped = {*known, *names()}
    monkeypatch.setattr("kerasgan.zoo.entries.is_shipped", lambda name: str(name) in shipped)
    return known


def _conditional(tiny_generator, tiny_discriminator, classes):
    from kerasgan.models import WassersteinACGAN

    return WassersteinACGAN(
        tiny_generator(classes=classes),
        tiny_discriminator(classes=classes, normalize=False),
        class_names={"genre": GENRES},
    )
