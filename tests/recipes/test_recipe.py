import datetime
import re
import tomllib
from pathlib import Path

import pytest

from kerasgan.errors import UserError
from kerasgan.recipes.recipe_file import read_recipe, recipe_from_dict

ZOO = Path(__file__).parents[2] / "zoo"


def table(path):
    return tomllib.loads(path.read_text())


def changed(path, dotted, value):
    """The recipe of a file as a table, with one key set."""
    result = section = table(path)
    *sections, key = dotted.split(".")
    for name in sections:
        section = section.setdefault(name, {})
    section[key] = value
    return result


@pytest.mark.parametrize(
    ("dotted", "near"),
    [
        ("trainig", "training"),
        ("data.image_sise", "image_size"),
        ("data.augmentation.flip_horizontally", "flip_horizontal"),
        ("training.bach_size", "batch_size"),
    ],
)
def test_unknown_key_is_refused_with_the_near_name(recipe_file, dotted, near):
    with pytest.raises(UserError, match=rf"unknown key {dotted}; did you mean {near}"):
        recipe_from_dict(changed(recipe_file, dotted, 1), where="here")


@pytest.mark.parametrize(
    ("dotted", "value", "expected"),
    [
        ("data.image_size", "32", "whole number without quotes"),
        ("data.image_size", 32.0, "whole number"),
        ("data.source", 3, "text in quotes"),
        ("data", 3, r"table.*\[data\]"),
        ("data.labels", "type", r'list, such as \["type"\], which a shell'),
        ("data.labels", 3, r"list, such as \[1, 2\]"),
        ("data.augmentation.flip_horizontal", 1, "true or false"),
        ("data.augmentation.flip_horizontal", "False", "false, in small letters"),
        ("data.augmentation.flip_horizontal", "no", "true or false without quotes"),
        ("data.augmentation.shift", "0.5", "number without quotes"),
        ("generator", "cppn_generator", r"table.*\[generator\]"),
        ("encoder", 2, r"table.*\[encoder\]"),
        ("training.batch_size", True, "whole number"),
        ("training.generator_optimizer", "Adam", r"table.*\{optimizer = "),
    ],
)
def test_wrong_type_is_refused_with_key_and_value_in_the_words_of_toml(
    recipe_file, dotted, value, expected
):
    with pytest.raises(
        UserError, match=rf"^here: {dotted} must be a? ?{expected}.*, got {value!r}$"
    ):
        recipe_from_dict(changed(recipe_file, dotted, value), where="here")


def test_of_a_wrong_value_in_a_list_the_value_is_named(recipe_file):
    with pytest.raises(UserError, match=r"data\.labels\[1\] must be .*, got 7$"):
        recipe_from_dict(changed(recipe_file, "data.labels", ["type", 7]), where="here")


@pytest.mark.parametrize(
    ("dotted", "places"),
    [
        (
            "training.learning_rate",
            "training.generator_optimizer.learning_rate or training.discriminator_optimizer",
        ),
        ("data.batch_size", "training.batch_size"),
        ("data.shift", "data.augmentation.shift"),
        ("training.penalty_weight", "model.penalty_weight"),
        ("training.generator", "generator"),
    ],
)
def test_a_key_in_the_wrong_table_is_answered_with_its_place(recipe_file, dotted, places):
    with pytest.raises(UserError, match=rf"unknown key {dotted}; did you mean {places}"):
        recipe_from_dict(changed(recipe_file, dotted, 1), where="here")


@pytest.mark.parametrize(
    "dotted", ["data", "data.source", "generator", "training.iterations", "training.batch_size"]
)
def test_missing_key_is_named(recipe_file, dotted):
    recipe = section = table(recipe_file)
    *sections, key = dotted.split(".")
    for name in sections:
        section = section[name]
    del section[key]
    with pytest.raises(UserError, match=rf"missing key {dotted}$"):
        recipe_from_dict(recipe, where="here")


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ("generator", "network"),
        ("discriminator", "network"),
        ("model", "objective"),
        ("training.generator_optimizer", "optimizer"),
        ("training.discriminator_optimizer", "optimizer"),
    ],
)
def test_section_must_name_what_it_configures(recipe_file, section, key):
    for nothing in (None, 3):
        with pytest.raises(UserError, match=rf"\[{section}\] .*{key}"):
            recipe_from_dict(changed(recipe_file, f"{section}.{key}", nothing), where="here")


def test_an_error_of_a_changed_recipe_names_the_changes(recipe_file):
    changes = ["training.batch_size=0", "training.seed=3"]
    file = re.escape(str(recipe_file))
    with pytest.raises(
        UserError, match=rf"^{file} with {', '.join(changes)}: training: batch_size"
    ):
        read_recipe(recipe_file, changes)


@pytest.mark.parametrize(
    "key", ["batch_size", "iterations", "log_every", "checkpoint_every", "sample_every"]
)
@pytest.mark.parametrize("value", [0, -1])
def test_counts_are_at_least_one(recipe_file, key, value):
    with pytest.raises(UserError, match=rf"training: {key} must be at least 1, got {value}"):
        recipe_from_dict(changed(recipe_file, f"training.{key}", value), where="here")


def test_bad_toml_is_refused_with_file_and_line(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("[data]\nsource = images\n")
    with pytest.raises(UserError, match=r"bad\.toml .*line 2"):
        read_recipe(path)


def test_unreadable_files_are_named(tmp_path):
    with pytest.raises(UserError, match=r"none\.toml"):
        read_recipe(tmp_path / "none.toml")
    with pytest.raises(UserError, match=r"'pokemon_wgn'; did you mean pokemon_wgan"):
        read_recipe("pokemon_wgn")
    with pytest.raises(UserError, match="recipe"):
        read_recipe(tmp_path)
    (tmp_path / "latin.toml").write_bytes("# Pokémon".encode("latin-1"))
    with pytest.raises(UserError, match=r"latin\.toml"):
        read_recipe(tmp_path / "latin.toml")


def test_byte_order_mark_of_windows_editors_is_accepted(recipe_file, recipe):
    plain = recipe()
    recipe_file.write_bytes(b"\xef\xbb\xbf" + recipe_file.read_bytes())
    assert recipe() == plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("-2.5e-3", -2.5e-3),
        ("true", True),
        ('"7"', "7"),
        ("'a b'", "a b"),
        ("a/plain path.png", "a/plain path.png"),
        ("#fff", "#fff"),
        ("", ""),
        ("[1, 2]", [1, 2]),
        ("{a = {b = 1}}", {"a": {"b": 1}}),
        ("2026-01-31", datetime.date(2026, 1, 31)),
        ("a=b", "a=b"),
    ],
)
def test_override_takes_every_toml_value_and_plain_strings(recipe, text, value):
    assert recipe(f"generator.anything={text}").generator["anything"] == value


def test_override_reaches_and_makes_nested_tables(recipe):
    result = recipe(
        "training.generator_optimizer.learning_rate={schedule = 'ExponentialDecay'}",
        "training.generator_optimizer.learning_rate.decay_steps=10",
        "generator.deep.deeper=1",
        "data.augmentation.shift=0.5",
    )
    assert result.training.generator_optimizer["learning_rate"] == {
        "schedule": "ExponentialDecay",
        "decay_steps": 10,
    }
    assert result.generator["deep"] == {"deeper": 1}
    assert result.data.augmentation.shift == 0.5
    assert result.data.augmentation.flip_horizontal


@pytest.mark.parametrize("override", ["seed", "seed=3", ".seed=3", "training.=3", "a..b=3", "=3"])
def test_malformed_override_is_refused_as_received(recipe, override):
    with pytest.raises(UserError, match=r"section\.key=value") as error:
        recipe(override)
    assert repr(override) in str(error.value)
    assert ("training.seed?" in str(error.value)) == override.startswith("seed")


def test_override_below_a_value_is_refused(recipe):
    with pytest.raises(UserError, match="seed"):
        recipe("training.seed.deeper=3")


def test_override_is_checked_like_the_file(recipe):
    with pytest.raises(UserError, match=r"training\.batch_size must be .*, got 'many'"):
        recipe("training.batch_size=many")
    with pytest.raises(UserError, match=r"unknown key training\.sead; did you mean seed"):
        recipe("training.sead=1")


@pytest.mark.parametrize("path", sorted(ZOO.glob("*/recipe.toml")), ids=lambda p: p.parent.name)
def test_toml_round_trip_keeps_every_value_of_the_zoo(path):
    recipe = read_recipe(path)
    again = tomllib.loads(recipe.as_toml())
    assert recipe_from_dict(again, where="again") == recipe
    for section, values in table(path).items():
        assert (
            again[section].items()
            >= {key: value for key, value in values.items() if not isinstance(value, dict)}.items()
        )


def test_differences_name_each_key_and_both_values(recipe):
    other = recipe(
        "training.seed=4", "model.clip_value=0.5", "training.generator_optimizer.learning_rate=1"
    )
    assert recipe().differences(other) == [
        "model.clip_value: absent -> 0.5",
        "training.generator_optimizer.learning_rate: 0.001 -> 1",
        "training.seed: 3 -> 4",
    ]


def test_differences_leave_out_what_no_weight_depends_on(recipe):
    other = recipe(
        "training.iterations=900",
        "training.log_every=9",
        "training.checkpoint_every=9",
        "training.sample_every=9",
        "data.path=elsewhere",
        "data.help=none",
    )
    assert recipe().differences(other) == []


def test_a_default_written_out_is_no_difference(recipe):
    assert recipe().differences(recipe("data.channels=3", "data.fit=pad")) == []


GROWING = (
    'model.objective="GrowingWGANGP"',
    "curriculum.sizes=[8, 16, 32]",
    "curriculum.begins=[1, 2]",
)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (GROWING[:1], r"GrowingWGANGP needs a section \[curriculum\]"),
        (GROWING[1:], r'\[curriculum\] needs the objective "GrowingWGANGP", got \'WGAN\''),
        ((*GROWING, "curriculum.sizes=[8, 16, 24]"), r"curriculum: sizes must be .*\[8, 16, 24\]"),
        ((*GROWING, "data.image_size=64"), r"sizes must end with the side of the images, 64"),
        ((*GROWING, "training.iterations=2"), r"below .*begins=\[1, 2\], fade=0, iterations=2$"),
        ((*GROWING, "curriculum.fade=1", "training.iterations=2"), "last fade must end by then"),
        ((*GROWING, "curriculum.begins=[1, 3]", "curriculum.fade=2"), "begins=.1, 3., fade=2"),
        ((*GROWING, "curriculum.fades=1"), "unknown key curriculum.fades; did you mean fade"),
    ],
)
def test_a_curriculum_that_does_not_fit_is_refused(recipe, overrides, message):
    assert recipe(*GROWING).curriculum.fade == 0
    with pytest.raises(UserError, match=message):
        recipe(*overrides)
