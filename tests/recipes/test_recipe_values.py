import inspect
import json
import re

import keras
import pytest

from kerasgan import networks
from kerasgan.errors import UserError
from kerasgan.recipes import build
from kerasgan.recipes.memory import needed_memory
from kerasgan.recipes.mistakes import suggested_places
from kerasgan.recipes.recipe_file import read_recipe, recipe_from_dict
from kerasgan.recipes.values import NETWORK
from kerasgan.training.planner import plan
from kerasgan.training.run_folder import RunFolder
from kerasgan.training.trainer import train

RATE = "training.generator_optimizer.learning_rate"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (f"{RATE}=nan", rf"{RATE} must be a finite number, got nan"),
        (f"{RATE}=inf", rf"{RATE} must be a finite number, got inf"),
        (f"{RATE}=-1e-3", rf"{RATE} must be above 0, got -0\.001"),
        (f"{RATE}=1e300", rf"{RATE} must be below 3\.4e\+38, got 1e\+300"),
        (
            f"{RATE}={{schedule='PiecewiseConstantDecay', boundaries=[2], values=[1.0, nan]}}",
            rf"{RATE}\.values\.1 must be a finite number",
        ),
        ("training.generator_optimizer.beta_1=1", r"beta_1 must be below 1, got 1"),
        ("training.generator_optimizer.beta_2=-0.1", r"beta_2 must be at least 0, got -0\.1"),
        ("training.discriminator_optimizer.rho=1.5", r"rho must be below 1, got 1\.5"),
        (
            "training.generator_optimizer.ema_overwrite_frequency=1.5",
            r"ema_overwrite_frequency must be an integer, got 1\.5",
        ),
        ("model.n_critic=0", r"model\.n_critic must be at least 1, got 0"),
        ("model.n_critic=1e30", r"model\.n_critic must be at most 10,000, got 1e\+30"),
        (
            f"model.n_critic=1{'0' * 30}",
            r"model\.n_critic must be below 9\.22e\+18, got about 1e30",
        ),
        ("model.ema_decay=1", r"model\.ema_decay must be below 1, got 1"),
        ("model.ema_decay=0.0", r"model\.ema_decay must be above 0, got 0\.0"),
        ("model.clip_value=-0.01", r"model\.clip_value must be above 0"),
        (
            "model.feature_matching_weight=-1",
            r"model\.feature_matching_weight must be at least 0, got -1",
        ),
        ("model.handicap=1000000000", r"model\.handicap must be at most 100"),
        ("generator.latent_dim=0", r"generator\.latent_dim must be at least 1, got 0"),
        ("generator.depth=1000000000", r"generator\.depth must be at most 100"),
        ("generator.refinements=1000000000", r"generator\.refinements must be at most 100"),
        ("generator.width=-1", r"generator\.width must be at least 1, got -1"),
        ("training.batch_size=1000000000000", r"training: batch_size must be at most 65,536"),
        ("training.iterations=10000000000", r"training: iterations must be at most 1,000,000,000"),
        ("training.precision=float31", r"training: precision must be one of auto, .*'float31'"),
        ("data.image_size=1000000000", r"data: image_size must be at most 4,096"),
        ("data.channels=2", r"data: channels must be 3 .* got 2"),
        ("data.augmentation.shift=nan", r"data\.augmentation\.shift must be a finite number"),
        ("data.augmentation.random_crop=33", r"random_crop must be at least 1 and at most"),
        ('data.path="a\\u0000b"', r"data\.path must not contain a NUL, got 'a\\x00b'"),
        (f"data.split={'../' * 2000}", r"data\.split must be at most 4,000 characters long"),
        (f"data.labels={'[' * 50}{']' * 50}", r"tables are nested more than 16 deep"),
        (
            f"training.seed={'9' * 5000}",
            r"Cannot read the override training\.seed=9+…: Exc",
        ),
    ],
)
def test_value_that_cannot_mean_anything_is_refused_when_the_recipe_is_read(
    recipe, override, message
):
    with pytest.raises(UserError, match=message) as error:
        recipe(override)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = " + "[" * 20_000 + "]" * 20_000, "is not valid TOML: its values are nested too de"),
        ("a" + ".a" * 20_000 + " = 1", r"is not valid TOML: the key a\.a\.a\.\S*… has too many"),
        ("[a" + " . a" * 20_000 + "]", "is not valid TOML: the key a . a .* has too many parts"),
        ("a = " + "9" * 5000, "is not valid TOML: Exceeds the limit"),
        ("a = 1\0", "is not valid TOML"),
        ("#" * 2_000_000, "is not a recipe: it has more than 1,000,000 char"),
    ],
)
def test_file_that_is_no_recipe_is_one_line(tmp_path, text, message):
    (tmp_path / "bad.toml").write_text(text)
    with pytest.raises(UserError, match=message) as error:
        read_recipe(tmp_path / "bad.toml")
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500


@pytest.mark.parametrize(
    "overrides",
    [
        ["generator.width=65536", "generator.depth=100"],
        ["discriminator.dense_width=65536", "discriminator.base_width=65536"],
        ["generator.image_size=4096", "data.image_size=4096", "generator.width=65536"],
    ],
)
def test_sizes_beyond_the_machine_are_refused_with_what_they_would_need(
    recipe, overrides, monkeypatch
):
    def allocate(*arguments):
        raise AssertionError("weights were made")

    monkeypatch.setattr(build.keras.utils, "set_random_seed", allocate)
    with pytest.raises(UserError, match=r"[\d,.]+ TB of memory"):
        build.build_model(recipe(*overrides))


def test_need_is_the_weights_with_their_optimizer_and_the_activations_of_a_batch(
    recipe, monkeypatch
):
    monkeypatch.setattr("kerasgan.recipes.memory.memory_of_machine", lambda: 1000)
    with pytest.raises(UserError) as error:
        build.build_model(recipe("generator.width=100", "discriminator.base_width=4"))
    # 8 latents, x, y, r and a bias to 100 channels, and those to 3 colours.
    weights = 12 * 100 + 101 * 3
    # Of each of 8 pictures of 32x32 pixels; latents and coordinates are little beside them.
    activations = 8 * 32 * 32 * (100 + 3)
    needed = f"{4 * (3 * weights + activations) / 1e6:.1f} MB"
    assert f"[generator] needs {needed} of it, with {weights:,} parameters" in str(error.value)


def test_need_counts_each_activation_once_in_its_own_dtype_and_frozen_weights_alone():
    images = keras.Input((32, 32, 3))
    x = keras.layers.Conv2D(16, 3, padding="same", dtype="mixed_bfloat16")(images)
    x = keras.layers.Flatten(dtype="mixed_bfloat16")(x)
    network = keras.Model(images, keras.layers.Reshape((16, 1024), dtype="mixed_bfloat16")(x))
    activations, weights = 10 * 2 * 32 * 32 * 16, 4 * (27 * 16 + 16)
    assert needed_memory({"a": network}, 10) == activations + 3 * weights
    network.trainable = False
    assert needed_memory({"a": network}, 10) == activations + weights


@pytest.mark.usefixtures("without_graphs")
def test_dry_run_refuses_what_a_training_would_and_writes_nothing(
    recipe, pictures, tmp_path, monkeypatch
):
    (tmp_path / "file").touch()
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "thesis.txt").touch()
    train(recipe("training.iterations=1"), tmp_path / "damaged", data=pictures)
    checkpoint = tmp_path / "damaged" / "checkpoint.weights.h5"
    checkpoint.write_bytes(checkpoint.read_bytes()[:-1])
    before = sorted(tmp_path.rglob("*"))
    for overrides, folder in (
        ((), "file/run"),
        ((), "foreign"),
        ((), "damaged"),
        (("training.batch_size=13",), "run"),
        (("data.fit=stretch",), "run"),
        (("model.diff_augment=['blur']",), "run"),
        (("discriminator.network=cppn_generator",), "run"),
    ):
        messages = []
        for call in (plan, train):
            with pytest.raises(UserError) as error:
                call(recipe(*overrides), tmp_path / folder, data=pictures)
            messages.append(str(error.value))
        assert messages[0] == messages[1]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\xff",
        b"[" * 20_000,
        b'{"recipe": ' + b"9" * 5000 + b"}",
        ("data", None),
        ("data", {"path": "a", "images": "many", "fingerprint": "b"}),
        ("versions", 3),
        ("recipe", {"data": 3}),
        ("recipe", []),
    ],
)
def test_damaged_description_of_a_run_is_one_line_that_names_it(recipe, tmp_path, damaged):
    run = RunFolder(tmp_path / "run")
    data = {"path": "a", "images": 12, "fingerprint": "b"}
    run.create(recipe(), recipe().as_toml(), data)
    path = run.path / "run.json"
    if isinstance(damaged, tuple):
        damaged = json.dumps({**json.loads(path.read_text()), damaged[0]: damaged[1]}).encode()
    path.write_bytes(damaged)
    with pytest.raises(UserError, match=r"run\.json: ") as error:
        run.recipe()
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500


def test_line_of_the_log_that_is_none_is_passed_over(recipe, tmp_path):
    run = RunFolder(tmp_path)
    good = {"iteration": 1, "loss": 0.5, "seconds": 1.0}
    bad = [{"iteration": "1"}, {"iteration": -1}, {"iteration": 2, "seconds": "x"}, {"loss": 1}]
    bad += [{"iteration": 3, "loss": [1]}]
    for line in [*bad, good]:
        run.append_log(line)
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write("[" * 20_000 + "\n")
    assert run.log() == [good]


def test_values_of_a_run_folder_are_checked_as_those_of_a_file(recipe):
    table = recipe().as_dict()
    table["model"]["ema_decay"] = float("nan")
    with pytest.raises(UserError, match=r"run\.json: model\.ema_decay "):
        recipe_from_dict(table, where="run.json")


# The others of their names are of the data.
@pytest.mark.parametrize("key", sorted(NETWORK.keys() - {"image_size", "channels", "classes"}))
def test_a_key_in_the_wrong_table_is_suggested_for_networks_that_have_it(key):
    tables = set()
    for name in networks.__all__:
        builder = getattr(networks, name)
        if callable(builder) and key in inspect.signature(builder).parameters:
            kind = name.rpartition("_")[2].replace("critic", "discriminator")
            tables.add("projected_discriminator" if name == "projected_discriminator" else kind)
    suggested = set(re.findall(rf"(\w+)\.{key}", suggested_places(key)))
    assert suggested <= tables
    # Where they all have it, the two that every recipe has are enough.
    assert suggested in (tables, {"generator", "discriminator"})
