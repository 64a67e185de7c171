import json
import os
import sys
import zipfile

import pytest

from kerasgan.data import load_images
from kerasgan.errors import UserError
from kerasgan.wikiart.preparer.find_paintings import find_paintings
from tests.wikiart.sources import (
    painting,
    save,
    scraped,
    write_dump,
    write_image_folder,
    write_lines,
    write_metadata,
    zipped,
)

DUMP = {
    "Art_Nouveau_Modern/alphonse-mucha_job-1896.jpg": 6,
    "Art_Nouveau_Modern/gustav-klimt_tree, of life(2).jpg": 4,
    "Pop_Art/andy-warhol_shadow-1977.jpg": None,
    "Pop_Art/joan-miro_not_detected_227939.jpg": 9,
    "Pop_Art/gene-davis_untitled-1979(3).jpg": None,
}


def by_id(found):
    return {painting.id: painting for painting in found.paintings}


def skips(found):
    return {(skip.path, skip.cause) for skip in found.skipped}


def test_dump_gives_artist_title_year_genre_and_the_folders_name_as_style(tmp_path):
    found = find_paintings(write_dump(tmp_path, DUMP))
    assert found.kind == "dump"
    assert not found.skipped
    facts = {
        key: (p.artist, p.title, p.year, p.genres, p.styles) for key, p in by_id(found).items()
    }
    nouveau = ("Art_Nouveau_Modern",)
    assert facts == {
        "Art_Nouveau_Modern/alphonse-mucha_job-1896": (
            "alphonse-mucha",
            "job",
            1896,
            ("portrait",),
            nouveau,
        ),
        "Art_Nouveau_Modern/gustav-klimt_tree, of life(2)": (
            "gustav-klimt",
            "tree, of life(2)",
            -1,
            ("landscape",),
            nouveau,
        ),
        "Pop_Art/andy-warhol_shadow-1977": ("andy-warhol", "shadow", 1977, (), ("Pop_Art",)),
        "Pop_Art/joan-miro_not_detected_227939": (
            "joan-miro",
            "not_detected_227939",
            -1,
            ("still_life",),
            ("Pop_Art",),
        ),
        "Pop_Art/gene-davis_untitled-1979(3)": ("gene-davis", "untitled", 1979, (), ("Pop_Art",)),
    }


# macOS writes the names of files in parts, and people and other systems do not.
@pytest.mark.parametrize(("on_disk", "typed"), [(0, 1), (1, 0)])
def test_names_and_classes_in_parts_are_those_that_people_type(tmp_path, on_disk, typed):
    forms = ("Rene\u0301", "Ren\u00e9")
    rows = [
        {"file_name": f"images/{forms[on_disk]}.jpg", "genre": forms[0]},
        {"file_name": "images/2.jpg", "genre": forms[1]},
    ]
    root = write_image_folder(tmp_path / "scraped", rows)
    rows[0]["file_name"] = f"images/{forms[typed]}.jpg"
    write_metadata(root / "metadata.jsonl", rows)
    found = find_paintings(root)
    assert not found.skipped
    assert {painting.id for painting in found.paintings} == {"images/2", f"images/{forms[1]}"}
    assert {painting.genres for painting in found.paintings} == {(forms[1],)}
    for painting_ in found.paintings:
        found.tree.open(painting_.file).close()

    dump = write_dump(tmp_path / "dump", {f"Pop_Art/{forms[on_disk]}_work-1900.jpg": 4})
    write_lines(
        dump / "wikiart_csv" / "genre_train.csv", [f"Pop_Art/{forms[typed]}_work-1900.jpg,6"]
    )
    write_lines(dump / "wikiart_csv" / "genre_val.csv", [])
    write_lines(dump / "wikiart_csv" / "style_train.csv", [])
    found = find_paintings(dump)
    assert not found.skipped
    (only,) = found.paintings
    assert (only.artist, only.genres) == (forms[1], ("portrait",))


def test_rows_of_the_dump_without_a_file_are_told(tmp_path):
    write_dump(tmp_path, DUMP)
    (tmp_path / "wikiart" / "Pop_Art" / "andy-warhol_shadow-1977.jpg").unlink()
    found = find_paintings(tmp_path)
    assert len(found.paintings) == 4
    assert skips(found) == {("Pop_Art/andy-warhol_shadow-1977.jpg", "missing file")}


def test_painting_of_two_styles_has_one_identity(tmp_path):
    twice = {"Pop_Art/a_b.jpg": None, "Art_Nouveau_Modern/a_b.jpg": None}
    found = find_paintings(write_dump(tmp_path, twice)).paintings
    assert [painting.id for painting in found] == ["Art_Nouveau_Modern/a_b", "Pop_Art/a_b"]
    assert {painting.identity for painting in found} == {"a_b"}


def test_paintings_that_differ_in_their_ending_alone_are_two(tmp_path):
    twice = {"Pop_Art/a_b.jpg": None, "Pop_Art/a_b.png": None, "Pop_Art/a_c.png": None}
    found = find_paintings(write_dump(tmp_path / "dump", twice))
    ids = {painting.id: painting.file.rpartition("/")[2] for painting in found.paintings}
    assert ids == {
        "Pop_Art/a_b": "a_b.jpg",
        "Pop_Art/a_b.png": "a_b.png",
        "Pop_Art/a_c": "a_c.png",
    }
    (tmp_path / "folder").mkdir()
    rows = [{"file_name": "1.png"}, {"file_name": "1.jpg"}]
    found = find_paintings(write_image_folder(tmp_path / "folder", rows))
    assert {painting.id: painting.file for painting in found.paintings} == {
        "1": "1.png",
        "1.jpg": "1.jpg",
    }
    assert not found.skipped


def test_names_of_a_zip_that_does_not_say_they_are_utf8_are_those_of_the_folder(tmp_path):
    root = write_dump(tmp_path / "dump", {"Pop_Art/joaquín_é.jpg": 4})
    with zipfile.ZipFile(tmp_path / "dump.zip", "w") as archive:
        for file in sorted(root.rglob("*.*")):
            # As many bytes, replaced below by those that such an archive has.
            name = file.relative_to(root).as_posix().replace("í", "##").replace("é", "@@")
            archive.write(file, name)
    content = (tmp_path / "dump.zip").read_bytes()
    content = content.replace(b"##", "í".encode()).replace(b"@@", "é".encode())
    (tmp_path / "dump.zip").write_bytes(content)

    mangled = find_paintings(tmp_path / "dump.zip")
    assert "joaquín" in mangled.paintings[0].file
    for found in (find_paintings(root), mangled):
        (painting,) = found.paintings
        assert (painting.id, painting.artist) == ("Pop_Art/joaquín_é", "joaquín")
        assert painting.genres == ("landscape",)
        assert not found.skipped


def test_scraped_folder_gives_what_its_metadata_say(tmp_path):
    rows = [
        scraped(1, title="L'été  à\nParis", genres=["marina", "landscape"], styles=[]),
        scraped(2, year=None, artist=None),
        scraped(3, year=1901),
    ]
    root = write_image_folder(tmp_path / "scraped", rows)
    for path in (root, zipped(root, tmp_path / "scraped.zip", inside="download/")):
        found = find_paintings(path)
        assert found.kind == "image folder"
        first, second, third = found.paintings
        assert (first.id, first.identity) == (rows[0]["id"], rows[0]["id"])
        assert (first.title, first.year) == ("L'été à Paris", 1890)
        assert (first.genres, first.styles) == (("marina", "landscape"), ())
        assert (second.artist, second.year, third.year) == ("", -1, 1901)
        assert not found.skipped


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_any_image_folder_is_read_with_the_columns_that_it_has(tmp_path, form):
    rows = [
        {"file_name": "a/1.png", "genre": "portrait", "styles": '["Cubism", "Fauvism"]'},
        {"file_name": "a/2.png", "genre": "", "styles": "Cubism"},
    ]
    write_image_folder(tmp_path, rows, form)
    first, second = find_paintings(tmp_path).paintings
    assert (first.id, first.genres, first.styles) == ("a/1", ("portrait",), ("Cubism", "Fauvism"))
    assert (second.genres, second.styles, second.title, second.year) == ((), ("Cubism",), "", -1)


def test_metadata_of_several_splits_are_taken_together(tmp_path):
    for split in ("train", "test"):
        (tmp_path / split).mkdir()
        write_image_folder(tmp_path / split, [{"file_name": "1.png"}])
    assert [p.file for p in find_paintings(tmp_path).paintings] == ["test/1.png", "train/1.png"]


def test_rows_without_image_images_without_row_and_repetitions_are_told(tmp_path):
    rows = [scraped(number) for number in range(4)]
    write_image_folder(tmp_path, rows)
    (tmp_path / rows[3]["file_name"]).unlink()
    write_metadata(tmp_path / "metadata.jsonl", [*rows[:2], rows[3], {**rows[1], "title": "again"}])
    found = find_paintings(tmp_path)
    assert [painting.id for painting in found.paintings] == [rows[0]["id"], rows[1]["id"]]
    assert skips(found) == {
        (rows[3]["file_name"], "missing file"),
        (rows[1]["file_name"], "listed twice"),
        (rows[2]["file_name"], "not in the metadata"),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"file_name": "1.png"}\n{"title": "x"}\n',
            r"line 2 of metadata\.jsonl .*file_name",
        ),
        ('{"file_name": "1.png"}\n\n{"file_name"\n', r"line 3 of metadata\.jsonl .*JSON"),
        ("[]\n", r"line 1 of metadata\.jsonl .*\[\]"),
        ('{"file_name": "gone.png"}\n', r"gone\.png .*missing"),
    ],
)
def test_wrong_metadata_are_named(tmp_path, text, message):
    (tmp_path / "metadata.jsonl").write_text(text)
    save(painting(0), tmp_path / "1.png")
    with pytest.raises(UserError, match=message):
        find_paintings(tmp_path)


@pytest.mark.parametrize("table", ["metadata.jsonl", "metadata.csv"])
@pytest.mark.parametrize("name", ["/abs/photo.png", "../../../x.png", "C:\\x.png", "..\\x.png"])
def test_a_path_out_of_the_folder_is_refused(tmp_path, table, name):
    save(painting(0), tmp_path / "x.png")
    row = json.dumps({"file_name": name}) if table.endswith("l") else f"file_name\n{name}"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / table).write_text(row + "\n")
    with pytest.raises(UserError, match=rf"line \d of {table}: file_name"):
        find_paintings(tmp_path / "in")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file_name,title\n1.png,a\n2.png,b, c\n", r"line 3 of metadata\.csv .*2"),
        ("file_name,title,genre\n1.png,a\n", r"line 2 of metadata\.csv .*3"),
        ('file_name,title\n1.png,"' + "x" * 200_000, r"metadata\.csv .*CSV"),
    ],
)
def test_wrong_csv_is_named_not_read_with_its_columns_shifted(tmp_path, text, message):
    (tmp_path / "metadata.csv").write_text(text)
    with pytest.raises(UserError, match=message):
        find_paintings(tmp_path)


def test_classes_of_csv_are_those_of_the_source_of_tables(tmp_path):
    save(painting(0), tmp_path / "1.png")
    text = 'file_name,genre,style\n1.png, NA ,"[""Cubism"", ""Pop Art""]"\n'
    (tmp_path / "metadata.csv").write_text(text)
    (found,) = find_paintings(tmp_path).paintings
    assert (found.genres, found.styles) == ((), ("Cubism", "Pop Art"))
    images = load_images("imagefolder", path=tmp_path, image_size=8)
    assert images.class_names == {"style": ("Cubism",)}


def test_a_list_that_is_not_json_is_no_class(tmp_path):
    save(painting(0), tmp_path / "1.png")
    # As pandas writes it.
    (tmp_path / "metadata.csv").write_text("file_name,styles\n1.png,\"['Cubism', 'Pop Art']\"\n")
    with pytest.raises(UserError, match=r"line 2 of metadata\.csv has a list that is not JSON"):
        find_paintings(tmp_path)


def test_text_that_cannot_be_written_is_left_out(tmp_path):
    row = {"file_name": "1.png", "id": "1\ud800", "title": "half \ud83c", "genre": "sea\0scape"}
    save(painting(0), tmp_path / "1.png")
    (tmp_path / "metadata.jsonl").write_text(json.dumps(row) + "\n")
    (found,) = find_paintings(tmp_path).paintings
    assert (found.id, found.title, found.genres) == ("1", "half", ("sea scape",))


def test_a_list_nested_too_deep_is_taken_for_a_name(tmp_path):
    save(painting(0), tmp_path / "1.png")
    row = {"file_name": "1.png", "genres": "[" * 100_000}
    (tmp_path / "metadata.jsonl").write_text(json.dumps(row) + "\n")
    (found,) = find_paintings(tmp_path).paintings
    assert found.genres == ("[" * 499 + "…",)


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_file_names_that_are_not_utf8_are_taken_for_latin_1(tmp_path):
    root = write_dump(tmp_path / "dump", {"Pop_Art/renee_cafe.jpg": 4})
    named = root / "wikiart" / "Pop_Art" / os.fsdecode("renée_café.jpg".encode("latin-1"))
    (root / "wikiart" / "Pop_Art" / "renee_cafe.jpg").rename(named)
    (found,) = find_paintings(root).paintings
    assert (found.id, found.artist, found.title) == ("Pop_Art/renée_café", "renée", "café")
    with find_paintings(root).tree.open(found.file) as file:
        assert file.read() == named.read_bytes()


def test_wrong_row_of_the_dump_is_named(tmp_path):
    write_dump(tmp_path, DUMP)
    write_lines(tmp_path / "wikiart_csv" / "style_val.csv", ["Pop_Art/a_b.jpg,3", "Pop_Art/a_b"])
    with pytest.raises(UserError, match=r"line 2 of wikiart_csv/style_val\.csv"):
        find_paintings(tmp_path)


def test_what_is_no_collection_of_paintings_is_named(tmp_path):
    with pytest.raises(UserError, match="nowhere"):
        find_paintings(tmp_path / "nowhere")
    save(painting(0), tmp_path / "1.png")
    with pytest.raises(UserError, match=r"metadata\.jsonl .* wikiart/\{Style\}"):
        find_paintings(tmp_path)
