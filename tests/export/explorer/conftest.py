"""Pages of tiny models, and a browser that shows them."""

import shutil
import threading

import pytest

from tests.export.explorer.browser import Browsing

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def painter(tiny_discriminator, tiny_encoder):
    """A CPPN of 6x6 grey pictures with an encoder."""
    from kerasgan.models import VAEGAN
    from tests.drawing.cppn_models import LATENT_DIM, SIZE, cppn_model

    return VAEGAN(
        cppn_model().generator,
        tiny_discriminator(size=SIZE),
        tiny_encoder(size=SIZE, latent_dim=LATENT_DIM),
    )


@pytest.fixture(scope="session")
def modulated(tiny_discriminator):
    """A CPPN of 6x6 pictures with waves, whose latent is mapped and modulates its layers."""
    from kerasgan.models import GAN
    from tests.drawing.cppn_models import SIZE, cppn_model

    model = cppn_model(octaves=2, modulated=True, mapping_depth=2, activation="leaky_relu")
    return GAN(model.generator, tiny_discriminator(size=SIZE))


@pytest.fixture(scope="session")
def page_models(conditional, painter, modulated):
    """All of them as the page has them, under the names that they have in these tests."""
    from kerasgan.export.explorer.page_model import page_model_of

    models = {"conditional": conditional, "painter": painter, "modulated": modulated}
    return [page_model_of(model, name) for name, model in models.items()]


@pytest.fixture(scope="session")
def server(page_models):
    """A server of the page."""
    from kerasgan.export.explorer.page import site_files
    from kerasgan.export.explorer.server import PageServer

    with PageServer(site_files(page_models), port=0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def pytest_runtest_setup(item):
    # Before any fixture, because the pages that browsers show take long to make.
    if "chromium" in item.fixturenames and _program() is None:
        pytest.skip("No Chromium is found, so nothing is tested in a browser")


def _program():
    """Where Chromium is, if it is."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@pytest.fixture(scope="package")
def chromium():
    """A browser; the tests that need it are skipped where there is none."""
    api = pytest.importorskip("playwright.sync_api", exc_type=ImportError)
    with api.sync_playwright() as playwright:
        # Root, as in containers, cannot have Chromium's sandbox.
        browser = playwright.chromium.launch(executable_path=_program(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def served(chromium, server):
    """The served page, which several tests share; each goes to what it needs."""
    with Browsing(chromium, permissions=["clipboard-read", "clipboard-write"]) as browsing:
        browsing.open(server.url)
        yield browsing
