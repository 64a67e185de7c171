"""The examples in the docstrings of the package run, and give what they show."""

import doctest
import functools
import importlib
from pathlib import Path

import numpy as np
import pytest

import kerasgan
from tests.tiny_recipe import write_pictures

PACKAGE = Path(kerasgan.__file__).parent
FILES = sorted(
    path.relative_to(PACKAGE.parent).with_suffix("")
    for path in PACKAGE.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)
MODULES = [".".join(file.parts).removesuffix(".__init__") for file in FILES]


class Checker(doctest.OutputChecker):
    """Accepts any output where an example shows none."""

    def check_output(self, want, got, optionflags):
        return not want or super().check_output(want, got, optionflags)


@pytest.fixture(scope="module")
def load():
    from kerasgan.zoo import loader

    return functools.cache(loader.load)


@pytest.fixture
def names(plain, load, recipe, tmp_path, monkeypatch):
    """What examples take for granted: modules, a model, its images, and a short training."""
    import keras

    plain.compile()
    monkeypatch.chdir(tmp_path)
    write_pictures(tmp_path / "my_images")
    monkeypatch.setattr("kerasgan.zoo.loader.load", load)
    monkeypatch.setattr("kerasgan.recipes.read_recipe", lambda name, changes=(): recipe(*changes))
    monkeypatch.setattr(plain, "fit", functools.partial(short_fit, plain))
    return {
        "dataset": np.zeros((8, 8, 8, 1), np.float32),
        "gan": plain,
        "images": np.random.default_rng(0).integers(0, 256, (120, 8, 8, 1), np.uint8),
        "keras": keras,
        "kerasgan": kerasgan,
    }


def short_fit(model, images, *, epochs, callbacks):
    """As `fit`, for a single epoch."""
    assert epochs > 1
    return type(model).fit(model, images, epochs=1, callbacks=callbacks, verbose=0)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_give_what_they_show(name, names, cache_folder):
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner(Checker(), optionflags=doctest.ELLIPSIS)
    printed = []
    for examples in doctest.DocTestFinder().find(module, name):
        examples.globs.update({**names, **examples.globs})
        runner.run(examples, out=printed.append)
    assert runner.tries > 0
    assert runner.failures == 0, "".join(printed)
