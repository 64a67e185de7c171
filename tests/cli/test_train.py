import json
import os
import re
import shutil
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kerasgan import recipes
from kerasgan.cli import quiet
from kerasgan.errors import UserError


def without_litert(*_, **__):
    raise UserError("There is no converter")


@pytest.mark.usefixtures("without_graphs")
def test_train_sample_and_export_work_together(
    kerasgan, recipe, pictures, tmp_path, system_stderr, monkeypatch
):
    (pictures / "text.png").write_text("no picture")
    code, out, err = kerasgan("train", recipe, "--data", pictures, "--out", "run", "--seed", 4)
    assert code == 0
    assert "Trained 4 iterations" in out
    assert "text.png" in err
    assert (
        json.loads((tmp_path / "run" / "run.json").read_text())["recipe"]["training"]["seed"] == 4
    )

    code, out, _ = kerasgan("train", recipe, "--data", pictures, "--out", "run")
    assert code == 2, "another seed is another training"
    code, out, _ = kerasgan(
        "train", recipe, "--data", pictures, "--out", "run", "--seed", 4, "--iterations", 5
    )
    assert code == 0
    assert "Trained 5 iterations" in out
    assert "run/samples, at iterations 0, 2 and 4\n" in err
    assert "\nThe run will take about " in err
    fewer = ("train", recipe, "--data", pictures, "--out", "run", "--seed", 4, "--iterations", 3)
    Path("run/samples/000005.png").write_bytes(Path("run/samples/000004.png").read_bytes())
    os.utime("run/progress.webp", (0, 0))
    assert "run has 5 iterations already, and 3 were asked for" in kerasgan(*fewer)[2]
    assert tomllib.loads(Path("run/recipe.toml").read_text())["training"]["iterations"] == 5
    assert Path("run/progress.webp").stat().st_mtime > 0, "the newest grid is in it"
    Path("run/samples/000005.png").unlink()
    same = ("train", recipe, "--data", pictures, "--out", "run", "--seed", 4, "--iterations", 5)
    assert "run has 5 iterations already, and 5 were asked for" in kerasgan(*same)[2]
    Image.new("RGB", (40, 40)).save(pictures / "new.png")
    changed = kerasgan(*same)[2]
    assert f"The data in {pictures} have changed" in changed
    assert re.search(r"(\d+) images then, (?!\1 )\d+ now", changed)
    assert "another --out with --init 'run'" in changed
    (pictures / "new.png").unlink()
    shutil.copytree(pictures, tmp_path / "moved")
    first = next((tmp_path / "moved").glob("*.png"))
    first.unlink()
    elsewhere = [tmp_path / "moved" if each is pictures else each for each in same]
    assert "was started with other data (" in kerasgan(*elsewhere)[2]
    (tmp_path / "run" / "progress.webp").unlink()
    assert kerasgan("progress", "run")[1] == "Wrote run/progress.webp\n"
    assert (tmp_path / "run" / "progress.webp").is_file()
    start = ["--init", "run", "--freeze-discriminator", 1]
    code, out, _ = kerasgan(
        "train", recipe, "--data", pictures, "--out", "new", *start, "--dry-run"
    )
    began = f"Started from {tmp_path / 'run'}, with the discriminator's first layer frozen"
    assert began in out

    assert kerasgan("sample", "run", "--count", 3, "--seed", 0, "--out", "grid.png")[0] == 0
    assert kerasgan("sample", "run", "--count", 3, "--seed", 0, "--out", "folder")[0] == 0
    with Image.open("grid.png") as grid, Image.open("folder/0.png") as first:
        assert grid.size == (100, 32)
        np.testing.assert_array_equal(np.asarray(grid)[:32, :32], np.asarray(first))
    assert sorted(path.name for path in (tmp_path / "folder").iterdir()) == [
        "0.png",
        "1.png",
        "2.png",
    ]

    with system_stderr() as lines:
        assert kerasgan("zoo", "export", "run", "entry")[0] == 0
    assert lines[:2] == [
        "Exporting run: reading the weights",
        "Exporting run: SavedModel of iteration 5",
    ]
    assert "files are intact" in kerasgan("zoo", "verify", "entry")[1]
    monkeypatch.setattr("kerasgan.zoo.exporter.write_litert", without_litert)
    with pytest.warns(
        UserWarning, match=r"^The entry has no LiteRT files\. There is no converter$"
    ):
        assert kerasgan("zoo", "export", "run", "plain")[0] == 0
    assert "files are intact" in kerasgan("zoo", "verify", "plain")[1]
    assert kerasgan("zoo", "show", "entry")[1].startswith("# entry\n")
    options = ["--count", 24, "--seed", 0, "--engine", "tensorflow"]
    assert kerasgan("sample", "entry", *options, "--out", "again.png")[0] == 0
    with Image.open("entry/samples.png") as shipped, Image.open("again.png") as again:
        np.testing.assert_array_equal(np.asarray(shipped), np.asarray(again))


def test_dry_run_describes_and_writes_nothing(kerasgan, recipe, pictures, tmp_path):
    options = ["--data", pictures, "--out", "run"]
    code, out, _ = kerasgan("train", recipe, *options, "--dry-run")
    assert code == 0
    for part in (
        "data: 12 images of 32x32x3",
        "objective: WGAN",
        "4 iterations of 2 x 4",
        "memory: at least ",
        "disk space: about ",
        "run folder: run\n",
    ):
        assert part in out
    assert "[model]" not in out
    assert "--all-settings" in out
    code, settings, _ = kerasgan("train", recipe, *options, "--dry-run", "--all-settings")
    summary, recipe_as_toml = settings.split("\n\n", 1)
    assert (code, summary) == (0, out.partition("\n\n")[0])
    assert tomllib.loads(recipe_as_toml)["training"]["log_every"] == 1
    assert not (tmp_path / "run").exists()
    code, _, err = kerasgan("train", recipe, *options, "--dry-run", "--devices", "bogus")
    assert (code, "devices must be all" in err) == (2, True)
    code, _, err = kerasgan("train", recipe, *options, "--all-settings")
    assert code == 2
    assert "--all-settings needs --dry-run" in err


@pytest.mark.usefixtures("without_graphs")
def test_a_run_folder_is_resumed_by_its_name_alone_from_anywhere(
    kerasgan, recipe, pictures, tmp_path, monkeypatch
):
    begin = ["--data", pictures.name, "--out", "run", "--iterations", 1]
    assert kerasgan("train", recipe, *begin)[0] == 0
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    code, out, _ = kerasgan("train", "../run", "--iterations", 2)
    assert (code, "Trained 2 iterations; the model is in ../run" in out) == (0, True)
    # It is the run's from then on, for those who read its files too.
    recorded = json.loads((tmp_path / "run" / "run.json").read_text())["recipe"]
    assert recorded["training"]["iterations"] == 2
    code, _, err = kerasgan("train", tmp_path / "run")
    assert (code, "has 2 iterations already, and 2 were asked for" in err) == (0, True)


@pytest.mark.parametrize(
    ("override", "answer"),
    [
        ("training.batchsize=4", "unknown key training.batchsize; did you mean batch_size?"),
        (
            "training.batch_size='four'",
            "training.batch_size must be a whole number without quotes, got 'four'",
        ),
        ("training.batch_size=13", "training.batch_size is 13, but"),
        ("generator.widht=2", "unknown key generator.widht; did you mean width?"),
        ("generator.width='wide'", "generator.width: expected int, got str"),
        ("model.objective=WGANN", "unknown objective 'WGANN'; did you mean WGAN"),
        ("generator.network=pokemon", "unknown network 'pokemon'"),
        ("training.generator_optimizer.optimizer=RMS", "unknown optimizer 'RMS'"),
        ("data.image_size=64", "draws images of (32, 32, 3), but [data] gives (64, 64, 3)"),
        ("nonsense", "must look like section.key=value"),
    ],
)
def test_a_bad_recipe_is_one_clear_line(kerasgan, recipe, pictures, override, answer):
    code, _, err = kerasgan("train", recipe, "--data", pictures, "--set", override, "--out", "run")
    assert code == 2
    assert answer in err
    assert err.strip().count("\n") == 0


def test_pictures_after_the_recipe_are_answered_with_data(kerasgan):
    code, _, err = kerasgan("train", "fastgan", "my images")
    assert code == 2
    assert "'my images'; give pictures as --data 'my images'\n" in err
    code, _, err = kerasgan("train", "fastgan", "--data", "mine/a.png", "mine/b.png", "mine/c.png")
    assert code == 2
    assert "(mine/b.png mine/c.png); --data takes one folder" in err
    assert err.endswith("as --data mine\n")


def test_missing_data_shows_where_to_get_it(kerasgan, recipe, tmp_path):
    code, _, err = kerasgan("train", recipe)
    assert code == 2
    assert err == "Error: This recipe needs images: pass --data PATH. Draw some squares.\n"
    assert not (tmp_path / "runs").exists()


def test_the_shipped_recipes_are_listed_with_a_line_each(kerasgan):
    code, out, _ = kerasgan("train", "--list")
    assert (code, [line.split()[0] for line in out.splitlines()]) == (0, recipes.list())
    lines = {line.split()[0]: line.split()[1:] for line in out.splitlines()}
    assert lines["pokemon_wgan"] == ["WGAN", "128x128", "pokemon"]
    assert lines["fastgan"][2] == "images"
    code, _, err = kerasgan("train")
    assert code == 2
    assert "train --list" in err


def test_an_output_folder_that_cannot_be_written_is_named(kerasgan, recipe, pictures, tmp_path):
    (tmp_path / "file").touch()
    code, _, err = kerasgan("train", recipe, "--data", pictures, "--out", "file/run")
    assert code == 2
    assert err.startswith("Error: Cannot write to the folder file/run")


def test_training_restarts_with_the_allocator_settings_once(monkeypatch):
    calls = []
    monkeypatch.setattr(quiet.sys, "platform", "linux")
    monkeypatch.setattr(quiet.os, "execv", lambda *arguments: calls.append(arguments))
    for name in quiet._ALLOCATOR:
        monkeypatch.delenv(name, raising=False)
    quiet.restart_with_fast_allocator()
    quiet.restart_with_fast_allocator()
    # As it was started: `-m kerasgan` would import modules of the current folder first.
    assert calls == [(sys.executable, [sys.executable, *sys.orig_argv[1:]])]
    for name, value in quiet._ALLOCATOR.items():
        assert quiet.os.environ[name] == value
        monkeypatch.setenv(name, "0")
