"""A preparation on the machines of an Apache Beam runner."""

from collections.abc import Sequence
from typing import Any

from kerasgan.errors import UserError
from kerasgan.wikiart.preparer.parts import Part


def pipeline_options(text: str) -> Any:
    """Returns Beam's `PipelineOptions` from `name=value` pairs, as the TFDS command takes them.

    Args:
        text: Such as `"runner=DirectRunner,direct_num_workers=2"`.

    Raises:
        UserError: Apache Beam is not installed, or a pair has no name.
    """
    try:
        from apache_beam.options.pipeline_options import PipelineOptions
    except ImportError as error:
        raise UserError(
            f"--beam needs Apache Beam ({error}): pip install 'kerasgan[beam]'"
        ) from error
    flags = [option.strip() for option in text.split(",")]
    if not all(flag and not flag.startswith(("-", "=")) for flag in flags):
        raise UserError(
            f"--beam must look like runner=DirectRunner,direct_num_workers=2. Received: {text!r}"
        )
    return PipelineOptions(flags=[f"--{flag}" for flag in flags])


def prepare_parts_with_beam(parts: Sequence[Part], options: Any) -> None:
    """Decodes the parts that are not decoded yet on the runner's machines.

    Args:
        parts: The parts; their source and folder must be reached by every machine.
        options: Beam's `PipelineOptions`.
    """
    import apache_beam as beam

    with beam.Pipeline(options=options) as pipeline:
        # Shuffled, or the runner would do all of them in the process that lists them.
        _ = (
            pipeline
            | "Parts" >> beam.Create(parts)
            | beam.Reshuffle()
            | "Decode" >> beam.Map(Part.prepare)
        )
