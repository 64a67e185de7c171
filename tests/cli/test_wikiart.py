import subprocess
import sys

import pytest

from kerasgan.wikiart.scraper.site import GENRES, STYLES
from tests.wikiart.fake_site import FakeSite, html


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with FakeSite() as site:
        yield site


def test_list_shows_the_genres_and_styles(kerasgan):
    code, out, err = kerasgan("wikiart", "scrape", "--list")
    assert (code, err) == (0, "")
    assert set(GENRES + STYLES) <= set(out.split())
    assert (len(GENRES), len(STYLES)) == (14, 27)


def test_help_and_list_load_no_scrapy():
    script = (
        "import sys\n"
        "from kerasgan.cli.main import command\n"
        "command.main(['wikiart', 'scrape', '--list'], standalone_mode=False)\n"
        "heavy = {'tensorflow', 'keras', 'numpy', 'PIL', 'scrapy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_scrape_shows_progress_and_ends_with_tables(kerasgan, site, tmp_path):
    paths = [site.add(number, "genre/marina", "style/rococo") for number in range(3)]
    site.faults[paths[0]] = [html]
    options = ["--genre", "marina", "--style", "rococo", "--delay", 0, "--base-url", site.url]
    code, out, err = kerasgan("wikiart", "scrape", *options, "--out", "paintings")
    assert code == 0
    lines = [line.split() for line in out.splitlines()]
    assert ["genre:marina", "3", "3", "0", "0", "0"] in lines
    assert ["style:rococo", "3", "3", "0", "0", "0"] in lines
    assert ["not", "an", "image", "1", "0"] in [line[:5] for line in lines]
    assert out.endswith("3 new images, 3 in all, in paintings\n")
    assert "3/3" in err
    assert len(list((tmp_path / "paintings" / "images").iterdir())) == 3


def test_pages_that_could_not_be_read_are_an_exit_code(kerasgan, site):
    site.faults["/en/paintings-by-genre/marina"] = [html] * 9
    options = ["--genre", "marina", "--delay", 0, "--base-url", site.url]
    code, out, _ = kerasgan("wikiart", "scrape", *options)
    assert code == 1
    assert "pages lost: 1" in out
    assert "Not all pages could be read" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "Say what to scrape: --genre, --style or --artist"),
        (["--genre", "landscapes"], "There is no genre 'landscapes'; did you mean landscape?"),
        (["--style", "Baroque"], "There is no style 'Baroque'; did you mean baroque?"),
        (["--genre", "marina", "--delay", "0"], "delay must be at least 1 seconds"),
        (["--genre", "marina", "--out", "file/out"], "Cannot write to the folder file/out"),
    ],
)
def test_bad_input_is_one_clear_line(kerasgan, tmp_path, options, message):
    (tmp_path / "file").touch()
    code, out, err = kerasgan("wikiart", "scrape", *options)
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: {message}")
    assert err.count("\n") == 1


def test_without_scrapy_the_command_says_what_to_install(kerasgan, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "scrapy", None)
    code, out, err = kerasgan("wikiart", "scrape", "--genre", "marina", "--out", "paintings")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "pip install 'kerasgan[wikiart]'" in err
    assert not (tmp_path / "paintings").exists()
