"""The paths of models that a run was made from, which is later opened from any folder."""

from kerasgan.files.user_path import user_path
from kerasgan.recipes.shipped import shipped_models


def absolute_unless_name(model: str) -> str:
    """Returns the name of a shipped model as it is, and a folder as its absolute path.

    As everywhere, a folder of a shipped model's name is meant only with a path, as `./NAME`.
    """
    folder = user_path(model)
    is_folder = model not in shipped_models() and folder.is_dir()
    return str(folder.absolute()) if is_folder else model
