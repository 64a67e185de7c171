"""Decoding the parts of a preparation on all processors."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from tqdm import tqdm

from kerasgan.errors import UserError
from kerasgan.wikiart.preparer.parts import Part


def prepare_parts(parts: Sequence[Part], *, workers: int, progress: bool) -> None:
    """Decodes the parts that are not decoded yet.

    Args:
        parts: The parts.
        workers: Processes that decode; 1 decodes in this one.
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


def _in_processes(parts: Sequence[Part], workers: int) -> Iterator[int]:
    # Spawned, not forked: the caller may have TensorFlow's threads, whose locks a fork copies.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_as_worker) as pool:
        futures = [pool.submit(part.prepare) for part in parts]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool as error:
            raise UserError(
                "a process that decodes was ended from outside, perhaps for want of memory: "
                "the same command goes on; give it fewer --workers"
            ) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _as_worker() -> None:
    """Leaves Ctrl-C to the parent, and ends when the parent is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
