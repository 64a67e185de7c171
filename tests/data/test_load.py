import errno
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kerasgan.data import load_images
from kerasgan.errors import UserError


def grey(level):
    return Image.new("RGB", (8, 8), (level,) * 3)


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "pictures"
    for name, level in (("b.png", 20), ("a.png", 10), ("sub/deep/c.JPEG", 30), ("sub/x.bmp", 40)):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        grey(level).save(root / name)
    (root / "notes.txt").write_text("not an image")
    (root / ".hidden.png").write_text("not an image")
    (root / "__MACOSX").mkdir()
    (root / "__MACOSX" / "e.png").write_text("not an image")
    return root


def levels(image_set):
    return image_set.images[:, 4, 4, 0].tolist()


def zipped(folder, path):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*"), reverse=True):
            archive.write(file, file.relative_to(folder))
    return path


def test_folder_is_read_in_the_order_of_names(folder):
    result = load_images("images", path=folder, image_size=8)
    assert levels(result) == [10, 20, 30, 40]
    assert result.images.shape == (4, 8, 8, 3)
    assert result.images.dtype == np.uint8
    assert len(result) == 4
    assert result.labels == {}
    assert result.class_names == {}
    assert [file.path for file in result.skipped] == ["notes.txt"]
    assert result.background == (255, 255, 255)


def test_zip_gives_what_its_folder_gives(folder, tmp_path):
    from_zip = load_images("images", path=str(zipped(folder, tmp_path / "p.zip")), image_size=8)
    from_folder = load_images("images", path=folder, image_size=8)
    np.testing.assert_array_equal(from_zip.images, from_folder.images)
    assert from_zip.fingerprint == from_folder.fingerprint


def test_many_images_keep_their_order(tmp_path):
    for number in range(100):
        # Sizes differ, so that threads finish out of order.
        grey(number).resize((8 + 97 * (number % 5), 8)).save(tmp_path / f"{number:03}.png")
    result = load_images("images", path=tmp_path, image_size=8, fit="squash")
    assert levels(result) == list(range(100))


def test_linked_folders_are_followed_once(folder):
    (folder / "sub" / "loop").symlink_to(folder, target_is_directory=True)
    assert len(load_images("images", path=folder, image_size=8)) == 4


def test_a_link_does_not_take_the_place_of_the_folder_it_leads_to(tmp_path):
    root, outside = tmp_path / "data", tmp_path / "elsewhere" / "owls"
    for number, place in enumerate((root / "cats", root / "dogs", outside)):
        place.mkdir(parents=True)
        grey(number).save(place / "1.png")
    # All of them come before the folders in the order of names.
    (root / "a-cats").symlink_to(root / "cats", target_is_directory=True)
    (root / "b-owls").symlink_to(outside, target_is_directory=True)
    (outside / "back").symlink_to(root, target_is_directory=True)
    result = load_images("images", path=root, image_size=8)
    assert result.class_names == {"folder": ("b-owls", "cats", "dogs")}
    assert levels(result) == [2, 0, 1]


def test_images_are_a_read_only_map_of_the_cache(folder, cache_folder):
    result = load_images("images", path=folder, image_size=8)
    assert isinstance(result.images, np.memmap)
    assert not result.images.flags.writeable
    assert {file.suffix for file in cache_folder.iterdir()} == {".npy", ".json"}


def test_unreadable_files_are_skipped_and_named(folder):
    (folder / "text.png").write_text("hello")
    (folder / "empty.jpg").touch()
    (folder / "dangling.png").symlink_to(folder / "gone.png")
    whole = (folder / "sub/deep/c.JPEG").read_bytes()
    (folder / "sub/truncated.jpg").write_bytes(whole[: len(whole) // 2])
    result = load_images("images", path=folder, image_size=8)
    assert levels(result) == [10, 20, 30, 40]
    names = [skipped.path for skipped in result.skipped]
    assert names == ["dangling.png", "empty.jpg", "notes.txt", "sub/truncated.jpg", "text.png"]
    assert all(skipped.reason and "\n" not in skipped.reason for skipped in result.skipped)
    assert load_images("images", path=folder, image_size=8).skipped == result.skipped


def test_corrupt_zip_member_is_skipped(folder, tmp_path):
    path = zipped(folder, tmp_path / "p.zip")
    content = path.read_bytes()
    at = content.index((folder / "a.png").read_bytes()) + 40
    path.write_bytes(content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :])
    result = load_images("images", path=path, image_size=8)
    assert [skipped.path for skipped in result.skipped] == ["a.png", "notes.txt"]
    assert levels(result) == [20, 30, 40]


def test_second_load_decodes_nothing(folder, monkeypatch):
    first = load_images("images", path=folder, image_size=8)
    monkeypatch.setattr(Image, "open", None)
    second = load_images("images", path=folder, image_size=8)
    np.testing.assert_array_equal(first.images, second.images)
    assert first.fingerprint == second.fingerprint


def test_changed_file_is_decoded_anew(folder):
    before = load_images("images", path=folder, image_size=8)
    grey(99).save(folder / "a.png")
    after = load_images("images", path=folder, image_size=8)
    assert levels(after) == [99, 20, 30, 40]
    assert before.fingerprint != after.fingerprint


def test_folders_of_equal_names_sizes_and_times_are_told_apart(tmp_path):
    for colour in ("red", "blue"):
        (tmp_path / colour).mkdir()
        path = tmp_path / colour / "1.bmp"
        Image.new("RGB", (8, 8), colour).save(path)
        os.utime(path, (1e9, 1e9))
    red, blue = (
        load_images("images", path=tmp_path / colour, image_size=8) for colour in ("red", "blue")
    )
    np.testing.assert_array_equal(red.images[0, 0, 0], [255, 0, 0])
    np.testing.assert_array_equal(blue.images[0, 0, 0], [0, 0, 255])
    moved = load_images("images", path=(tmp_path / "red").rename(tmp_path / "x"), image_size=8)
    assert moved.fingerprint == red.fingerprint != blue.fingerprint


def test_added_file_is_decoded(folder):
    load_images("images", path=folder, image_size=8)
    grey(15).save(folder / "aa.png")
    assert levels(load_images("images", path=folder, image_size=8)) == [10, 15, 20, 30, 40]


@pytest.mark.parametrize(
    "options", [{"image_size": 4}, {"channels": 1}, {"fit": "crop"}, {"background": "black"}]
)
def test_each_option_has_its_own_cache(folder, options, cache_folder):
    load_images("images", path=folder, image_size=8)
    load_images("images", path=folder, **{"image_size": 8, **options})
    assert len(list(cache_folder.glob("*.npy"))) == 2


@pytest.mark.parametrize("lost", [10, None])
@pytest.mark.parametrize("suffix", [".npy", ".json"])
def test_damaged_cache_is_built_again(folder, cache_folder, suffix, lost):
    expected = np.array(load_images("images", path=folder, image_size=8).images)
    (file,) = cache_folder.glob(f"*{suffix}")
    file.write_bytes(file.read_bytes()[:-lost] if lost else b"")
    result = load_images("images", path=folder, image_size=8)
    np.testing.assert_array_equal(result.images, expected)


def test_a_file_that_could_not_be_opened_is_there_once_it_can(folder):
    link, target = folder / "link.png", folder.parent / "target.png"
    link.symlink_to(target)
    for _ in range(2):
        result = load_images("images", path=folder, image_size=8)
        assert (len(result), result.skipped[0].path) == (4, "link.png")
    grey(50).save(target)
    assert levels(load_images("images", path=folder, image_size=8)) == [10, 20, 50, 30, 40]


def test_a_file_that_becomes_readable_is_there_though_neither_size_nor_time_change(
    folder, monkeypatch
):
    # As after `chmod`, which holds back no root.
    def closed(path):
        if path.name == "a.png":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return path.open("rb")

    with monkeypatch.context() as patch:
        patch.setattr("kerasgan.data.sources.folder_tree.open_regular", closed)
        for _ in range(2):
            assert levels(load_images("images", path=folder, image_size=8)) == [20, 30, 40]
    assert levels(load_images("images", path=folder, image_size=8)) == [10, 20, 30, 40]


@pytest.mark.parametrize(("written", "system"), [("./{}/{}", 3), ("{}\\{}", 0), ("././{}//{}", 3)])
def test_names_in_zips_of_other_programs_are_understood(tmp_path, written, system):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        for number, kind in enumerate(["cats", "dogs"]):
            info = zipfile.ZipInfo("placeholder")
            info.filename, info.create_system = written.format(kind, "a.png"), system
            buffer = io.BytesIO()
            grey(10 * number).save(buffer, "PNG")
            archive.writestr(info, buffer.getvalue())
    result = load_images("images", path=tmp_path / "other.zip", image_size=8)
    assert levels(result) == [0, 10]
    assert result.class_names == {"folder": ("cats", "dogs")}


def test_hidden_folders_are_not_even_listed(folder, monkeypatch):
    (folder / ".Trashes").mkdir()
    listed = []
    scan = os.scandir

    def scandir(path):
        listed.append(Path(path).name)
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    load_images("images", path=folder, image_size=8)
    assert "sub" in listed
    assert ".Trashes" not in listed


def test_cache_dir_goes_before_the_environment(folder, tmp_path, cache_folder):
    load_images("images", path=folder, image_size=8, cache_dir=tmp_path / "mine" / "deeper")
    assert len(list((tmp_path / "mine" / "deeper").iterdir())) == 2
    assert not list(cache_folder.iterdir())


def test_full_disk_is_one_clear_error_and_leaves_nothing(folder, cache_folder, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("kerasgan.data.cache._write_header", full)
    with pytest.raises(UserError, match=rf"{cache_folder}.*No space left"):
        load_images("images", path=folder, image_size=8)
    assert not list(cache_folder.iterdir())


def test_interrupted_decoding_leaves_nothing(folder, cache_folder, monkeypatch):
    def interrupt(*arguments, **options):
        raise MemoryError

    monkeypatch.setattr(Image, "open", interrupt)
    with pytest.raises(MemoryError):
        load_images("images", path=folder, image_size=8)
    assert not list(cache_folder.iterdir())


def test_decoding_says_nothing_without_progress(folder, capfd):
    load_images("images", path=folder, image_size=8)
    assert capfd.readouterr() == ("", "")


def test_missing_path_is_named(tmp_path):
    with pytest.raises(UserError, match=r"no folder or zip .*nowhere"):
        load_images("images", path=tmp_path / "nowhere", image_size=8)


def test_no_path_says_how_to_pass_it():
    with pytest.raises(UserError, match="path="):
        load_images("images", image_size=8)


def test_folder_without_images_is_named(tmp_path):
    (tmp_path / "readme.txt").touch()
    with pytest.raises(UserError, match=rf"{tmp_path} .*\.webp.* 1 \.txt\. Pass"):
        load_images("images", path=tmp_path, image_size=8)


def test_zip_without_images_is_named(tmp_path):
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("__MACOSX/a.png", "")
    with pytest.raises(UserError, match=r"p\.zip .*\.webp"):
        load_images("images", path=path, image_size=8)


def test_file_that_is_no_zip_is_named(tmp_path):
    path = tmp_path / "p.zip"
    path.write_text("hello")
    with pytest.raises(UserError, match=r"p\.zip .*zip"):
        load_images("images", path=path, image_size=8)


def test_all_unreadable_names_the_first_and_leaves_no_cache(tmp_path, cache_folder):
    for name in ("b.png", "a.png"):
        (tmp_path / name).write_text("hello")
    with pytest.raises(UserError, match=rf" 2 .*{tmp_path} .*a\.png: "):
        load_images("images", path=tmp_path, image_size=8)
    assert not list(cache_folder.iterdir())


def test_unwritable_cache_is_named(folder, tmp_path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UserError, match=r"file/cache: .*KERASGAN_CACHE"):
        load_images("images", path=folder, image_size=8, cache_dir=file / "cache")


def test_unknown_source_names_the_nearest(folder):
    with pytest.raises(UserError, match=r'"image".*images'):
        load_images("image", path=folder, image_size=8)
    with pytest.raises(UserError, match="tfds:NAME"):
        load_images("tfdz:NAME", image_size=8)
    with pytest.raises(UserError, match=r'"minst"; did you mean mnist\?'):
        load_images("minst", image_size=8)
    with pytest.raises(
        UserError, match=r"\"pics\".*cifar10.*pass path='pics' with the source images"
    ):
        load_images(Path("pics"), image_size=8)


def test_folder_takes_no_name(folder):
    with pytest.raises(UserError, match="images:cats"):
        load_images("images:cats", path=folder, image_size=8)


def test_folder_without_the_split_names_its_folders(folder):
    with pytest.raises(UserError, match=r"pictures .* sub, deep\. .*split='test'"):
        load_images("images", path=folder, image_size=8, split="test")


@pytest.fixture
def sorted_folder(tmp_path):
    root = tmp_path / "sorted"
    for name, level in (
        ("animals/train/owl/1.png", 10),
        ("animals/train/cat/2.png", 20),
        ("animals/train/cat/1.png", 30),
        ("animals/test/cat/1.png", 40),
        ("animals/test/owl/1.png", 50),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        grey(level).save(root / name)
    return root


def test_the_outermost_folders_side_by_side_are_classes_whatever_they_have_inside(tmp_path):
    root = tmp_path / "around"
    for level, name in enumerate(["cat/2021/1", "cat/2022/1", "cat/3", "owl/2021/1"]):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        grey(10 * level).save(root / f"{name}.png")
    for path in (tmp_path, root, zipped(tmp_path, tmp_path / "p.zip")):
        result = load_images("images", path=path, image_size=8)
        assert result.class_names == {"folder": ("cat", "owl")}
        np.testing.assert_array_equal(result.labels["folder"], [0, 0, 0, 1])
    grey(90).save(root / "outside.png")
    assert load_images("images", path=root, image_size=8).class_names == {}


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_folders_whose_names_are_not_utf8_are_classes_that_can_be_written(tmp_path):
    for name in (b"caf\xe9", "thé".encode()):
        folder = tmp_path / os.fsdecode(name)
        folder.mkdir()
        grey(10).save(folder / "1.png")
    result = load_images("images", path=tmp_path, image_size=8)
    assert result.class_names == {"folder": ("café", "thé")}


def test_folders_of_equal_depth_are_classes(sorted_folder, tmp_path):
    for path in (sorted_folder, zipped(sorted_folder, tmp_path / "p.zip")):
        result = load_images("images", path=path, image_size=8)
        assert levels(result) == [30, 20, 10]
        assert result.class_names == {"folder": ("cat", "owl")}
        np.testing.assert_array_equal(result.labels["folder"], [0, 0, 1])
        assert result.labels["folder"].dtype == np.int32


@pytest.mark.parametrize("split", [None, 0, ["train"]])
def test_a_split_that_is_no_name_is_named(folder, split):
    for source in ("images", "tfds:mnist"):
        with pytest.raises(UserError, match=re.escape(f"split={split!r}")):
            load_images(source, path=folder, image_size=8, split=split)


def test_folder_of_the_split_is_read_alone(sorted_folder):
    result = load_images("images", path=sorted_folder, image_size=8, split="test")
    assert levels(result) == [40, 50]
    np.testing.assert_array_equal(result.labels["folder"], [0, 1])


def test_skipped_file_takes_its_label_with_it(sorted_folder):
    (sorted_folder / "animals/train/cat/1.png").write_text("hello")
    result = load_images("images", path=sorted_folder, image_size=8)
    np.testing.assert_array_equal(result.labels["folder"], [0, 1])
    assert len(result.skipped) == 1


def test_images_of_a_folder_that_changed_take_the_room_of_those_before(tmp_path, monkeypatch):
    folder, cache = tmp_path / "pictures", tmp_path / "cache"
    monkeypatch.setenv("KERASGAN_CACHE", str(cache))
    folder.mkdir()
    cache.mkdir()
    (cache / "of_another_program.json").write_text("[]")
    for number in range(3):
        grey(number).save(folder / f"{number}.png")
        before = load_images("images", path=folder, image_size=8)
        # Other options and another path have their own.
        load_images("images", path=folder, image_size=16)
        assert len(list(cache.iterdir())) == 5
    zipped(folder, tmp_path / "p.zip")
    load_images("images", path=tmp_path / "p.zip", image_size=8)
    assert len(list(cache.iterdir())) == 7
    grey(9).save(folder / "9.png")
    assert levels(load_images("images", path=folder, image_size=8)) == [0, 1, 2, 9]
    assert levels(before) == [0, 1, 2]


def test_cache_keeps_labels(sorted_folder, monkeypatch):
    first = load_images("images", path=sorted_folder, image_size=8)
    monkeypatch.setattr(Image, "open", None)
    again = load_images("images", path=sorted_folder, image_size=8)
    assert again.class_names == first.class_names
    np.testing.assert_array_equal(again.labels["folder"], first.labels["folder"])
    assert again.fingerprint == first.fingerprint


def test_one_folder_around_all_images_is_no_class(tmp_path):
    (tmp_path / "pictures" / "all").mkdir(parents=True)
    for level in (10, 20):
        grey(level).save(tmp_path / f"pictures/all/{level}.png")
    inside = load_images("images", path=tmp_path, image_size=8)
    assert inside.labels == {}
    outside = load_images("images", path=tmp_path / "pictures/all", image_size=8)
    assert inside.fingerprint == outside.fingerprint


def test_empty_and_hidden_folders_are_no_classes(sorted_folder):
    expected = load_images("images", path=sorted_folder, image_size=8).fingerprint
    for name in ("ant", ".ipynb_checkpoints", "__MACOSX", "notes"):
        (sorted_folder / "animals/train" / name).mkdir()
    grey(60).save(sorted_folder / "animals/train/.ipynb_checkpoints/1.png")
    grey(60).save(sorted_folder / "animals/train/__MACOSX/1.png")
    grey(60).save(sorted_folder / "animals/train/cat/.hidden.png")
    (sorted_folder / "animals/train/notes/Thumbs.db").touch()
    result = load_images("images", path=sorted_folder, image_size=8)
    assert result.class_names == {"folder": ("cat", "owl")}
    assert result.fingerprint == expected


def test_bad_option_is_named_before_anything_is_read():
    with pytest.raises(UserError, match="fit='stretch'"):
        load_images("images", path="nowhere", image_size=8, fit="stretch")


def test_importing_the_room_does_not_import_tfds():
    code = "import sys, kerasgan.data; sys.exit('tensorflow_datasets' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
