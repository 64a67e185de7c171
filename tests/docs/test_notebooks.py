"""The notebooks run as a reader runs them, with a small setting of their parameters."""

import json
import re
from pathlib import Path

import pytest

from tests.optional import skip_without

skip_without("nbformat", "nbclient", "ipykernel")

pytestmark = pytest.mark.early

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "docs" / "notebooks"
_MOST_BYTES = 12_000
# In a graph, which takes a third of a minute to build, this network is trained in its own test.
_SMALL = """
from tests.tiny_recipe import WITHOUT_LITERT, eager_training

import kerasgan.zoo.exporter

kerasgan.zoo.exporter._write_litert = WITHOUT_LITERT[1]
eagerly = eager_training()
eagerly.__enter__()
FOLDER, SIZE, ITERATIONS, WIDTH = "my_pictures", 64, 2, 4
"""


def test_notebooks_are_stored_without_outputs():
    notebooks = [*NOTEBOOKS.glob("*.ipynb")]
    assert notebooks
    for path in notebooks:
        assert path.stat().st_size < _MOST_BYTES
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


def test_the_drawing_notebook_shows_pictures_and_no_messages(tmp_path, monkeypatch):
    notebook = executed("draw_and_explore", tmp_path, monkeypatch)
    assert pictures(notebook) == 5
    assert "<iframe" in json.dumps(notebook)  # The page to explore on.
    assert messages(notebook) == ""
    assert (tmp_path / "picks" / "latents.json").is_file()


def test_the_training_notebook_goes_from_a_folder_to_a_model(tmp_path, monkeypatch):
    notebook = executed("train_on_your_pictures", tmp_path, monkeypatch, parameters=_SMALL)
    assert pictures(notebook) >= 2
    printed = messages(notebook)
    assert "it/s" in printed or "s/it" in printed  # The progress, and nothing of TensorFlow's.
    assert not re.search("oneDNN|tensorflow|WARNING|Traceback", printed)
    assert (tmp_path / "my_model" / "saved_model.pb").is_file()


def executed(name, folder, monkeypatch, parameters=None):
    """Runs a notebook in a folder, with other parameters if they are given."""
    import nbclient
    import nbformat

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    for cell in notebook.cells:
        if parameters and "parameters" in cell.metadata.get("tags", []):
            cell.source = parameters
    client = nbclient.NotebookClient(
        notebook,
        timeout=300,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(folder)}},
    )
    return client.execute()


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def pictures(notebook):
    """How many pictures a notebook shows."""
    data = [output.get("data", {}) for output in outputs(notebook)]
    return sum(any(kind.startswith("image/") for kind in each) for each in data)


def messages(notebook):
    """What a notebook printed."""
    return "".join(each["text"] for each in outputs(notebook) if each["output_type"] == "stream")
