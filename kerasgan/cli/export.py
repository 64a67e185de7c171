"""`kerasgan export`."""

from pathlib import Path

import click

from kerasgan.cli.parameter_types import FileName, ModelName
from kerasgan.cli.quiet import hidden_stderr, import_tensorflow_quietly


@click.command()
@click.argument("model", type=ModelName())
@click.option(
    "--format",
    "kind",
    required=True,
    type=click.Choice(["litert"]),
    help="litert writes .tflite files, which draw without TensorFlow, on phones and in browsers.",
)
@click.option(
    "--out",
    type=FileName(),
    help="The folder to write.  [default: MODEL-litert, or MODEL-litert-2 and so on where that "
    "exists]",
)
@click.option(
    "--best",
    is_flag=True,
    help="Export a run's weights with the smallest Fréchet distance, not its newest.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Replace .tflite files in the folder, even if kerasgan did not write them.",
)
def command(model: str, kind: str, out: Path | None, best: bool, force: bool) -> None:
    """Write MODEL in a format that other programs draw from.

    MODEL is the name of a model in the zoo, the folder of a zoo entry or a run folder. The file
    model.json in the folder says what the others take and return.
    """
    import_tensorflow_quietly()
    from kerasgan.drawing.overwriting import free_name
    from kerasgan.export import export_litert
    from kerasgan.zoo.loader import open_model

    name = Path(model).resolve().name
    out = free_name(f"{name}-{kind}") if out is None else out
    loaded = open_model(model, best=best)
    with hidden_stderr():
        folder = export_litert(loaded, out, name=name, force=force)
    size = sum(file.stat().st_size for file in folder.iterdir())
    click.echo(f"{folder}: {', '.join(sorted(file.name for file in folder.iterdir()))}")
    click.echo(f"{size / 1e6:.1f} MB")
