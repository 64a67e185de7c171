"""Processes that have imported what they need already."""

import contextlib
import multiprocessing
from multiprocessing import forkserver


@contextlib.contextmanager
def fork_server(*modules):
    """Gives a context of `multiprocessing` whose processes have imported these modules."""
    # Another one in this process may have imported other modules.
    forkserver._forkserver._stop()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*modules, "tests.frozen_imports"])
    yield context
    forkserver._forkserver._stop()
