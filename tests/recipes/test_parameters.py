import inspect

from kerasgan.recipes.parameters import parameters


class TakesAnything:
    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)


class Base(TakesAnything):
    def __init__(self, first, *, rate: float = 0.5):
        self.rate = rate


class Inherits(Base):
    pass


def test_a_class_takes_what_its_constructor_does_whichever_class_defines_it():
    for objective in (Base, Inherits):
        found = parameters(objective)
        assert list(found) == ["first", "rate"]
        assert found["rate"].kind is inspect.Parameter.KEYWORD_ONLY
        assert found["rate"].default == 0.5


def test_a_class_whose_new_comes_first_takes_what_its_constructor_does():
    class Wrapped(Base):
        def __new__(cls, *args, **kwargs):
            return super().__new__(cls)

    assert list(inspect.signature(Wrapped).parameters) == ["args", "kwargs"]
    assert list(parameters(Wrapped)) == ["first", "rate"]


def test_a_function_takes_what_it_says():
    assert list(parameters(lambda a, *, b=1: a)) == ["a", "b"]
