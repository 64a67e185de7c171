import json
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from PIL import Image

from kerasgan.data import load_images
from kerasgan.data.sources.casia import gb2312_characters, prepare_casia
from kerasgan.errors import UserError
from tests.gnt import gnt, pixels, record

FILES = {
    "Gnt1.1TrainPart1/1001-c.gnt": "啊阿A一",
    "Gnt1.1TrainPart2/1002-c.gnt": "阿啊啊",
    "Gnt1.1Test/1241-c.gnt": "一啊",
}


@pytest.fixture
def source(tmp_path):
    return write(tmp_path / "casia")


def write(root, files=FILES):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(gnt(text))
    return root


def zipped(root, path, inside=""):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(root.rglob("*")):
            archive.write(file, inside + file.relative_to(root).as_posix())
    return path


def written(folder):
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.png"))


IMAGES = [
    "test/一/0000.png",
    "test/啊/0000.png",
    "train/一/0000.png",
    "train/啊/0000.png",
    "train/啊/0001.png",
    "train/啊/0002.png",
    "train/阿/0000.png",
    "train/阿/0001.png",
]


def test_chinese_characters_become_images_in_folders_by_split_and_character(source, tmp_path):
    prepared = prepare_casia(source, tmp_path / "out")
    assert written(tmp_path / "out") == IMAGES
    assert prepared.images == {"train": 6, "test": 2}
    assert prepared.characters == "一啊阿"
    assert prepared.left_out == 1
    assert prepared.bad == ()
    # The fourth character of the first file.
    with Image.open(tmp_path / "out/train/一/0000.png") as image:
        assert image.mode == "L"
        np.testing.assert_array_equal(np.asarray(image), pixels(3))
    report = json.loads((tmp_path / "out" / "casia.json").read_text())
    assert report["images"] == {"train": 6, "test": 2}


def test_what_is_prepared_is_read_with_its_characters_as_classes(source, tmp_path):
    prepare_casia(source, tmp_path / "out")
    options = {"path": tmp_path / "out", "image_size": 8, "channels": 1}
    train = load_images("images", **options)
    assert train.class_names == {"folder": ("一", "啊", "阿")}
    np.testing.assert_array_equal(train.labels["folder"], [0, 1, 1, 1, 2, 2])
    assert len(load_images("images", split="test", **options)) == 2
    assert len(load_images("casia", **options)) == 6


def test_zips_are_read_as_they_were_downloaded(source, tmp_path):
    zips = tmp_path / "zips"
    zips.mkdir()
    for part in ("Gnt1.1TrainPart1", "Gnt1.1TrainPart2", "Gnt1.1Test"):
        zipped(source / part, zips / f"{part}.zip")
    prepare_casia(zips, tmp_path / "out")
    assert written(tmp_path / "out") == IMAGES
    prepare_casia(zipped(source, tmp_path / "all.zip"), tmp_path / "again")
    assert written(tmp_path / "again") == IMAGES


def test_one_part_alone_is_of_the_split_that_its_own_folder_says(source, tmp_path):
    assert prepare_casia(source / "Gnt1.1Test", tmp_path / "1").images == {"test": 2}
    file = source / "Gnt1.1Test" / "1241-c.gnt"
    assert prepare_casia(file, tmp_path / "2").images == {"train": 2}
    assert prepare_casia(file.rename(source / "1.0test-gb1.gnt"), tmp_path / "3").images == {
        "test": 2
    }


def test_innermost_name_says_the_split_and_words_that_contain_it_do_not(tmp_path):
    names = ("test/HWDB1.1trn_gnt/1.gnt", "latest/2.gnt", "train/HWDB1.1tst_gnt/3.gnt")
    source = write(tmp_path / "some", dict.fromkeys(names, "啊"))
    assert prepare_casia(source, tmp_path / "out").images == {"train": 2, "test": 1}


def test_what_was_unpacked_beside_its_zip_is_read_once(source, tmp_path):
    zipped(source / "Gnt1.1Test", source / "Gnt1.1Test.zip")
    prepared = prepare_casia(source, tmp_path / "out")
    assert written(tmp_path / "out") == IMAGES
    assert len(prepared.repeated) == 1


def test_files_of_one_name_and_other_content_are_all_read(tmp_path):
    source = write(tmp_path / "casia", {"train/1.gnt": "啊", "test/1.gnt": "阿"})
    assert prepare_casia(source, tmp_path / "out").images == {"train": 1, "test": 1}


def test_characters_can_be_chosen(source, tmp_path):
    assert prepare_casia(source, tmp_path / "1", characters=1).characters == "啊"
    assert prepare_casia(source, tmp_path / "2", characters=2).characters == "啊阿"
    chosen = prepare_casia(source, tmp_path / "3", characters="A 一")
    assert chosen.characters == "A一"
    assert chosen.left_out == 6
    assert written(tmp_path / "3")[1:] == ["train/U+0041/0000.png", "train/一/0000.png"]


def test_the_order_of_gb2312_is_its_own():
    characters = gb2312_characters()
    assert len(characters) == len(set(characters)) == 6763
    # The last of the common characters, by pronunciation, and the first of the others, by radical.
    assert characters[3754:3756] == "座亍"


@pytest.mark.parametrize(
    ("characters", "reason"),
    [
        (0, r"6763.*characters=0"),
        (6764, "characters=6764"),
        ("", "characters=''"),
        ("啊丁七", "丁 七"),
        ("丁", r" 9 .*\b0 bad"),
    ],
)
def test_characters_that_are_not_there_are_named_and_nothing_is_written(
    source, tmp_path, characters, reason
):
    with pytest.raises(UserError, match=reason):
        prepare_casia(source, tmp_path / "out", characters=characters)
    assert list(tmp_path.iterdir()) == [source]


def test_bad_records_are_counted_and_named_and_the_others_are_written(source, tmp_path):
    bad = record("", pixels(5), tag=b"\xff\xff")
    file = source / "Gnt1.1Test" / "1241-c.gnt"
    file.write_bytes(gnt("一") + bad + gnt("啊"))
    prepared = prepare_casia(source, tmp_path / "out")
    assert written(tmp_path / "out") == IMAGES
    (only,) = prepared.bad
    assert only.file == "casia/Gnt1.1Test/1241-c.gnt"
    assert only.offset == len(gnt("一"))
    report = json.loads((tmp_path / "out" / "casia.json").read_text())
    assert report["bad"][0]["reason"] == only.reason


def test_a_damaged_member_of_a_zip_is_named_and_the_others_are_written(source, tmp_path):
    path = zipped(source, tmp_path / "all.zip")
    content = path.read_bytes()
    at = content.index(gnt("阿啊啊")) + 30
    path.write_bytes(content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :])
    prepared = prepare_casia(path, tmp_path / "out")
    assert prepared.images == {"train": 3, "test": 2}
    assert "1002-c.gnt" in prepared.bad[0].file
    assert "CRC" in prepared.bad[0].reason


def test_nothing_but_bad_records_is_an_error_that_names_the_first(tmp_path):
    (tmp_path / "1.gnt").write_bytes(b"hello, these are no characters")
    with pytest.raises(UserError, match=r" 1 .*1\.gnt, byte 0"):
        prepare_casia(tmp_path / "1.gnt", tmp_path / "out")
    assert list(tmp_path.iterdir()) == [tmp_path / "1.gnt"]


def test_a_folder_without_such_files_says_where_they_are(tmp_path):
    with pytest.raises(UserError, match=r"\.gnt .*https://nlpr\.ia\.ac\.cn/databases"):
        prepare_casia(tmp_path, tmp_path / "out")


def test_what_is_there_is_not_overwritten(source, tmp_path):
    (tmp_path / "out").mkdir()
    prepare_casia(source, tmp_path / "out")
    (tmp_path / "out" / "mine.txt").touch()
    with pytest.raises(UserError, match="out "):
        prepare_casia(source, tmp_path / "out")
    assert (tmp_path / "out" / "mine.txt").exists()


def test_a_place_that_cannot_be_written_is_named(source, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"file"):
        prepare_casia(source, tmp_path / "file" / "out")


def test_a_killed_process_leaves_no_folder_of_that_name(source, tmp_path):
    program = f"""
import os, signal
from pathlib import Path
from kerasgan.data.sources import casia
read = casia.read_gnt
def killed(file, name):
    yield from read(file, name)
    if "Part2" in name:
        os.kill(os.getpid(), signal.SIGKILL)
casia.read_gnt = killed
casia.prepare_casia(Path({str(source)!r}), Path({str(tmp_path / "out")!r}))
"""
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == -9
    assert not (tmp_path / "out").exists()
    prepare_casia(source, tmp_path / "out")
    assert written(tmp_path / "out") == IMAGES


def test_unconverted_files_say_how_to_convert_them(source, tmp_path):
    command = r"kerasgan data prepare casia --data .*casia --out DIR"
    with pytest.raises(UserError, match=command):
        load_images("images", path=source, image_size=8)
    zips = tmp_path / "zips"
    zips.mkdir()
    zipped(source / "Gnt1.1Test", zips / "Gnt1.1Test.zip")
    with pytest.raises(UserError, match=r"kerasgan data prepare casia --data .*zips"):
        load_images("casia", path=zips, image_size=8)
