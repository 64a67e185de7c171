"""Modules that not every installation has."""

import importlib.util

import pytest


def skip_without(*modules):
    """Skips a file of tests if a module is missing.

    The modules are found and not imported, which takes seconds of every process that collects the
    tests.
    """
    for module in modules:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"needs {module}", allow_module_level=True)
