import json
import os
import zipfile

import numpy as np
import pytest
from PIL import Image

from kerasgan.data import load_images
from kerasgan.data.picture_files import picture_files
from kerasgan.errors import UserError

ROWS = [
    {"file_name": "a.png", "label": "dog", "size": 10, "tags": ["wild", "old"], "text": 0.5},
    {"file_name": "sub/b.png", "label": "cat", "size": 9, "tags": [], "text": 1.0},
    {"file_name": "c.png", "label": "dog", "size": None, "tags": ["tame"], "text": 2.5},
]


def images(root, *names):
    for number, name in enumerate(names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8), 20 * number).save(root / name)
    return root


def jsonl(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path):
    root = images(tmp_path / "data", "a.png", "c.png", "sub/b.png", "unlisted.png")
    (root / "metadata.jsonl").write_text(jsonl(ROWS))
    return root


def load(path, **options):
    return load_images("imagefolder", path=path, image_size=8, channels=1, **options)


def test_listed_images_have_the_columns_of_classes_as_label_sets(folder):
    result = load(folder)
    np.testing.assert_array_equal(np.rint(result.images[:, 4, 4, 0] / 20), [0, 1, 2])
    assert result.class_names == {
        "label": ("cat", "dog"),
        # In the order of numbers, not of words.
        "size": ("9", "10"),
        "tags": ("tame", "wild"),
    }
    np.testing.assert_array_equal(result.labels["label"], [1, 1, 0])
    np.testing.assert_array_equal(result.labels["size"], [1, -1, 0])
    np.testing.assert_array_equal(result.labels["tags"], [1, 0, -1])


def test_names_of_macos_are_those_that_people_type(tmp_path):
    # It writes letters in parts, and in zips UTF-8 without saying so.
    written, typed = "Gema\u0308lde", "Gem\u00e4lde"
    root = images(tmp_path / "data", f"{written}/a.png", "Bilder/b.png")
    (root / "metadata.jsonl").write_text(
        jsonl(
            [
                {"file_name": f"{typed}/a.png", "kind": "old"},
                {"file_name": "Bilder/b.png", "kind": "new"},
            ]
        )
    )
    assert len(load(root)) == 2
    plain = load_images("images", path=root, image_size=8)
    assert plain.class_names == {"folder": ("Bilder", typed)}

    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        for file in sorted(root.rglob("*.*")):
            archive.write(file, file.relative_to(root))
    raw = (tmp_path / "data.zip").read_bytes()
    name = f"{written}/a.png".encode()
    for signature, flags, place in ((b"PK\3\4", 6, 30), (b"PK\1\2", 8, 46)):
        start = -1
        while (start := raw.find(signature, start + 1)) >= 0:
            if raw[start + place :].startswith(name):
                raw = raw[: start + flags] + bytes(2) + raw[start + flags + 2 :]
    (tmp_path / "data.zip").write_bytes(raw)
    with zipfile.ZipFile(tmp_path / "data.zip") as archive:
        assert f"{written}/a.png" not in archive.namelist()
    assert len(load(tmp_path / "data.zip")) == 2
    zipped = load_images("images", path=tmp_path / "data.zip", image_size=8)
    assert zipped.class_names == plain.class_names


def test_a_picture_of_an_unusual_name_is_not_left_out_if_a_table_names_it(tmp_path):
    root = images(tmp_path / "data", "a.png", "b.png")
    (root / "a.png").rename(root / "0001")
    rows = [{"file_name": "0001", "kind": "x"}, {"file_name": "b.png", "kind": "y"}]
    (root / "metadata.jsonl").write_text(jsonl(rows))
    found = load(root)
    assert len(found) == 2
    assert found.skipped == ()
    files = picture_files(found, "imagefolder", path=root)
    assert [file.name for file in files] == ["0001", "b.png"]


def test_csv_gives_what_jsonl_gives(folder):
    expected = load(folder).fingerprint
    (folder / "metadata.jsonl").unlink()
    (folder / "metadata.csv").write_text(
        # As a program writes it that has no integers beside gaps, and as Windows does.
        "\ufefffile_name,label,size,tags,text\r\n"
        'a.png,dog,10.0,wild,0.5\r\n"sub/b.png",cat,9.0,,1.0\r\n\r\nc.png,dog,,tame,2.5\r\n'
    )
    assert load(folder).fingerprint == expected


def test_zip_gives_what_its_folder_gives(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, "inside/" + file.relative_to(folder).as_posix())
    assert load(tmp_path / "d.zip").fingerprint == load(folder).fingerprint


def test_each_split_may_have_its_own_table(tmp_path):
    images(tmp_path, "train/0.png", "train/1.png", "test/0.png")
    (tmp_path / "train/metadata.csv").write_text("label,file_name\n7,1.png\n6,0.png\n")
    (tmp_path / "test/metadata.csv").write_text("file_name,label\n0.png,6\n")
    train, test = load(tmp_path), load(tmp_path, split="test")
    assert (len(train), len(test)) == (2, 1)
    assert train.class_names == {"label": ("6", "7")}
    np.testing.assert_array_equal(train.labels["label"], [0, 1])


def test_one_table_may_list_the_images_of_all_splits(tmp_path):
    images(tmp_path, "train/0.png", "test/0.png")
    table = "file_name,label\n./train//0.png,a\ntest\\0.png,b\n"
    (tmp_path / "metadata.csv").write_text(table)
    assert load(tmp_path).class_names == {"label": ("a",)}
    assert load(tmp_path, split="test").class_names == {"label": ("b",)}


def test_words_that_look_like_numbers_stay_words(tmp_path):
    images(tmp_path, "0.png", "1.png", "2.png")
    (tmp_path / "metadata.csv").write_text(
        "file_name,agent,mixed,flag,real\n0.png,007,1,True,1e3\n1.png,10,one,False,.5\n2.png,,2,,\n"
    )
    assert load(tmp_path).class_names == {
        "agent": ("007", "10"),
        "mixed": ("1", "2", "one"),
        "flag": ("False", "True"),
    }


@pytest.mark.parametrize("missing", ["-", ".", ""])
def test_a_mark_of_what_is_missing_between_numbers_is_no_class(tmp_path, missing):
    images(tmp_path, "0.png", "1.png", "2.png")
    table = f"file_name,age,real,none\n0.png,7,.5,{missing}\n1.png,{missing},{missing},{missing}\n"
    (tmp_path / "metadata.csv").write_text(table + f"2.png,11,2e5,{missing}\n")
    result = load(tmp_path)
    assert result.class_names == {"age": ("7", "11")}
    np.testing.assert_array_equal(result.labels["age"], [0, -1, 1])


@pytest.mark.parametrize("missing", ["NA", "N/A", "NaN", "nan", "null", " "])
def test_what_programs_write_for_a_missing_value_is_no_class_among_words_either(tmp_path, missing):
    images(tmp_path, "0.png", "1.png", "2.png")
    values = ["cat", missing, "dog"]
    rows = [{"file_name": f"{n}.png", "kind": value} for n, value in enumerate(values)]
    (tmp_path / "metadata.jsonl").write_text(jsonl(rows))
    of_json = load(tmp_path)
    (tmp_path / "metadata.jsonl").unlink()
    table = "".join(f"{n}.png,{value},{n}\n" for n, value in enumerate(values))
    (tmp_path / "metadata.csv").write_text(f"file_name,kind,size\n{table}")
    for result in (of_json, load(tmp_path)):
        assert result.class_names["kind"] == ("cat", "dog")
        np.testing.assert_array_equal(result.labels["kind"], [0, -1, 1])


def test_a_gap_between_integers_leaves_them_integers(tmp_path):
    images(tmp_path, "0.png", "1.png", "2.png")
    values = [10, float("nan"), 9]
    rows = [{"file_name": f"{n}.png", "age": value} for n, value in enumerate(values)]
    (tmp_path / "metadata.jsonl").write_text(jsonl(rows))
    assert "NaN" in (tmp_path / "metadata.jsonl").read_text()
    result = load(tmp_path)
    assert result.class_names == {"age": ("9", "10")}
    np.testing.assert_array_equal(result.labels["age"], [1, -1, 0])


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_words_that_look_alike_are_one_class(tmp_path, form):
    typed, in_parts = "caf\u00e9 au lait", "cafe\u0301  au lait"
    images(tmp_path, "0.png", "1.png", "2.png", "3.png")
    values = [typed, f" {typed}", in_parts, "tea "]
    rows = [{"file_name": f"{n}.png", "kind": value} for n, value in enumerate(values)]
    text = "".join(f"{row['file_name']}, {row['kind']}\n" for row in rows)
    text = jsonl(rows) if form == "jsonl" else f"file_name, kind\n{text}"
    (tmp_path / f"metadata.{form}").write_text(text, encoding="utf-8")
    result = load(tmp_path)
    assert result.class_names == {"kind": (typed, "tea")}
    np.testing.assert_array_equal(result.labels["kind"], [0, 0, 0, 1])


def test_a_column_that_is_no_label_set_is_named_with_the_reason(folder, monkeypatch):
    monkeypatch.setattr("kerasgan.data.sources.image_files._MOST_CLASSES", 2)
    rows = [{**row, "box": [[1, 2]], "name": row["file_name"]} for row in ROWS]
    (folder / "metadata.jsonl").write_text(jsonl(rows))
    for result in (load(folder), load(folder)):  # The second one is of the cache.
        assert result.no_label_sets == {
            "text": "has numbers that are no integers, such as 0.5",
            "box": "has neither words nor integers",
            "name": "has 3 different values, more than 2",
        }
        with pytest.raises(UserError, match=r'label set "text": its column has numbers .* 0\.5$'):
            result.select(["text"])
        with pytest.raises(UserError, match=r'label set "labels"; did you mean label\?'):
            result.select(["labels"])


def test_a_fraction_among_words_is_a_word(tmp_path):
    images(tmp_path, "0.png", "1.png")
    rows = [{"file_name": "0.png", "kind": "fine"}, {"file_name": "1.png", "kind": 0.5}]
    (tmp_path / "metadata.jsonl").write_text(jsonl(rows))
    assert load(tmp_path).class_names == {"kind": ("0.5", "fine")}


@pytest.mark.parametrize("word", ["e5", "-e5", "-inf5", ".e1", "+", "--", "1.2.3", "e"])
def test_what_is_no_number_after_all_is_a_word(tmp_path, word):
    images(tmp_path, "0.png", "1.png", "2.png")
    table = f"file_name,label\n0.png,{word}\n1.png,-\n2.png,7\n"
    (tmp_path / "metadata.csv").write_text(table)
    assert load(tmp_path).class_names == {"label": tuple(sorted([word, "-", "7"]))}


def test_numbers_of_any_length_are_read(tmp_path):
    images(tmp_path, "0.png", "1.png")
    table = f"file_name,code,label\n0.png,{'9' * 5000},1\n1.png,12,2\n"
    (tmp_path / "metadata.csv").write_text(table)
    assert load(tmp_path).class_names == {"label": ("1", "2")}
    (tmp_path / "metadata.csv").unlink()
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "0.png", "code": ' + "9" * 5000 + "}")
    with pytest.raises(UserError, match=r"line 1 of metadata\.jsonl .*JSON"):
        load(tmp_path)


@pytest.mark.parametrize("name", [r"a\u0000.png", r"\ud800.png", "x" * 300 + ".png"])
def test_a_name_that_no_file_has_is_named_or_skipped(tmp_path, name):
    images(tmp_path, "0.png")
    table = '{"file_name": "0.png"}\n{"file_name": "' + name + '"}\n'
    (tmp_path / "metadata.jsonl").write_text(table)
    if name.startswith("x"):
        assert len(load(tmp_path).skipped) == 1
    else:
        with pytest.raises(UserError, match=r"line 2 of .* file_name"):
            load(tmp_path)


def test_a_pipe_among_images_is_skipped_and_a_table_that_is_one_is_refused(tmp_path):
    images(tmp_path, "0.png")
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "0.png"}\n{"file_name": "pipe.png"}\n')
    os.mkfifo(tmp_path / "pipe.png")
    (skipped,) = load(tmp_path).skipped
    assert (skipped.path, "it is a named pipe" in skipped.reason) == ("pipe.png", True)
    (tmp_path / "metadata.jsonl").unlink()
    os.mkfifo(tmp_path / "metadata.jsonl")
    with pytest.raises(UserError, match=r"metadata\.jsonl .*named pipe"):
        load(tmp_path)


def test_an_encrypted_table_is_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("metadata.jsonl", "{}")
    content = bytearray((tmp_path / "a.zip").read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(UserError, match=r"metadata\.jsonl .*encrypted"):
        load(tmp_path / "a.zip")


def test_mixed_values_of_json_are_words(tmp_path):
    images(tmp_path, "0.png", "1.png", "2.png")
    values = [10, "9", True]
    rows = [{"file_name": f"{n}.png", "kind": value} for n, value in enumerate(values)]
    (tmp_path / "metadata.jsonl").write_text(jsonl(rows) + "\n")
    assert load(tmp_path).class_names == {"kind": ("10", "9", "true")}


def test_the_first_line_of_an_image_counts(tmp_path):
    images(tmp_path, "0.png")
    (tmp_path / "metadata.csv").write_text("file_name,label\n0.png,a\n0.png,b\n")
    assert load(tmp_path).class_names == {"label": ("a",)}
    assert len(load(tmp_path)) == 1


@pytest.mark.parametrize("packed", [False, True])
def test_an_image_that_is_listed_and_not_there_is_skipped_and_named(folder, tmp_path, packed):
    (folder / "c.png").unlink()
    if packed:
        with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
            for file in sorted(folder.rglob("*")):
                archive.write(file, file.relative_to(folder))
    result = load(tmp_path / "d.zip" if packed else folder)
    assert len(result) == 2
    assert [skipped.path for skipped in result.skipped] == ["c.png", "unlisted.png"]
    np.testing.assert_array_equal(result.labels["label"], [1, 0])


def test_a_changed_table_changes_the_labels(folder):
    load(folder)
    (folder / "metadata.jsonl").write_text(jsonl([{**row, "label": "owl"} for row in ROWS]))
    assert load(folder).class_names["label"] == ("owl",)


@pytest.mark.parametrize(
    "name", ["../b.png", "/etc/b.png", "C:\\b.png", "sub/../../b.png", "..\\b.png", ".."]
)
def test_a_path_out_of_the_folder_is_refused(folder, name):
    (folder / "metadata.jsonl").write_text(jsonl([*ROWS, {"file_name": name}]))
    with pytest.raises(UserError, match=r"line 4 of metadata\.jsonl: file_name "):
        load(folder)


def test_a_table_in_a_folder_may_lead_to_another_folder_inside(tmp_path):
    images(tmp_path, "images/0.png")
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/metadata.csv").write_text("file_name,label\n../images/0.png,a\n")
    assert len(load(tmp_path)) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"file_name": "a.png"\n', r"line 1 of metadata\.jsonl .*JSON"),
        ('\n["a.png"]\n', r'line 2 of metadata\.jsonl .*\["a\.png"\]'),
        ('{"label": "a"}\n', r"line 1 .*file_name.*None"),
        ('{"file_name": " "}\n', "' '"),
        ('{"file_name": 7}\n', r"line 1 .* 7$"),
        ('{"file_name": "a\\u0000.png"}\n', r"file_name.*'a\\x00\.png'"),
        ('{"file_name": "\\ud800.png"}\n', r"file_name.*'\\ud800\.png'"),
        ("", r"metadata\.jsonl"),
    ],
)
def test_a_wrong_line_of_json_is_named(folder, text, reason):
    (folder / "metadata.jsonl").write_text(text)
    with pytest.raises(UserError, match=reason):
        load(folder)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"image,label\na.png,b\n", r"line 1 .*file_name.*image, label"),
        (b"", "nothing"),
        (b"file_name,label,label\n", "file_name, label, label"),
        (b"file_name,label\na.png,b,c\n", r"line 2 .* 2 .* 3$"),
        (b"file_name,label\na.png\n", r"line 2 .* 1$"),
        (b'file_name,label\na.png,"b\n', r"line 2 of metadata\.csv .*CSV"),
        (b"file_name,label\n,b\n", r"line 2 .*file_name"),
        (b"file_name,label\na.png,\xff\n", r"metadata\.csv .*utf-8"),
        (b"file_name\n", r"metadata\.csv"),
    ],
)
def test_a_wrong_line_of_csv_is_named(folder, text, reason):
    (folder / "metadata.jsonl").unlink()
    (folder / "metadata.csv").write_bytes(text)
    with pytest.raises(UserError, match=reason):
        load(folder)


def test_braces_in_a_folders_name_do_no_harm(folder):
    (folder / "metadata.jsonl").write_text("{}")
    renamed = folder.rename(folder.with_name("a{b}"))
    with pytest.raises(UserError, match=r"a\{b\}: line 1 of metadata\.jsonl .* file_name"):
        load(renamed)


def test_a_folder_without_a_table_or_with_two_kinds_is_refused(folder, tmp_path):
    (folder / "metadata.csv").write_text("file_name\na.png\n")
    with pytest.raises(UserError, match=r"metadata\.jsonl .*metadata\.csv"):
        load(folder)
    images(tmp_path / "plain", "cat/0.png")
    with pytest.raises(UserError, match=r'metadata\.jsonl .*"images"'):
        load(tmp_path / "plain")
    with pytest.raises(UserError, match="imagefolder:x"):
        load_images("imagefolder:x", path=folder, image_size=8)
