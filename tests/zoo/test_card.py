"""The card of an exported entry: what it says, and that its commands work."""

import json
import re
import shlex
import shutil

import pytest
from PIL import Image, ImageChops

from kerasgan import zoo
from kerasgan.cli.main import command
from kerasgan.errors import UserError
from kerasgan.zoo.card import card
from kerasgan.zoo.card_commands import address_of, drawn_section, use_section
from tests.tiny_recipe import WITHOUT_LITERT


@pytest.fixture(scope="module")
def titled(run, tmp_path_factory):
    """An entry with all that its author can say, and a name that a shell would split."""
    folder = tmp_path_factory.mktemp("titled") / "my squares"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(*WITHOUT_LITERT)
        return zoo.export(
            run,
            folder,
            title="Squares",
            description="Coloured squares.\n\nOn white.",
            license="cc-by-4.0",
            author="Ann",
        )


@pytest.fixture
def beside(titled, monkeypatch):
    """The card, read in the folder that its entry lies in."""
    monkeypatch.chdir(titled.parent)
    monkeypatch.setattr("kerasgan.cli.train.restart_with_fast_allocator", lambda: None)
    return (titled / "README.md").read_text()


def test_python_on_the_card_runs_beside_the_entry(beside):
    blocks = re.findall(r"```python\n(.*?)```", beside, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        names = {}
        exec(block, names)
        assert names["images"].shape == (16, 32, 32, 3)


@pytest.mark.parametrize(("styles", "option"), [(6, ""), (9, " --columns 4")])
def test_the_card_says_how_its_grid_of_classes_was_drawn(styles, option):
    classes = {"genre": list("abcd"), "style": [f"s{number}" for number in range(styles)]}
    assert f"`kerasgan sample m --label all --seed 0{option}`" in drawn_section("m", classes)


def test_python_on_a_shipped_card_runs_in_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (zoo.find("mnist_cppn_gan") / "README.md").read_text()
    names = {}
    exec(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[1], names)
    assert names["images"].shape == (16, 26, 26, 1)


@pytest.mark.parametrize("name", ["children's drawings", 'say "hi"', "back\\slash", "Süße"])
def test_python_on_a_card_asks_for_any_class_by_its_name(name):
    metrics = json.loads((zoo.find("wikiart_can") / "metrics.json").read_text())
    text = use_section("mine", metrics | {"classes": {"kind": [name, "other"]}})
    call = re.search(r"gan\.generate\((.*)\)", text)[1]
    assert eval(f"[{call.rpartition(',')[0]}]") == [16, name]


def test_commands_on_the_card_run_beside_the_entry(beside, pictures, tmp_path, monkeypatch):
    monkeypatch.setenv("KERASGAN_CACHE", str(tmp_path / "cache"))
    commands = [shlex.split(text) for text in re.findall(r"`kerasgan ([^`]*)`", beside)]
    assert [words[0] for words in commands] == ["sample", "train"]
    sample, train = commands
    command.main([*sample, "--out", str(tmp_path / "drawn.png")], standalone_mode=False)
    drawn, shown = tmp_path / "drawn.png", "my squares/samples.png"
    with Image.open(drawn) as one, Image.open(shown) as other:
        # LiteRT, which may draw here, has the weights in float16.
        extrema = ImageChops.difference(one, other).getextrema()
    assert max(most for _, most in extrema) <= 3
    train = [str(pictures) if word == "PATH" else word for word in train]
    command.main([*train, "--dry-run"], standalone_mode=False)


def test_the_card_is_the_authors_and_not_the_recipes(titled, beside):
    assert beside.startswith("# Squares\n")
    assert "Coloured squares.\n\nOn white." in beside
    for row in ("| author | Ann |", "| license | cc-by-4.0 |"):
        assert row in beside
    # The run knows the folder's name, and the card does not tell where it lies.
    assert "| trained on | 12 images of `pictures` |" in beside
    assert str(titled.parent.parent) not in beside
    # Comments and help of the recipe are about other pictures.
    assert "Draw some squares" not in beside


def test_a_card_has_each_measure_once_and_tells_which_weights_were_kept():
    text = card(zoo.find("wikiart_gangogh"))
    # It was trained to iteration 12,000, and measured on the way.
    assert "12,000; the model has the weights of iteration 10,500." in text
    # Rows of this one end before its weights.
    assert "7,000; the model has the weights of iteration 7,250." in card(
        zoo.find("pokemon_fastgan")
    )
    assert "| critic_loss, mean of the last twentieth |" in text
    assert not re.search(r"\| (recall|frechet_ratio), mean", text)
    assert len(re.findall(r"^\| Recall \|", text, re.MULTILINE)) == 1


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (None, "Trained with `kerasgan train pokemon_wgan --data PATH --iterations 12000`, "),
        (
            "pokemon_wgan_gp",
            "Trained with `kerasgan train pokemon_wgan --data PATH --iterations 12000 --init "
            "pokemon_wgan_gp`, ",
        ),
        ("older", "from the weights of `older`, an earlier model that is not shipped, with "),
    ],
)
def test_the_card_of_a_shipped_entry_says_what_it_started_from(origin, said, tmp_path, monkeypatch):
    entry = shutil.copytree(zoo.find("pokemon_wgan"), tmp_path / "pokemon_wgan")
    monkeypatch.setattr("kerasgan.zoo.card_commands.zoo_folder", lambda: tmp_path)
    metrics = json.loads((entry / "metrics.json").read_text())
    if origin is not None:
        metrics["training"]["started_from"] = origin
    (entry / "metrics.json").write_text(json.dumps(metrics))
    assert said in card(entry)


def test_a_training_that_logged_no_hours_has_none_on_its_card(titled, tmp_path):
    entry = shutil.copytree(titled, tmp_path / "entry")
    metrics = json.loads((entry / "metrics.json").read_text())
    assert " hours at a median of " in card(entry)
    metrics["training"] |= {"hours": None, "images_per_second": None}
    (entry / "metrics.json").write_text(json.dumps(metrics))
    assert not re.search("None|hours", card(entry))


@pytest.mark.usefixtures("without_litert")
def test_exporting_again_keeps_the_authors_words_unless_others_are_given(titled, run, tmp_path):
    folder = shutil.copytree(titled, tmp_path / "again")
    zoo.export(run, folder, title="", author="Bob")
    text = (folder / "README.md").read_text()
    assert text.startswith("# again\n")
    assert "| author | Bob |" in text
    assert "Coloured squares." in text
    assert "| license | cc-by-4.0 |" in text


@pytest.mark.parametrize(
    "text", [{"title": "two\nlines"}, {"author": "a" * 201}, {"description": "a" * 10_001}]
)
def test_words_that_do_not_fit_are_refused_before_anything_is_loaded(tmp_path, text):
    with pytest.raises(UserError, match=next(iter(text))):
        zoo.export(tmp_path / "no run", tmp_path / "entry", **text)


def test_an_entry_named_like_a_shipped_model_is_not_taken_for_it(titled, tmp_path, monkeypatch):
    shipped = zoo.list()[0]
    own = shutil.copytree(titled, tmp_path / shipped)
    monkeypatch.chdir(tmp_path)
    with pytest.warns(UserWarning, match="is the model of the zoo"):
        assert address_of(zoo.find(shipped)) == shipped
    assert address_of(own) == f"./{shipped}"
    assert zoo.find(address_of(own)).resolve() == own
    assert f'kerasgan.zoo.load("./{shipped}")' in card(own)
