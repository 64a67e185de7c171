import contextlib
import hashlib
import json
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import kerasgan

pytestmark = pytest.mark.early

PACKAGE = Path(kerasgan.__file__).parent
SCRIPT = """
from pathlib import Path

import kerasgan
from kerasgan import recipes, training, zoo
from kerasgan.callbacks import SampleGrid


def main(folder: Path) -> None:
    gan = kerasgan.zoo.load("pokemon_wgan")
    reveal_type(gan)
    pictures = gan.generate(16, seed=0)
    print(pictures.shape, [name.upper() for name in zoo.list()])
    recipe = recipes.read_recipe("pokemon_wgan", ["training.iterations=10"])
    print(training.plan(recipe, folder, data=folder / "images"))
    trained = training.train(recipe, folder, data=folder / "images", progress=True)
    trained.model.fit(pictures, callbacks=[SampleGrid(folder, every=100)])
    reveal_type(training.load_run(folder))
    reveal_type(recipes.build_model(recipe))
    zoo.export(folder, "mine")
    zoo.no_such_function()
"""


def is_of_keras(report):
    """Tells whether it is that Keras 3.16 defines its `Variable` in a way that pyright refuses."""
    line = Path(report["file"]).read_text().splitlines()[report["range"]["start"]["line"]]
    return report.get("rule") == "reportInvalidTypeForm" and "keras.Variable" in line


@pytest.fixture
def seen(request):
    """What pyright sees, as a checksum, and what it was when nothing was wrong the last time."""
    digest = hashlib.sha256(SCRIPT.encode())
    for path in [PACKAGE.parent / "pyproject.toml", *sorted(PACKAGE.rglob("*.py"))]:
        digest.update(str(path.relative_to(PACKAGE.parent)).encode() + path.read_bytes())
    for package in ("keras", "numpy", "pyright", "tensorflow"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            digest.update(metadata.version(package).encode())
    return digest.hexdigest(), request.config.cache.get("kerasgan/types", None)


def test_the_package_and_a_users_script_are_free_of_type_errors(tmp_path, request, seen):
    if seen[0] == seen[1]:
        return  # Nothing has changed since they were, and pyright takes half a minute.
    pyright = shutil.which("pyright", path=str(Path(sys.executable).parent)) or shutil.which(
        "pyright"
    )
    if pyright is None:
        pytest.skip("pyright is not installed")
    # The package from PyPI downloads the program when it is first asked for.
    if subprocess.run([pyright, "--version"], capture_output=True).returncode:
        pytest.skip("pyright cannot run here")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [pyright, "--pythonpath", sys.executable, "--outputjson", str(PACKAGE), str(script)],
        capture_output=True,
        text=True,
        cwd=PACKAGE.parent,
    )
    reports = json.loads(done.stdout)["generalDiagnostics"]
    in_package = [each for each in reports if Path(each["file"]).is_relative_to(PACKAGE)]
    found = [
        f"{each['file']}:{each['range']['start']['line'] + 1}: {each['message']}"
        for each in in_package
        if each["severity"] == "error" and not is_of_keras(each)
    ]
    assert found == []

    in_script = [each for each in reports if Path(each["file"]) == script]
    revealed = [each["message"] for each in in_script if each["severity"] == "information"]
    assert [text.rpartition(" is ")[2] for text in revealed] == ['"AdversarialModel"'] * 3
    errors = [each["message"] for each in in_script if each["severity"] == "error"]
    assert len(errors) == 1
    assert "no_such_function" in errors[0]
    request.config.cache.set("kerasgan/types", seen[0])
