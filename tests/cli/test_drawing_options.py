"""`--out` and `--force` of the commands that draw."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kerasgan.class_names import class_number
from kerasgan.cli.drawing_options import requested_classes
from kerasgan.data.embedded import embedded_images

pytestmark = pytest.mark.usefixtures("models")

COMMANDS = {
    "samples.png": ["sample", "plain", "--count", 2],
    "render.png": ["render", "cppn", "--size", 9],
    "morph.gif": ["morph", "plain", "--seeds", "1,2", "--frames", 2],
    "blend.png": ["blend", "plain", "A", "A=1"],
    "latents.npy": ["encode", "autoencoder", "seen.png"],
    "preview.png": ["data", "preview", str(embedded_images("creatures")), "--image-size", 8],
}


@pytest.fixture(autouse=True)
def seen():
    Image.new("L", (8, 8), 99).save("seen.png")


@pytest.mark.parametrize("default", COMMANDS)
def test_without_a_name_nothing_is_overwritten(kerasgan, default):
    first = Path(default)
    first.write_text("mine")
    # The same preview replaces its own earlier one; another does not.
    other = ["--seed", 1] if default == "preview.png" else []
    for number, options in ((2, []), (3, other)):
        code, out, err = kerasgan(*COMMANDS[default], *options)
        assert code == 0, err
        path = first.with_name(f"{first.stem}-{number}{first.suffix}")
        assert path.name in out
        assert path.stat().st_size > 20
    assert first.read_text() == "mine"


DEFAULTS = sorted(set(COMMANDS) - {"preview.png"})


@pytest.mark.parametrize("default", [*DEFAULTS, "picks", "sheet"])
def test_what_takes_the_name_while_a_command_draws_stays(kerasgan, default, monkeypatch):
    pick = ["sample", "plain", "--pick", "1,2"]
    sheet = ["render", "--random", "--count", 2, "--size", 64]
    command = {**COMMANDS, "picks": pick, "sheet": sheet}[default]
    taken = Path("render.png" if default == "sheet" else default)
    monkeypatch.setattr(os, "fsync", lambda file: taken.write_text("another's"))
    code, out, err = kerasgan(*command)
    assert code == 0, err
    second = taken.with_name(f"{taken.stem}-2{taken.suffix}")
    assert second.exists()
    assert second.name in out
    assert taken.read_text() == "another's"
    assert {path.name for path in Path().iterdir()} - {"cache", "seen.png"} == {
        taken.name,
        second.name,
    }


@pytest.mark.parametrize("default", DEFAULTS)
def test_a_command_that_fails_takes_no_name(kerasgan, default, monkeypatch):
    def full(file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    code, _, err = kerasgan(*COMMANDS[default])
    assert (code, err.splitlines()[-1]) == (
        2,
        f"Error: Cannot write {default}: No space left on device",
    )
    assert {path.name for path in Path().iterdir()} <= {"cache", "seen.png"}


def test_a_blend_that_cannot_be_written_writes_no_latent(kerasgan):
    wide = ["--show-operands", "--size", "21900x9", "--latent-out", "z.npy", "--out", "a.jpg"]
    code, _, err = kerasgan("blend", "cppn", "A + B", "A=1", "B=2", *wide)
    assert (code, "JPEG holds pictures of up to" in err) == (2, True)
    assert not Path("z.npy").exists()


@pytest.mark.parametrize("default", COMMANDS)
def test_a_users_file_is_overwritten_only_by_force(kerasgan, default):
    path = Path("mine" + Path(default).suffix)
    path.write_text("mine")
    options = [*COMMANDS[default], "--out", path]
    code, out, err = kerasgan(*options)
    assert (code, out) == (2, "")
    assert f"Error: {path} exists and does not say that kerasgan wrote it" in err
    assert "pass --force to replace it" in err
    assert path.read_text() == "mine"
    assert kerasgan(*options, "--force")[0] == 0
    assert path.stat().st_size > 20


@pytest.mark.parametrize("default", sorted(set(COMMANDS) - {"latents.npy"}))
def test_its_own_file_is_replaced(kerasgan, default):
    options = [*COMMANDS[default], "--out", "own" + Path(default).suffix]
    assert [kerasgan(*options)[0] for _ in range(2)] == [0, 0]


def test_a_latent_of_the_users_is_not_overwritten_by_a_blend(kerasgan):
    np.save("z.npy", np.zeros(3))
    before = Path("z.npy").read_bytes()
    code, _, err = kerasgan("blend", "plain", "2 * A", "A=z.npy", "--latent-out", "z.npy")
    assert (code, Path("z.npy").read_bytes()) == (2, before)
    assert "z.npy exists" in err


@pytest.mark.parametrize("command", ["sample", "morph"])
def test_a_second_series_is_refused_in_a_folder(kerasgan, command):
    long = {"sample": ["--count", 11], "morph": ["--seeds", "1,2", "--frames", 11]}[command]
    short = {"sample": ["--count", 3], "morph": ["--seeds", "1,2", "--frames", 3]}[command]
    assert kerasgan(command, "plain", *long, "--out", "drawn")[0] == 0
    code, _, err = kerasgan(command, "plain", *short, "--out", "drawn")
    assert code == 2
    assert "The folder drawn has pictures already (00.png)" in err
    assert kerasgan(command, "plain", *short, "--out", "drawn", "--force")[0] == 0
    assert sorted(path.name for path in Path("drawn").iterdir()) == ["0.png", "1.png", "2.png"]


def test_again_does_not_overwrite_a_users_picture(kerasgan):
    assert kerasgan("sample", "plain", "--count", 1, "--out", "seen-too.png")[0] == 0
    Path("photos").mkdir()
    Image.new("L", (8, 8), 99).save("photos/seen-too.png")
    before = Path("photos/seen-too.png").read_bytes()
    for out in ("photos", "photos/seen-too.png"):
        code, _, err = kerasgan("sample", "--again", "seen-too.png", "--out", out)
        assert code == 2, out
        assert "does not say that kerasgan wrote it" in err
    assert Path("photos/seen-too.png").read_bytes() == before


def test_one_label_option_names_the_classes_of_several_sets():
    sets = ["genre", "style"]
    requested = requested_classes(sets, ["genre=still life, old,style=3", "style=Cubism"], "gogh")
    assert requested == {"genre": ["still life, old"], "style": ["3", "Cubism"]}


def test_classes_may_have_an_equals_sign():
    assert requested_classes(["genre"], ["x=y", "genre=a=b"], "mine") == {"genre": ["x=y", "a=b"]}
    assert requested_classes(["genre", "style"], ["genre=a=b"], "mine") == {"genre": ["a=b"]}


def test_folders_named_by_digits_are_asked_for_by_their_names():
    requested = requested_classes(["folder"], ["1", "007"], "mine")["folder"]
    assert [class_number(label, ("1", "2", "007")) for label in requested] == [0, 2]
