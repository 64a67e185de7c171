"""`kerasgan export`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kerasgan.cli.output import Output
from kerasgan.cli.parameter_types import FileName, ModelName
from kerasgan.cli.quiet import export_report, hidden_stderr, import_tensorflow_quietly

if TYPE_CHECKING:
    from kerasgan.models import AdversarialModel


@click.command()
@click.argument("model", type=ModelName())
@click.option(
    "--format",
    "kind",
    required=True,
    type=click.Choice(["litert", "keras", "onnx"]),
    help="litert writes a folder of .tflite files, which draw without TensorFlow, on phones and in "
    "browsers; keras writes the generator as one .keras file; onnx writes it as one .onnx file, "
    "for which pip install 'kerasgan[onnx]'.",
)
@click.option(
    "--out",
    type=FileName(),
    help="The folder or file to write.  [default: MODEL-litert, MODEL.keras or MODEL.onnx, or "
    "MODEL-litert-2 and so on where that exists]",
)
@click.option(
    "--best",
    is_flag=True,
    help="Export a run's weights with the smallest Fréchet distance, not its newest.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Replace the file, or .tflite files in the folder, even if kerasgan did not write them.",
)
def command(model: str, kind: str, out: Path | None, best: bool, force: bool) -> None:
    """Convert MODEL for other programs; for kerasgan, use kerasgan zoo export.

    Other programs, such as apps and web pages, read files of LiteRT, Keras or ONNX. kerasgan itself
    draws from a zoo entry, can train on from it, and shares it on the Hugging Face Hub.

    MODEL is the name of a model in the zoo, the folder of a zoo entry, a run folder, or
    hf://USER/NAME for a zoo entry on the Hugging Face Hub. The file model.json in the folder of
    .tflite files says what the others take and return. The generator in a .keras or .onnx file
    takes latents (and labels where MODEL is conditional) and returns images in [0, 1].
    """
    import_tensorflow_quietly()
    from kerasgan.zoo.card_commands import entry_name
    from kerasgan.zoo.loader import open_model

    name = entry_name(model)
    output = Output(out, f"{name}-litert" if kind == "litert" else f"{name}.{kind}")
    loaded = open_model(model, best=best)
    export = {"keras": _export_keras, "litert": _export_litert, "onnx": _export_onnx}[kind]
    with output.writing() as path:
        said = export(loaded, path, name, force)
    click.echo(f"{output.path}: {said}")


def _export_keras(loaded: "AdversarialModel", out: Path, name: str, force: bool) -> str:
    from kerasgan.export import export_keras, foreign_layers

    report = export_report(name, partial(click.echo, err=True))
    export_keras(loaded, out, force=force, report=report)
    layers = foreign_layers(loaded.sampling_generator)
    needed = f", after import kerasgan.layers (for {', '.join(layers)})" if layers else ""
    return f"load it with keras.saving.load_model{needed}"


def _export_litert(loaded: "AdversarialModel", out: Path, name: str, force: bool) -> str:
    from kerasgan.export import export_litert

    with hidden_stderr() as show:
        report = export_report(name, show)
        folder = export_litert(loaded, out, name=name, force=force, report=report)
    files = sorted(folder.iterdir())
    size = sum(file.stat().st_size for file in files)
    return f"{', '.join(file.name for file in files)}\n{size / 1e6:.1f} MB"


def _export_onnx(loaded: "AdversarialModel", out: Path, name: str, force: bool) -> str:
    from kerasgan.export import export_onnx

    with hidden_stderr() as show:
        report = export_report(name, show)
        path = export_onnx(loaded, out, name=name, force=force, report=report)
    inputs = ", ".join(["latents", *loaded.condition])
    return f"takes {inputs} and returns images; {path.stat().st_size / 1e6:.1f} MB"
