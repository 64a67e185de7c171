"""Decoding the parts of a preparation, on all cores or on the machines of Apache Beam."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from tqdm import tqdm

from kerasgan.errors import UserError
from kerasgan.wikiart.preparer.parts import Part


def prepare_parts(parts: Sequence[Part], *, workers: int, progress: bool) -> None:
    """Decodes the parts that are not decoded yet.

    Args:
        parts: The parts.
        workers: Number of processes that decode; with 1, this process does.
        progress: Whether to show a progress bar on stderr.

    Raises:
        UserError: A part cannot be written, or a process was ended from outside.
    """
    with tqdm(
        desc="Decoding paintings",
        total=sum(len(part.files) for part in parts),
        unit="image",
        file=sys.stderr,
        dynamic_ncols=True,
        disable=not progress,
    ) as bar:
        for count in map(Part.prepare, parts) if workers == 1 else _in_processes(parts, workers):
            bar.update(count)


def prepare_parts_with_beam(parts: Sequence[Part], options: Any) -> None:
    """Decodes the parts that are not decoded yet on the machines of an Apache Beam runner.

    Args:
        parts: The parts; every machine must be able to reach their source and folder.
        options: Beam's `PipelineOptions`.
    """
    import apache_beam as beam  # pyright: ignore[reportMissingImports]

    with beam.Pipeline(options=options) as pipeline:
        # Without the shuffle, the runner would decode everything in the process that lists the
        # parts.
        _ = (
            pipeline
            | "Parts" >> beam.Create(parts)
            | beam.Reshuffle()
            | "Decode" >> beam.Map(Part.prepare)
        )


def pipeline_options(text: str) -> Any:
    """Returns Beam's `PipelineOptions` from `name=value` pairs, as the TFDS command takes them.

    Args:
        text: The pairs, such as `"runner=DirectRunner,direct_num_workers=2"`.

    Raises:
        UserError: Apache Beam is not installed, or a pair has no name.
    """
    try:
        from apache_beam.options.pipeline_options import (  # pyright: ignore[reportMissingImports]
            PipelineOptions,
        )
    except ImportError as error:
        raise UserError(
            f"Apache Beam cannot be imported ({error}): pip install 'kerasgan[beam]'"
        ) from error
    flags = [option.strip() for option in text.split(",")]
    if not all(flag and not flag.startswith(("-", "=")) for flag in flags):
        raise UserError(
            "The options of Apache Beam must look like runner=DirectRunner,direct_num_workers=2. "
            f"Received: {text[:80]!r}"
        )
    return PipelineOptions(flags=[f"--{flag}" for flag in flags])


def _in_processes(parts: Sequence[Part], workers: int) -> Iterator[int]:
    # Spawned, not forked: a fork would copy the locks of TensorFlow's threads, if there are any.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_as_worker) as pool:
        futures = [pool.submit(part.prepare) for part in parts]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool as error:
            raise UserError(
                "A decoding process was ended from outside, perhaps because memory ran out: run "
                "the same command again to resume, with fewer workers"
            ) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _as_worker() -> None:
    """Leaves Ctrl-C to the parent, and ends this process when the parent is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
