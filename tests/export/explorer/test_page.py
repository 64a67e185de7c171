import contextlib
import hashlib
import http.client
import json
import shutil
import subprocess
import sys
from pathlib import Path

import click.testing
import pytest

import kerasgan
from kerasgan.cli.main import command
from kerasgan.errors import UserError
from kerasgan.export import explorer
from kerasgan.export.explorer import write_page, write_site
from kerasgan.export.explorer.page import site_files
from kerasgan.export.explorer.server import PageServer
from kerasgan.zoo.page_models import page_model

FOLDER = Path(explorer.__file__).parent


def test_the_bundle_was_built_from_these_sources():
    sums = json.loads((FOLDER / "bundle" / "sources.json").read_text())
    sources = [path for path in (FOLDER / "web").iterdir() if path.is_file()]
    assert sums == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sources}, (
        "run scripts/build_explorer.py"
    )


def test_what_is_bundled_is_pinned_and_its_licences_are_listed():
    scripts = Path(kerasgan.__file__).parents[1] / "scripts" / "explorer"
    packages = json.loads((scripts / "package-lock.json").read_text())["packages"]
    bundled = [name for name in packages if name.startswith("node_modules/@litertjs/")]
    licences = (FOLDER / "bundle" / "LICENSES.txt").read_text()
    for name in bundled:
        package = packages[name]
        assert f"{name.removeprefix('node_modules/')} {package['version']}" in licences
        assert package["integrity"].startswith("sha512-")
    assert bundled and "Apache License" in licences


def test_the_page_names_no_address_outside(page_models):
    page = site_files(page_models)["index.html"].decode()
    assert "http://" not in page.replace("http://www.w3.org/", "") and "https://" not in page


def test_a_site_is_replaced_and_other_folders_are_not(page_models, tmp_path):
    site = write_site(page_models[:1], tmp_path / "site")
    assert sorted(path.name for path in site.rglob("*.gz"))[-1] == "worker.js.gz"
    write_site(page_models[1:2], site)
    assert [path.name for path in (site / "models").iterdir()] == ["0"]
    (site / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match=r"mine\.txt"):
        write_site(page_models, site)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "index.html").write_text("my own page")
    with pytest.raises(UserError, match=r"index\.html"):
        write_site(page_models, tmp_path / "notes")


def test_a_page_is_replaced_and_another_file_only_by_force(page_models, tmp_path):
    path = tmp_path / "page.html"
    path.write_text("my own page")
    with pytest.raises(UserError, match="force=True"):
        write_page(page_models[:1], path)
    write_page(page_models[:1], path, force=True)
    write_page(page_models[:1], path)
    assert path.read_text().startswith("<!doctype html>")


def test_a_name_cannot_end_the_element_it_is_in(page_models, tmp_path):
    import msgspec

    name = "</script><script>alert(1)</script>"
    model = page_models[0]
    page = site_files([type(model)(model.config | {"name": name}, model.files)])["index.html"]
    config = page.decode().partition('id="config">')[2].partition("</script>")[0]
    assert msgspec.json.decode(config)["models"][0]["name"] == name


def test_the_server_gives_its_files_and_nothing_else(server):
    def answer(path, host=None):
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Host": host} if host else {})
            response = connection.getresponse()
            return response.status, response.getheader("Content-Type"), len(response.read())

    files = server.files
    assert answer("/") == (200, "text/html; charset=utf-8", len(files["index.html"]))
    assert answer("/litert.wasm.gz")[:2] == (200, "application/gzip")
    assert answer("/../setup.cfg")[0] == 404
    assert answer("/models")[0] == 404
    assert answer("/", host="evil.example")[0] == 403


def test_a_port_in_use_is_an_error_that_says_so(server):
    with pytest.raises(UserError, match=f"Port {server.server_port} is in use"):
        PageServer({}, port=server.server_port)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["pokemon_wgann"], "pokemon_wgan"),
        (["no/such/folder"], "no/such/folder"),
        (["pokemon_wgan", "--out", "page.txt"], "page.txt"),
        (["--port", "70000"], "70000"),
        (["mnist_cppn_gan", "--out", "page.html", "--port", "9"], "leave out --port"),
        (["mnist_cppn_gan", "--out", "page.html", "--no-browser"], "leave out --no-browser"),
        (["mnist_cppn_gan", "--out", "site", "--force"], "leave out --force"),
        (["no/such/folder", "--force"], "--force replaces a .html file; give one as --out"),
    ],
)
def test_bad_input_is_one_sentence(arguments, said, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    done = click.testing.CliRunner().invoke(command, ["explore", *arguments])
    message = done.output if isinstance(done.exception, SystemExit) else str(done.exception)
    assert done.exit_code != 0 and said in message
    assert not list(tmp_path.iterdir())


@pytest.fixture
def explored(page_models, monkeypatch, tmp_path):
    """Runs the command for a zoo of `ready`, which has LiteRT files, and `slow`, which has none."""
    from kerasgan.zoo import page_models as module

    monkeypatch.setattr(module, "names", lambda: ["ready", "slow"])
    folder = {"ready": tmp_path, "slow": None}.get
    for name in ("check_model", "litert_folder"):
        monkeypatch.setattr(module, name, folder)
    model = page_models[0]
    monkeypatch.setattr(
        module, "page_model", lambda name: type(model)(model.config | {"name": name}, model.files)
    )

    def run(*models):
        words = ["explore", *models, "--out", str(tmp_path / "page.html")]
        done = click.testing.CliRunner().invoke(command, words, catch_exceptions=False)
        names = [name for name in ("ready", "slow") if f'"name": "{name}"' in _read(tmp_path)]
        return done.stderr, names

    return run


def _read(folder):
    return (folder / "page.html").read_text()


def test_models_that_must_be_converted_first_are_left_out_with_a_word(explored):
    said, names = explored()
    assert "kerasgan explore slow" in said and said.count("\n") == 1
    assert names == ["ready"]


def test_a_conversion_announces_itself(explored):
    said, names = explored("ready", "slow")
    assert said.startswith("Converting slow") and said.count("\n") == 1
    assert names == ["ready", "slow"]


def test_shipped_files_are_read_without_tensorflow():
    program = (
        "import sys; from kerasgan.zoo.page_models import check_model, litert_folder;"
        "from kerasgan.export.explorer.server import PageServer; check_model('pokemon_wgan');"
        "assert 'tensorflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_notebook_shows_the_page_inline(page_models, monkeypatch):
    monkeypatch.setattr("kerasgan.zoo.exploration.page_model", lambda name: page_models[0])
    shown = kerasgan.explore("conditional", height=500)
    assert repr(shown) == "<Exploration of conditional>"
    assert shown._repr_html_().startswith("<iframe ") and "height: 500px" in shown._repr_html_()
    with pytest.raises(UserError, match="Received: 3"):
        kerasgan.explore(3)


def test_models_that_are_given_themselves_have_names_of_their_own(plain, genres, monkeypatch):
    from kerasgan.export.explorer.page_model import PageModel

    monkeypatch.setattr(
        "kerasgan.zoo.exploration.page_model_of",
        lambda model, name: PageModel({"name": name or type(model).__name__}, {}),
    )
    monkeypatch.setattr(
        "kerasgan.zoo.exploration.page_model", lambda name: PageModel({"name": name}, {})
    )

    def names(*models, **options):
        return [model.config["name"] for model in kerasgan.explore(*models, **options).models]

    assert names(plain, "zoo", genres, name=["a", "b"]) == ["a", "zoo", "b"]
    assert names("zoo", plain, name="a") == ["zoo", "a"]
    assert names(plain, genres) == ["WGAN", "WassersteinACGAN"]
    for options in ({"name": "a"}, {"name": ["a", "b", "c"]}):
        with pytest.raises(UserError, match=r"one name for each of 2\. Received: name="):
            kerasgan.explore(plain, genres, **options)
    with pytest.raises(UserError, match="one name for each of 0"):
        kerasgan.explore("zoo", name="a")
    with pytest.raises(UserError, match=r"Two models have the name 'WGAN'.* name each"):
        kerasgan.explore(plain, plain)


def test_a_folder_of_litert_files_has_a_name_that_commands_know(litert_files, tmp_path):
    from kerasgan.zoo.checksums import write_checksums

    alone = shutil.copytree(litert_files["plain"], tmp_path / "exported")
    assert page_model(alone).config["name"] == "plain"
    entry = tmp_path / "entry"
    shutil.copytree(litert_files["plain"], entry / "litert")
    (entry / "metrics.json").touch()
    write_checksums(entry)
    for named in (entry, entry / "litert"):
        assert page_model(named).config["name"] == str(entry)


def test_a_site_below_the_home_folder_is_written_where_it_is_said_to_be(
    page_models, tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    site = write_site(page_models[:1], "~/site")
    assert site == tmp_path / "site"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (site / "index.html").is_file()
