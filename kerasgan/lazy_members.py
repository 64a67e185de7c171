"""Members of a package that are imported when they are first used."""

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any


def lazy_members(
    package: str, members: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Returns `__getattr__` and `__dir__` for a package whose members are imported on first use.

    The package imports the same members under `TYPE_CHECKING`, so that editors see them.

    Args:
        package: The package's `__name__`.
        members: By their public names, where they are: `"module"` within the package, for a
            member of the same name; `"module:name"`; or `""`, for a subpackage.
    """

    def get(name: str) -> Any:
        if name not in members:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, original = members[name].partition(":")
        if not module:
            return importlib.import_module(f"{package}.{name}")
        return getattr(importlib.import_module(f"{package}.{module}"), original or name)

    def names() -> list[str]:
        return sorted({*members, *vars(sys.modules[package])})

    return get, names
