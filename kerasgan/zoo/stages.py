"""The stages of models that draw in several: the second draws the first one's pictures larger."""

from pathlib import Path

from kerasgan.errors import UserError
from kerasgan.shortened import shortened
from kerasgan.zoo.entries import names


def stage_name(name_or_folder: str | Path, stage: int) -> str | Path:
    """Returns what a later stage of a model is called.

    Stage 2 of the model `NAME` is the model `NAME_stage2` beside it: in the zoo, or in the same
    folder.

    Args:
        name_or_folder: A model of the zoo, the folder of a zoo entry, or a run folder.
        stage: The stage, at least 1, which is the model itself.

    Raises:
        UserError: There is no such stage.
    """
    if stage == 1:
        return name_or_folder
    if stage >= 1 and name_or_folder in names():
        if (later := f"{name_or_folder}_stage{stage}") in names():
            return later
    elif stage >= 1:
        folder = Path(name_or_folder)
        later = folder.with_name(f"{folder.resolve().name}_stage{stage}")
        if later.is_dir():
            return later
    raise UserError(
        f"There is no stage {stage} of {shortened(str(name_or_folder))}: it would be the model "
        f"{shortened(Path(name_or_folder).resolve().name)}_stage{stage} beside it"
    )
