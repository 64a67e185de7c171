"""Entries on the Hugging Face Hub, of which a local server stands for the real one."""

import shutil
import sys

import numpy as np
import pytest
from PIL import Image, ImageChops

from kerasgan import zoo
from kerasgan.cli.main import command
from kerasgan.errors import UserError
from kerasgan.zoo.checksums import write_checksums
from kerasgan.zoo.engine import chosen_engine
from kerasgan.zoo.hub_address import HubAddress
from kerasgan.zoo.hub_card import hub_card
from tests.zoo.hub_server import TOKEN, Repository, running_hub

huggingface_hub = pytest.importorskip("huggingface_hub")

pytestmark = pytest.mark.early


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """A new Hub, whose token is that of the environment, and an empty cache."""
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    for name, value in {
        "HF_HUB_CACHE": str(tmp_path / "hub cache"),
        "HF_TOKEN_PATH": str(tmp_path / "token"),
        "HF_STORED_TOKENS_PATH": str(tmp_path / "stored_tokens"),
        "HF_HUB_OFFLINE": False,
        # Its protocol is not HTTP alone; without it, large files go the way of Git LFS.
        "HF_HUB_DISABLE_XET": True,
    }.items():
        monkeypatch.setattr(f"huggingface_hub.constants.{name}", value)
    with running_hub() as server:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.endpoint)
        template = f"{server.endpoint}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
        monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", template)
        yield server


def one_line(error):
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400
    return str(error.value)


def test_what_is_pushed_is_what_is_loaded(hub, entry):
    assert zoo.push(entry, "ann/squares") == "hf://ann/squares"
    assert not hub.repositories["ann/squares"].private
    loaded = zoo.load("hf://ann/squares")
    np.testing.assert_array_equal(loaded.generate(3, seed=0), zoo.load(entry).generate(3, seed=0))
    assert zoo.describe("hf://ann/squares")["name"] == "squares"
    # A revision stays what it was when the entry is pushed again.
    repository = hub.repositories["ann/squares"]
    first = repository.head
    zoo.push(entry, "hf://ann/squares")
    repository.commit({"metrics.json": b"changed"})
    with pytest.raises(UserError, match=r"metrics\.json is damaged"):
        zoo.find("hf://ann/squares")
    assert zoo.find(f"hf://ann/squares@{first}").name == first


def test_commands_push_and_draw(hub, entry, tmp_path, capsys):
    push = ["zoo", "push", str(entry), "ann/squares", "--private", "--token", TOKEN]
    command.main(push, standalone_mode=False)
    assert (
        capsys.readouterr().out == "Pushed. Draw from it with: kerasgan sample hf://ann/squares\n"
    )
    drawn = tmp_path / "drawn.png"
    sample = ["sample", "hf://ann/squares", "--seed", "0", "--out", str(drawn)]
    command.main(sample, standalone_mode=False)
    with Image.open(drawn) as one, Image.open(entry / "samples.png") as other:
        assert ImageChops.difference(one, other).getbbox() is None
    command.main(["zoo", "show", "hf://ann/squares"], standalone_mode=False)
    assert 'kerasgan.zoo.load("hf://ann/squares")' in capsys.readouterr().out


@pytest.mark.usefixtures("without_litert")
def test_the_card_on_the_hub_has_metadata_and_commands_of_its_address(hub, run, tmp_path):
    entry = zoo.export(run, tmp_path / "mine", title="Squares", license="CC-BY-4.0")
    zoo.push(entry, "ann/squares", private=True)
    repository = hub.repositories["ann/squares"]
    assert repository.private
    card = huggingface_hub.ModelCard(repository.files["README.md"].decode())
    assert card.data.library_name == "kerasgan"
    assert card.data.license == "cc-by-4.0"
    assert {"gan", "wgan", "cppn-generator"} <= {*card.data.tags}
    assert card.data.pipeline_tag == "unconditional-image-generation"
    assert card.text.strip().startswith("# Squares\n")
    assert 'kerasgan.zoo.load("hf://ann/squares")' in card.text
    assert "`kerasgan sample hf://ann/squares --count 24 --seed 0`" in card.text


def test_measures_and_data_set_of_a_shipped_model_are_in_the_metadata(hub):
    zoo.push("mnist_cppn_gan", "ann/digits")
    card = huggingface_hub.ModelCard(hub.repositories["ann/digits"].files["README.md"].decode())
    assert card.data.datasets == ["ylecun/mnist"]
    measures = zoo.describe("mnist_cppn_gan")["metrics"]["quality"]["measures"]
    shown = {each.metric_type: each.metric_value for each in card.data.eval_results}
    assert shown == {name: measure["value"] for name, measure in measures.items()}


def test_own_pictures_are_not_taken_for_the_data_set_of_their_recipe(entry, tmp_path):
    copy = shutil.copytree(entry, tmp_path / "copy")
    recipe = copy / "recipe.toml"
    recipe.write_text(recipe.read_text().replace('"images"', '"tfds:mnist"'))
    card = huggingface_hub.ModelCard(hub_card(copy, HubAddress("ann/squares")))
    assert card.data.datasets is None
    assert "12 images of `pictures`" in card.text


def test_a_card_edited_on_the_hub_and_other_files_there_do_no_harm(hub, entry):
    zoo.push(entry, "ann/squares")
    hub.repositories["ann/squares"].commit(
        {"README.md": b"Edited.", ".gitattributes": b"*", "holiday.jpg": b"large"}
    )
    folder = zoo.find("hf://ann/squares")
    assert not (folder / "holiday.jpg").exists()
    # As a download of all by another program leaves it.
    (folder / "README.md").write_text("Edited.")
    (folder / ".gitattributes").write_text("*")
    (folder / "LICENSE").write_text("Free.")
    assert zoo.verify("hf://ann/squares") > 5
    zoo.load("hf://ann/squares")


def test_a_downloaded_entry_needs_no_network(hub, entry, monkeypatch):
    zoo.push(entry, "ann/squares")
    zoo.find("hf://ann/squares")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    made = len(hub.requests)
    assert (zoo.find("hf://ann/squares") / "saved_model.pb").is_file()
    with pytest.raises(UserError) as error:
        zoo.find("hf://ann/other")
    assert "is not in the cache" in one_line(error)
    assert len(hub.requests) == made


def test_a_cached_file_is_not_downloaded_again_and_is_checked(hub, entry):
    zoo.push(entry, "ann/squares")
    folder = zoo.find("hf://ann/squares")
    made = len(hub.requests)
    zoo.find("hf://ann/squares")
    assert len(hub.requests) == made + 1
    recipe = (folder / "recipe.toml").resolve()
    recipe.write_text(recipe.read_text().replace("seed = 3", "seed = 4"))
    with pytest.raises(UserError, match=r"recipe\.toml is damaged"):
        zoo.find("hf://ann/squares")


@pytest.mark.parametrize(
    "address", ["hf://", "hf://squares", "hf://a/b/c", "hf://a/b@", "hf://a/b c", "hf://../b/c"]
)
def test_a_wrong_address_is_one_line(address):
    with pytest.raises(UserError, match="hf://USER/NAME") as error:
        zoo.find(address)
    assert address in one_line(error)


def test_an_address_is_read_and_written():
    address = HubAddress.parse("hf://ann/my.squares@refs/pr/1")
    assert (address.repository, address.revision) == ("ann/my.squares", "refs/pr/1")
    assert (address.name, str(address)) == ("my.squares", "hf://ann/my.squares@refs/pr/1")


@pytest.mark.parametrize("repository", ["squares", "ann/a b", "ann/squares@main", "ann/a--b", ""])
def test_nothing_is_pushed_to_a_name_that_is_none(hub, entry, repository):
    with pytest.raises(UserError) as error:
        zoo.push(entry, repository)
    assert one_line(error)
    assert not hub.repositories


def test_what_the_hub_lacks_is_one_line(hub, entry, monkeypatch):
    with pytest.raises(UserError, match="no model hf://ann/nothing") as error:
        zoo.load("hf://ann/nothing")
    one_line(error)
    zoo.push(entry, "ann/squares", private=True)
    with pytest.raises(UserError, match="has no revision 'v9'") as error:
        zoo.load("hf://ann/squares@v9")
    one_line(error)
    hub.repositories["ann/other"] = Repository()
    hub.repositories["ann/other"].commit({"model.safetensors": b"", "README.md": b""})
    with pytest.raises(UserError, match="ann/other is not a zoo entry") as error:
        zoo.load("hf://ann/other")
    one_line(error)
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(UserError, match="or it is private") as error:
        zoo.load("hf://ann/squares")
    assert "hf auth login" in one_line(error)


def test_pushing_needs_a_token_that_the_hub_accepts(hub, entry, monkeypatch):
    with pytest.raises(UserError, match="refuses") as error:
        zoo.push(entry, "ann/squares", token="wrong")
    assert "Invalid credentials" in one_line(error)
    assert "wrong" not in one_line(error)
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(UserError, match="pass token=") as error:
        zoo.push(entry, "ann/squares")
    one_line(error)
    zoo.push(entry, "ann/squares", token=TOKEN)


def test_pushing_replaces_entries_alone_and_publishes_nothing_private(hub, entry):
    hub.repositories["ann/bert"] = Repository()
    hub.repositories["ann/bert"].commit({"model.safetensors": b"", ".gitattributes": b""})
    with pytest.raises(UserError, match=r"something other than a zoo entry .*model.safetensors"):
        zoo.push(entry, "ann/bert")
    hub.repositories["ann/open"] = Repository()
    with pytest.raises(UserError, match="is public"):
        zoo.push(entry, "ann/open", private=True)
    assert not hub.repositories["ann/open"].files


def test_a_damaged_entry_is_not_pushed(hub, entry, tmp_path):
    copy = shutil.copytree(entry, tmp_path / "copy")
    (copy / "recipe.toml").write_text("")
    with pytest.raises(UserError, match="damaged"):
        zoo.push(copy, "ann/squares")
    assert not hub.requests


@pytest.mark.parametrize("name", ["../../outside", "/etc/hostname", "variables/../../outside"])
def test_a_strangers_list_cannot_name_files_outside(hub, entry, name, tmp_path):
    zoo.push(entry, "eve/trap")
    repository = hub.repositories["eve/trap"]
    repository.commit({name: b"", "SHA256SUMS": f"{'0' * 64}  {name}\n".encode()})
    with pytest.raises(UserError) as error:
        zoo.load("hf://eve/trap")
    one_line(error)
    assert not list(tmp_path.rglob("outside"))


def test_nothing_of_a_download_is_run(hub, entry, tmp_path):
    # A hostile graph in the place of the entry's; its checksum is right.
    copy = shutil.copytree(entry, tmp_path / "copy")
    (copy / "saved_model.pb").write_bytes(b"no graph at all")
    (copy / "variables" / "run.pkl").write_bytes(b"cos\nsystem\n(S'touch hacked'\ntR.")
    write_checksums(copy)
    zoo.push(copy, "eve/trap")
    assert zoo.load("hf://eve/trap").generate(1, seed=0).shape == (1, 32, 32, 3)
    assert chosen_engine("hf://eve/trap") == "tensorflow"


def test_without_its_client_the_hub_is_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(UserError, match=r"pip install 'kerasgan\[hub\]'"):
        zoo.load("hf://ann/squares")


def test_the_client_is_whole_in_a_process_that_imported_nothing_of_it(fresh_process):
    program = """
from kerasgan.zoo.hub_client import import_hub
assert import_hub().constants.ENDPOINT.startswith("https://")
assert import_hub().errors.HfHubHTTPError
"""
    done = fresh_process(program)
    assert done.returncode == 0, done.stderr
