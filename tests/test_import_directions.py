"""Imports run one way, from the commands down to the layers, those inside functions too."""

import ast
import graphlib
from pathlib import Path

import kerasgan

ROOT = Path(kerasgan.__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "kerasgan").rglob("*.py")
}


# Opens the models of the zoo for what the zoo is made of, so it imports it when it is called.
FROM_BELOW = "kerasgan.trained_models"


def imports_of(path):
    """The modules that a file imports, but for those that only type checkers see."""

    def visit(node):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for each in node.orelse:
                yield from visit(each)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            for each in ast.iter_child_nodes(node):
                yield from visit(each)

    return {name for name in visit(ast.parse(path.read_text("utf-8"))) if name in MODULES}


def test_no_two_modules_and_no_two_rooms_import_each_other():
    modules = {name: imports_of(path) for name, path in MODULES.items()}
    assert modules["kerasgan.zoo.loader"] >= {"kerasgan.recipes.build", "kerasgan.zoo.entries"}
    assert modules.pop(FROM_BELOW) == {"kerasgan.zoo.loader"}
    rooms = {}
    for name, imported in modules.items():
        room = ".".join(name.split(".")[:2])
        rooms.setdefault(room, set()).update(".".join(each.split(".")[:2]) for each in imported)
    for graph in (modules, rooms):
        without_itself = {name: found - {name} for name, found in graph.items()}
        graphlib.TopologicalSorter(without_itself).prepare()  # It raises CycleError.
    above = ["zoo", "training", "recipes", "models", "networks", "layers"]
    for number, room in enumerate(above):
        higher = {f"kerasgan.{each}" for each in above[:number]}
        assert not higher & rooms[f"kerasgan.{room}"], room
    assert not rooms["kerasgan.data"] & {f"kerasgan.{each}" for each in above}
