"""The paths of models that a run was made from, which is later opened from any folder."""

from kerasgan.files.user_path import user_path
from kerasgan.recipes.shipped import recipes
from kerasgan.training.run_folder import RunFolder


def absolute_unless_name(model: str) -> str:
    """Returns the name of a shipped model as it is, and a folder as its absolute path."""
    folder = user_path(model)
    is_name = model in recipes() and not RunFolder(folder).exists
    return model if is_name or not folder.is_dir() else str(folder.absolute())
