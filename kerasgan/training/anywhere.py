"""Where the models are that a run was made from, for a run that is opened from anywhere."""

from kerasgan.files.user_path import user_path
from kerasgan.recipes.shipped import recipes
from kerasgan.training.run_folder import RunFolder


def from_anywhere(model: str) -> str:
    """Returns a model's name, or the absolute path of its folder."""
    folder = user_path(model)
    is_name = model in recipes() and not RunFolder(folder).exists
    return model if is_name or not folder.is_dir() else str(folder.absolute())
