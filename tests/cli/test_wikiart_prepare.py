import pytest

from tests.wikiart.sources import painting, save, write_dump


@pytest.fixture
def dump(tmp_path):
    paintings = {f"Pop_Art/artist_work-{number}.jpg": (4, 6)[number % 2] for number in range(6)}
    return write_dump(tmp_path / "dump", paintings)


def error(result):
    code, out, err = result
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
    return err


def test_prepare_writes_and_stats_counts(kerasgan, dump, tmp_path, monkeypatch):
    save(painting(0), dump / "wikiart" / "Pop_Art" / "torn.jpg").write_bytes(b"torn")
    options = ["--size", 16, "--test-fraction", 0, "--workers", 1]
    code, out, err = kerasgan(
        "wikiart", "prepare", "dump", "out", *options, "--genres", "portrait=face,landscape"
    )
    assert code == 0, err
    assert out == "Wrote 6 paintings to out (6 train)\nskipped 1: other genre\n"
    code, out, err = kerasgan("wikiart", "stats", "out")
    assert (code, err) == (0, "")
    assert "face" in out
    assert out.endswith("3 contact sheets in out_contact_sheets\n")
    sheet = tmp_path / "out_contact_sheets" / "genre-face.png"
    assert sheet.exists()
    # The folder of the data set has no pictures.
    assert not list((tmp_path / "out").rglob("*.png"))
    monkeypatch.chdir(tmp_path / "out")
    assert kerasgan("wikiart", "stats", ".")[1].endswith(f"{tmp_path}/out_contact_sheets\n")
    monkeypatch.chdir(tmp_path)
    sheet.write_text("mine")
    assert "genre-face.png exists and does not say" in error(kerasgan("wikiart", "stats", "out"))
    assert sheet.read_text() == "mine"
    assert kerasgan("wikiart", "stats", "out", "--force")[0] == 0
    assert "out is not empty: it has " in error(kerasgan("wikiart", "prepare", "dump", "out"))


def test_mistakes_are_one_clear_line(kerasgan, dump, tmp_path):
    assert "nowhere" in error(kerasgan("wikiart", "prepare", "nowhere", "out"))
    assert "stretch" in error(kerasgan("wikiart", "prepare", "dump", "out", "--fit", "stretch"))
    assert "landscape" in error(kerasgan("wikiart", "prepare", "dump", "out", "--genres", "scape"))
    assert "each genre" in error(kerasgan("wikiart", "prepare", "dump", "out", "--genres", ""))
    assert "not written by" in error(kerasgan("wikiart", "stats", "dump"))
    (tmp_path / "no.zip").write_text("no zip")
    assert "no.zip" in error(kerasgan("wikiart", "prepare", "no.zip", "out"))
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "out.incomplete").exists()
