"""What the constructors of objectives take, which a saved model has to keep."""

import inspect

_VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def arguments(objective: type) -> set[str]:
    """Returns the names of what a class takes, those included that it passes on as `**kwargs`."""
    names = set()
    for each in objective.__mro__:
        if "__init__" not in vars(each):
            continue
        parameters = inspect.signature(each.__init__).parameters.values()
        names |= {parameter.name for parameter in parameters}
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
            break
    return names


def check_config_is_whole(objective: type) -> None:
    """Checks that a class which takes more arguments than its bases tells them too.

    A model that is loaded without them would go on with their defaults, which nobody would notice.
    Networks are told by their `network_names`.

    Raises:
        NotImplementedError: It has a constructor, and no `get_config`, of its own.
    """
    takes = _defines(objective, "__init__")
    tells = _defines(objective, "get_config")
    own = [
        name
        for name, parameter in inspect.signature(takes.__init__).parameters.items()
        if name not in {*arguments(tells), *objective.network_names}
        and parameter.kind not in _VARIABLE
    ]
    if issubclass(takes, tells) and own:
        networks = " and ".join(objective.network_names)
        raise NotImplementedError(
            f"A saved {objective.__name__} would lose its {', '.join(own)}: define get_config, "
            f"which returns {{**super().get_config(), {own[0]!r}: self.{own[0]}, ...}}. Networks "
            f"need none if the constructor calls them {networks}"
        )


def _defines(objective: type, name: str) -> type:
    """Returns the class, of the objective and its bases, whose definition counts."""
    return next(each for each in objective.__mro__ if name in vars(each))
