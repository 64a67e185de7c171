"""Calling the builder that a table of a recipe names, its arguments checked."""

import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

import keras
import msgspec
import tensorflow as tf

from kerasgan.errors import UserError, did_you_mean, shortened, shortened_message
from kerasgan.models import AdversarialModel
from kerasgan.recipes.parameters import parameters


def construct(
    section: str,
    table: dict[str, Any],
    key: str,
    module: Any,
    *,
    parts: dict[str, keras.Model] | None = None,
    shared: dict[str, Any],
) -> keras.Model:
    """Calls the builder that `table[key]` names with the table's other keys, checked.

    Args:
        section: The table's name, for errors.
        table: The table.
        key: The key that names the builder.
        module: Where the builder is.
        parts: Networks to pass, by their names.
        shared: Arguments from other sections, passed to builders that take them.

    Raises:
        UserError: There is no such builder, an argument is unknown or missing or has a wrong type
            or value, or the networks are not those that it takes.
    """
    name = table[key]
    known = [public for public in module.__all__ if _is_buildable(getattr(module, public))]
    if name not in known:
        raise UserError(
            f"[{section}] unknown {key} {shortened(repr(name))}{did_you_mean(name, known)}"
        )
    build = getattr(module, name)
    taken = _keywords(build)
    arguments = {argument: value for argument, value in shared.items() if argument in taken}
    arguments |= {argument: value for argument, value in table.items() if argument != key}
    checked = _checked(section, build, arguments)
    parts = parts or {}
    if missing := [part for part in _networks(build) if part not in parts]:
        raise UserError(f"[{section}] {name} needs a section [{missing[0]}]")
    if extra := [part for part in parts if part not in _networks(build)]:
        raise UserError(f"[{section}] {name} has no [{extra[0]}]; remove that section")
    try:
        return build(**parts, **checked)
    except (ValueError, TypeError, RuntimeError, ArithmeticError, tf.errors.OpError) as error:
        raise UserError(f"[{section}] {shortened_message(str(error))}") from None


def _checked(section: str, build: Callable, arguments: dict[str, Any]) -> dict[str, Any]:
    """Checks the names and types of arguments against the signature of `build`."""
    taken = _keywords(build)
    checked = {}
    for name, value in arguments.items():
        if name not in taken:
            raise UserError(f"unknown key {section}.{shortened(name)}{did_you_mean(name, taken)}")
        try:
            checked[name] = msgspec.convert(value, taken[name].annotation)
        except msgspec.ValidationError as error:
            text = shortened(str(error).replace("`", ""), 200)
            raise UserError(f"{section}.{name}: {text[0].lower()}{text[1:]}") from None
    for name, parameter in taken.items():
        if parameter.default is inspect.Parameter.empty and name not in checked:
            raise UserError(f"missing key {section}.{name}")
    return checked


def _is_buildable(public: Any) -> bool:
    """Returns whether this is a builder of networks, or an objective."""
    if inspect.isclass(public):
        return issubclass(public, AdversarialModel) and public is not AdversarialModel
    return callable(public)


def _keywords(build: Callable) -> dict[str, inspect.Parameter]:
    """Returns a builder's keyword arguments, their types resolved."""
    hints = get_type_hints(build.__init__ if inspect.isclass(build) else build)
    keywords = {
        name: parameter
        for name, parameter in parameters(build).items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    if untyped := [name for name in keywords if name not in hints]:
        raise UserError(
            f"{build.__name__} must have a type annotation for its argument {untyped[0]}: recipes "
            "check their values against it"
        )
    return {name: parameter.replace(annotation=hints[name]) for name, parameter in keywords.items()}


def _networks(build: Callable) -> tuple[str, ...]:
    """Returns the networks that an objective takes, or a generator that builds on another."""
    return getattr(build, "network_names", ())
