import importlib
from pathlib import Path

import pytest

import kerasgan

FOLDER = Path(kerasgan.__file__).parent
MODULES = [name for name in kerasgan.__all__ if name not in ("__version__", "explore")]
ROOMS = [f"kerasgan.{name}" for name in MODULES if (FOLDER / name).is_dir()]


@pytest.mark.parametrize("room", ["kerasgan", *(f"kerasgan.{name}" for name in MODULES)])
def test_every_public_name_is_there_and_is_listed(room):
    module = importlib.import_module(room)
    assert module.__all__
    for name in module.__all__:
        assert getattr(module, name) is not None
        assert name in dir(module)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = module.no_such_name


@pytest.mark.parametrize("room", ROOMS)  # The modules beside the package's are its rooms.
def test_no_public_name_is_that_of_a_module_beside_it(room):
    # Importing such a module would hide the function.
    module = importlib.import_module(room)
    modules = {path.stem for path in Path(module.__file__).parent.glob("*.py")}
    assert not modules.intersection(module.__all__)


def test_functions_are_not_hidden_by_the_modules_they_are_in(fresh_process):
    program = """
import kerasgan
assert callable(kerasgan.training.train) and callable(kerasgan.training.plan)
assert callable(kerasgan.metrics.evaluate) and callable(kerasgan.zoo.evaluate)
assert callable(kerasgan.zoo.export) and callable(kerasgan.zoo.load)
assert "pokemon_wgan" in kerasgan.recipes.list()
assert kerasgan.recipes.read_recipe("pokemon_wgan").data.image_size == 128
"""
    done = fresh_process(program)
    assert done.returncode == 0, done.stderr


def test_the_package_is_marked_as_typed():
    assert (Path(kerasgan.__file__).parent / "py.typed").is_file()
