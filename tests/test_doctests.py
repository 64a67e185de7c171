"""The examples in the docstrings of the package run, and give what they show."""

import doctest
import functools
import importlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import kerasgan
from tests.tiny_recipe import eager_training, write_pictures

PACKAGE = Path(kerasgan.__file__).parent
FILES = sorted(
    path.relative_to(PACKAGE.parent).with_suffix("")
    for path in PACKAGE.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)
# The networks of FastGAN and of projected GANs take half of a minute, a server serves for ever, the
# example of LiteRT reads what that of `kerasgan.export.litert` writes, and pushing needs the Hub.
SLOW = tuple(
    f"models/{name}"
    for name in ("fastgan", "projected_gan", "projected_cgan", "vision_aided_fastgan")
)
for name in (*SLOW, "export/explorer/server", "drawing/litert/model", "zoo/pusher"):
    FILES.remove(Path("kerasgan") / name)
MODULES = [".".join(file.parts).removesuffix(".__init__") for file in FILES]


class Checker(doctest.OutputChecker):
    """Accepts any output where an example shows none, and progress bars before what one shows."""

    def check_output(self, want, got, optionflags):
        if not want or got.endswith(("\n" + want, "\r" + want)):
            return True
        return super().check_output(want, got, optionflags)


@pytest.fixture(scope="module")
def load():
    from kerasgan.zoo import loader

    return functools.cache(loader.load)


@pytest.fixture
def names(request, plain, load, recipe, tiny_generator, tiny_discriminator, tmp_path, monkeypatch):
    """What examples take for granted: modules, networks, images, and short trainings."""
    name = request.node.callspec.params["name"]
    if name == "kerasgan.export.litert":

        def load(name):
            # The shipped model takes seconds to convert.
            return plain

    import keras

    from kerasgan import networks
    from kerasgan.callbacks import Evaluate

    fit = keras.Model.fit

    @functools.wraps(fit)
    def short_fit(self, *arguments, **options):
        # Examples train for at least ten epochs; the short training of a recipe stays as it is.
        if options.get("epochs", 1) >= 10:
            # One iteration: the data are one batch.
            options |= {"epochs": getattr(self, "n_critic", 1), "verbose": 0}
        return fit(self, *arguments, **options)

    monkeypatch.chdir(tmp_path)
    write_pictures(tmp_path / "my_images")
    (tmp_path / "samples.png").touch()
    monkeypatch.setattr(keras.Model, "fit", short_fit)
    monkeypatch.setattr(Image.Image, "show", lambda self: None)
    monkeypatch.setattr("kerasgan.zoo.loader.load", load)
    monkeypatch.setattr("kerasgan.recipes.read_recipe", lambda name, changes=(): recipe(*changes))
    monkeypatch.setattr(
        "kerasgan.callbacks.Evaluate", lambda *arguments, every: Evaluate(*arguments, every=1)
    )
    plain.compile()
    return {
        **{name: getattr(networks, name) for name in networks.__all__},
        "dataset": np.zeros((8, 8, 8, 1), np.float32),
        "discriminator": tiny_discriminator(normalize=False),
        "gan": plain,
        "generator": tiny_generator(),
        "images": np.random.default_rng(0).integers(0, 256, (120, 8, 8, 1), np.uint8),
        "keras": keras,
        "kerasgan": kerasgan,
        "np": np,
    }


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_give_what_they_show(name, names, cache_folder):
    if name == "kerasgan.export.onnx_file":
        names["onnxruntime"] = pytest.importorskip("onnxruntime")
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner(Checker(), optionflags=doctest.ELLIPSIS)
    printed = []
    with eager_training():
        for examples in doctest.DocTestFinder().find(module, name):
            examples.globs = {**names, **examples.globs}
            runner.run(examples, out=printed.append)
    assert runner.tries > 0
    assert runner.failures == 0, "".join(printed)
