import ast
import subprocess
import sys
from pathlib import Path

import kerasgan.drawing
from kerasgan import drawing


def test_writing_pictures_loads_no_tensorflow():
    script = (
        "import sys; from kerasgan.drawing import Size, grid, read_provenance, save_picture\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there():
    for name in drawing.__all__:
        assert getattr(drawing, name).__name__ == name


def test_drawing_knows_models_and_nothing_above_them():
    above = {"cli", "zoo", "export", "training", "recipes", "metrics"}
    for path in Path(kerasgan.drawing.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            rooms = {name.split(".")[1] for name in names if name.startswith("kerasgan.")}
            assert not rooms & above, path
