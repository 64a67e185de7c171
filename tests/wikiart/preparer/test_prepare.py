import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from kerasgan.errors import UserError
from kerasgan.files.folder_lock import folder_lock
from kerasgan.wikiart.preparer import prepare as module
from kerasgan.wikiart.preparer import work_folder
from kerasgan.wikiart.preparer.prepare import prepare
from tests.wikiart.sources import (
    contents,
    painting,
    prepared_examples,
    save,
    scraped,
    write_dump,
    write_image_folder,
    zipped,
)

# Sixteen paintings: enough that a quarter of them for testing leaves some on either side.
DUMP = {
    f"{('Art_Nouveau_Modern', 'Pop_Art')[number % 2]}/artist-{number % 3}_work-{number}-1900.jpg": (
        4,
        6,
        None,
        9,
    )[number % 4]
    for number in range(16)
}
GENRES = {4: "landscape", 6: "portrait", 9: "still_life", None: None}
OPTIONS = {"size": 32, "test_fraction": 0.25, "workers": 1}


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(work_folder, "PART_SIZE", 3)


@pytest.fixture(scope="module")
def dump(tmp_path_factory):
    return write_dump(tmp_path_factory.mktemp("source") / "dump", DUMP)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, dump):
    out = tmp_path_factory.mktemp("out") / "paintings"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work_folder, "PART_SIZE", 3)
        return out, prepare(dump, out, **OPTIONS)


def error_of(source, out, **options):
    with pytest.raises(UserError) as caught:
        prepare(source, out, **{**OPTIONS, **options})
    assert not out.is_dir()
    return str(caught.value)


def test_tfds_reads_every_painting_with_its_labels_and_names(prepared):
    out, preparation = prepared
    found = prepared_examples(out)
    assert {split: len(of_split) for split, of_split in found.items()} == preparation.written
    assert not preparation.skipped
    examples = found["train"] | found["test"]
    assert len(examples) == sum(preparation.written.values()) == 16
    for seed, (name, genre) in enumerate(DUMP.items()):
        example = examples[name.removesuffix(".jpg")]
        style, file = name.split("/")
        assert (example["style"], example["styles"]) == (style, [style])
        assert example["genre"] == GENRES[genre]
        assert example["genres"] == [GENRES[genre]] * (genre is not None)
        assert example["artist"] == file.split("_")[0]
        assert (example["title"], example["year"]) == (f"work {seed}", 1900)
        exact = painting(seed).resize((32, 32), Image.Resampling.LANCZOS)
        difference = example["image"].astype(int) - np.asarray(exact)
        # The dump's own JPEG differs from `painting` too, by as much.
        assert np.abs(difference).mean() < 6


def test_images_are_kept_within_a_grey_level_or_two(tmp_path):
    save(painting(1, (32, 32)), tmp_path / "in" / "1.png")
    (tmp_path / "in" / "metadata.jsonl").write_text('{"file_name": "1.png"}\n')
    prepare(tmp_path / "in", tmp_path / "out", size=32, test_fraction=0, workers=1)
    (example,) = prepared_examples(tmp_path / "out")["train"].values()
    difference = example["image"].astype(int) - np.asarray(painting(1, (32, 32)))
    # TensorFlow's fast decoder of JPEG; with Pillow's it is half of this.
    assert np.abs(difference).mean() < 2.5
    assert example["image"].dtype == np.uint8
    assert (example["genre"], example["style"], example["artist"]) == (None, None, None)


def test_same_source_gives_the_same_bytes_as_folder_or_zip_and_with_any_workers(
    prepared, dump, tmp_path
):
    archive = zipped(dump, tmp_path / "dump.zip", inside="download/")
    prepare(archive, tmp_path / "out", **{**OPTIONS, "workers": 2})
    assert contents(tmp_path / "out") == contents(prepared[0])
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["out"]


def test_scraped_folder_keeps_all_classes_and_labels_with_the_first_requested(tmp_path):
    genres = (["marina", "landscape"], ["portrait"], [], ["landscape", "nude"])
    rows = [scraped(number, genres=genres[number]) for number in range(4)]
    source = write_image_folder(tmp_path / "in", rows)
    prepare(source, tmp_path / "all", size=16, test_fraction=0, workers=1)
    examples = prepared_examples(tmp_path / "all")["train"]
    assert [examples[row["id"]]["genre"] for row in rows] == [
        "marina",
        "portrait",
        None,
        "landscape",
    ]
    assert [examples[row["id"]]["genres"] for row in rows] == [*map(list, genres)]
    assert examples[rows[0]["id"]]["year"] == 1890
    chosen = prepare(
        source,
        tmp_path / "some",
        size=16,
        test_fraction=0,
        workers=1,
        genres=["nude=figure", "landscape"],
    )
    examples = prepared_examples(tmp_path / "some")["train"]
    assert {key: example["genres"] for key, example in examples.items()} == {
        rows[0]["id"]: ["landscape"],
        rows[3]["id"]: ["figure", "landscape"],
    }
    assert examples[rows[3]["id"]]["genre"] == "figure"
    assert chosen.causes == {"other genre": 2}
    names = (tmp_path / "some" / "genre.labels.txt").read_text().split()
    assert names == ["figure", "landscape"]


def test_unreadable_and_missing_files_are_left_out_with_their_causes(tmp_path):
    source = write_dump(tmp_path / "in", DUMP)
    files = sorted((source / "wikiart").rglob("*.jpg"))
    files[0].unlink()
    files[1].write_bytes(b"")
    files[2].write_bytes(files[3].read_bytes()[:400])
    files[4].write_text("<html>not found</html>")
    preparation = prepare(source, tmp_path / "out", **OPTIONS)
    assert preparation.causes == {"unreadable image": 3, "missing file": 1}
    assert sum(preparation.written.values()) == 12
    told = json.loads((tmp_path / "out" / "preparation.json").read_text())
    assert [path.split("/")[-1] for path, _, _ in told["skipped"]] == [
        path.name for path in (files[0], files[1], files[2], files[4])
    ]
    assert "truncated" in told["skipped"][2][2].lower()


def test_copies_and_other_reproductions_are_left_out_and_their_labels_kept(tmp_path):
    rows = [scraped(number, genres=[f"genre {number}"]) for number in range(4)]
    source = write_image_folder(tmp_path / "in", rows)
    original = source / rows[0]["file_name"]
    (source / rows[1]["file_name"]).write_bytes(original.read_bytes())
    with Image.open(original) as picture:
        larger = picture.resize((80, 60)).point(lambda value: value * 0.9)
    save(larger, source / rows[2]["file_name"], quality=60)
    options = {"size": 32, "test_fraction": 0, "workers": 1}

    exact = prepare(source, tmp_path / "exact", dedupe="exact", **options)
    assert [(skip.path, skip.cause) for skip in exact.skipped] == [
        (rows[1]["file_name"], "duplicate")
    ]
    perceptual = prepare(source, tmp_path / "perceptual", dedupe="perceptual", **options)
    # The original is a near-duplicate of the larger one, and so is its copy.
    assert perceptual.causes == {"near-duplicate": 2}
    kept = prepared_examples(tmp_path / "perceptual")["train"]
    # The largest stays.
    assert set(kept) == {rows[2]["id"], rows[3]["id"]}
    assert kept[rows[2]["id"]]["genres"] == ["genre 2", "genre 0", "genre 1"]


# Kills the process, as `kill -9` does, at the first call of a function after some others.
KILLED = """
import os, signal, sys
from kerasgan.wikiart.preparer import {module}
from kerasgan.wikiart.preparer import prepare
from kerasgan.wikiart.preparer import work_folder
work_folder.PART_SIZE = 3
whole, calls = {module}.{function}, 0
def killed(*arguments):
    global calls
    calls += 1
    if calls == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(*arguments)
{module}.{function} = killed
prepare.prepare(sys.argv[1], sys.argv[2], size=32, test_fraction=0.25, workers=1)
"""


@pytest.mark.parametrize(
    ("module_name", "function"), [("parts", "Part.prepare"), ("builder", "_read_part")]
)
def test_killed_preparation_leaves_nothing_that_looks_whole_and_goes_on(
    prepared, dump, tmp_path, monkeypatch, module_name, function
):
    out, work = tmp_path / "out", tmp_path / "out.incomplete"
    code = KILLED.format(module=module_name, function=function)
    killed = subprocess.run([sys.executable, "-c", code, str(dump), str(out)], capture_output=True)
    assert killed.returncode == -9, killed.stderr.decode()
    assert not out.exists()
    assert not list(work.rglob("dataset_info.json"))
    done = {path: path.stat().st_mtime_ns for path in work.rglob("*.jsonl")}
    assert len(done) == {"parts": 2, "builder": 6}[module_name]

    written = []
    publish = module.publish_folder

    def observed(folder, target):
        written.append({path: path.stat().st_mtime_ns for path in done})
        publish(folder, target)

    monkeypatch.setattr(module, "publish_folder", observed)
    prepare(dump, out, **OPTIONS)
    assert contents(out) == contents(prepared[0])
    assert written == [done], "what was decoded was decoded again"
    assert not work.exists()


def test_interrupted_preparation_of_other_files_or_options_starts_anew(dump, tmp_path, monkeypatch):
    source = write_dump(tmp_path / "dump", DUMP)
    out = tmp_path / "out"

    def interrupted(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "plan_dataset", lambda *a, **k: interrupted())
        with pytest.raises(KeyboardInterrupt):
            prepare(source, out, **{**OPTIONS, "size": 8})
        save(painting(99), sorted(source.rglob("*.jpg"))[0])
        with pytest.raises(KeyboardInterrupt):
            prepare(source, out, **OPTIONS)
    assert not out.exists()
    prepare(dump, tmp_path / "before", **OPTIONS)
    prepare(source, out, **OPTIONS)
    before, after = (prepared_examples(folder) for folder in (tmp_path / "before", out))
    changed = [
        key
        for split in after
        for key in after[split]
        if not np.array_equal(after[split][key]["image"], before[split][key]["image"])
    ]
    assert len(changed) == 1


def test_only_an_absent_or_empty_folder_is_written_to(dump, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    with pytest.raises(UserError, match=r"full .*mine\.txt"):
        prepare(dump, tmp_path / "full", **OPTIONS)
    (tmp_path / "taken.incomplete").mkdir()
    (tmp_path / "taken.incomplete" / "mine.txt").touch()
    assert "taken.incomplete is in the way" in error_of(dump, tmp_path / "taken")
    assert (tmp_path / "taken.incomplete" / "mine.txt").exists()
    # What an interrupted preparation left is gone on from, but not what was put beside it.
    (tmp_path / "taken.incomplete" / "preparing.txt").write_text("0" * 64)
    assert "taken.incomplete" in error_of(dump, tmp_path / "taken")
    (tmp_path / "noted.incomplete" / "drafts").mkdir(parents=True)
    (tmp_path / "noted.incomplete" / "preparing.txt").write_text("Preparing dinner.")
    assert "noted.incomplete" in error_of(dump, tmp_path / "noted")
    assert (tmp_path / "noted.incomplete" / "drafts").exists()
    assert "dump/out" in error_of(dump, dump / "out")
    (tmp_path / "link").symlink_to("behind")
    prepare(dump, tmp_path / "link", **OPTIONS)
    assert (tmp_path / "behind" / "dataset_info.json").exists()
    with folder_lock(tmp_path / "busy.incomplete", busy=""):
        assert "Another process" in error_of(dump, tmp_path / "busy")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": 0}, "^size must be .*size=0"),
        ({"fit": "stretch"}, "stretch"),
        ({"test_fraction": 1.0}, "test_fraction.*1.0"),
        ({"min_per_class": -1}, "min_per_class"),
        ({"dedupe": "yes"}, "dedupe.*none, exact, perceptual.*'yes'"),
        ({"workers": 0}, "workers"),
        ({"genres": ["landscap"]}, '"landscap".*landscape'),
        ({"styles": ["Pop_Art", "Pop_Art"]}, "style.*Pop_Art,Pop_Art"),
        ({"genres": ["portrait="]}, "genre.*'portrait='"),
        ({"genres": ["portrait=a\nb"]}, r"genre.*'portrait=a\\nb'"),
        ({"min_per_class": 9}, "small class"),
        ({"test_fraction": 1e-9}, "16 paintings.*test_fraction.*1e-09"),
    ],
)
def test_wrong_options_are_named(dump, tmp_path, options, message):
    with pytest.raises(UserError, match=message):
        prepare(dump, tmp_path / "out", **{**OPTIONS, **options})
    assert not (tmp_path / "out").exists()


def test_files_that_are_left_out_are_told_whatever_their_names(tmp_path):
    rows = [{"file_name": "1.png"}]
    source = write_image_folder(tmp_path / "in", rows)
    odd = "torn\udce9.png"
    try:
        (source / odd).write_text("torn")
    except (OSError, UnicodeError):
        pytest.skip("such a name cannot be given here")
    options = {"size": 16, "test_fraction": 0, "workers": 1}
    prepare(source, tmp_path / "out", **options)
    told = json.loads((tmp_path / "out" / "preparation.json").read_text())
    assert told["skipped"] == [[odd, "not in the metadata", ""]]


def test_source_without_a_readable_image_is_named(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.png").write_text("no picture")
    (tmp_path / "in" / "metadata.jsonl").write_text('{"file_name": "1.png"}\n')
    message = error_of(tmp_path / "in", tmp_path / "out")
    assert "no painting is left (1 unreadable image; the first is 1.png, damaged" in message


def test_comments_and_profiles_of_the_source_are_not_kept(tmp_path):
    secret = b"somebody's name"
    save(painting(1, (32, 32)), tmp_path / "in" / "1.jpg", comment=secret, icc_profile=secret)
    (tmp_path / "in" / "metadata.jsonl").write_text('{"file_name": "1.jpg"}\n')
    prepare(tmp_path / "in", tmp_path / "out", size=32, test_fraction=0, workers=1)
    files = contents(tmp_path / "out")
    assert files
    assert all(secret not in content for content in files.values())
