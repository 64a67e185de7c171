import pytest

import search
from comparison.system import System
from kerasgan.errors import UserError


def test_variants_are_read_before_any_is_trained():
    variants = search.variants_of("pokemon_wgan", ["", "model.clip_value=0.05 model.n_critic=1"])
    assert [*variants] == ["the recipe as it is", "model.clip_value=0.05 model.n_critic=1"]
    changed = variants["model.clip_value=0.05 model.n_critic=1"].read()
    assert (changed.model["clip_value"], changed.model["n_critic"]) == (0.05, 1)
    with pytest.raises(UserError, match="n_critics"):
        search.variants_of("pokemon_wgan", ["", "training.n_critics=1"])


def test_a_variants_run_is_its_own_in_whatever_order_they_are_named(tmp_path):
    one, two = System("pokemon_wgan", ("a.b=1",)), System("pokemon_wgan", ("a.b=2",))
    assert one.name.startswith("pokemon_wgan-a.b-1-")
    assert two.name.startswith("pokemon_wgan-a.b-2-")
    signs = {System("pokemon_wgan", (f"a.b={value}",)).name for value in ("1", "-1", "+1")}
    assert len(signs) == 3
    assert System("mine/own.toml").name == "own"
    long = [System("own", (f"generator.{'x' * 300}={number}",)).name for number in range(2)]
    assert long[0] != long[1]
    assert max(map(len, long)) <= 180


def test_a_variant_that_fails_is_left_out_and_the_others_go_on(tmp_path):
    measured = []

    class Study:
        def measure(self, figure):
            measured.extend(figure.systems)

        def train(self, figure):
            assert measured == ["good", "bad", "better"]
            ((title, system),) = figure.systems.items()
            if title == "bad":
                raise SystemExit(2)
            folder = self.run_folder(system)
            folder.mkdir()
            (folder / "checkpoint.weights.h5").touch()

        def run_folder(self, system):
            return tmp_path / system.name

    variants = {name: System("own", (f"a.b={name}",)) for name in ("good", "bad", "better")}
    assert search.trained(Study(), variants) == ["good", "better"]
