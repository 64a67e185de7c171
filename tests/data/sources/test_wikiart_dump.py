import zipfile

import numpy as np
import pytest
from PIL import Image

from kerasgan.data import load_images
from kerasgan.errors import UserError

PAINTINGS = (
    "Art_Nouveau_Modern/alphonse-mucha_job.jpg",
    "Art_Nouveau_Modern/gustav-klimt_tree, of life(2).jpg",
    "Pop_Art/andy-warhol_soup.jpg",
    "Pop_Art/andy-warhol_bananas.jpg",
    "Ukiyo_e/hokusai_wave.jpg",
    "Ukiyo_e/joaquín_é.jpg",
)
FILES = {
    # Header-less, with the line ends of Windows.
    "genre_train.csv": "Art_Nouveau_Modern/alphonse-mucha_job.jpg,6\r\n"
    "Art_Nouveau_Modern/gustav-klimt_tree, of life(2).jpg,4\r\n"
    "Realism/not-here.jpg,2\r\n",
    "genre_val.csv": '"Ukiyo_e/hokusai_wave.jpg",4\r\n\r\nUkiyo_e/joaquín_é.jpg,9\r\n',
    "genre_class.txt": "2 genre_painting\n4 landscape\n6 portrait\n9 still_life\n",
    "style_train.csv": "Art_Nouveau_Modern/alphonse-mucha_job.jpg,3\r\n",
    "style_class.txt": "3 Art_Nouveau\n19 Pop_Art\n26 Ukiyo_e\n",
}


def write(root, files=FILES, paintings=PAINTINGS, table_folder="wikiart_csv"):
    for number, name in enumerate(paintings):
        path = root / "wikiart" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8), 20 * number).save(path)
    (root / table_folder).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (root / table_folder / name).write_bytes(text.encode())
    return root


def zipped(root, path, inside=""):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(root.rglob("*")):
            archive.write(file, inside + file.relative_to(root).as_posix())
    return path


def load(path, **options):
    return load_images("wikiart", path=path, image_size=8, channels=1, **options)


def classes(image_set, label_set):
    """The class of each painting, by its number in PAINTINGS."""
    numbers = np.rint(image_set.images[:, 4, 4, 0] / 20).astype(int)
    names = (*image_set.class_names[label_set], None)
    return {n: names[label] for n, label in zip(numbers, image_set.labels[label_set], strict=True)}


GENRES = dict(enumerate(["portrait", "landscape", None, None, "landscape", "still_life"]))
STYLES = dict(enumerate(name.split("/")[0] for name in PAINTINGS))


@pytest.mark.parametrize("inside", ["", "download/"])
def test_folder_and_zip_give_genre_and_style(tmp_path, inside):
    root = write(tmp_path / "dump")
    for path in (root, zipped(root, tmp_path / "dump.zip", inside)):
        result = load(path)
        assert classes(result, "genre") == GENRES
        assert classes(result, "style") == STYLES


def test_classes_are_those_that_occur_and_styles_are_called_like_their_folders(tmp_path):
    assert load(write(tmp_path)).class_names == {
        "genre": ("landscape", "portrait", "still_life"),
        "style": ("Art_Nouveau_Modern", "Pop_Art", "Ukiyo_e"),
    }


def test_tables_are_found_by_their_names(tmp_path):
    result = load(write(tmp_path, table_folder="WikiArt Dataset/Genre"))
    assert classes(result, "genre") == GENRES


def test_folder_of_the_styles_itself_will_do(tmp_path):
    write(tmp_path)
    result = load(tmp_path / "wikiart")
    assert classes(result, "style") == STYLES
    assert set(result.labels) == {"style"}


def test_other_images_beside_the_dump_are_passed_over(tmp_path):
    write(tmp_path)
    Image.new("L", (8, 8)).save(tmp_path / "wikiart_csv" / "plot.png")
    assert len(load(tmp_path)) == 6


def test_without_tables_there_are_styles_only(tmp_path):
    result = load(write(tmp_path, files={}))
    assert set(result.labels) == set(result.class_names) == {"style"}


def test_without_names_genres_are_called_by_their_numbers(tmp_path):
    files = {name: text for name, text in FILES.items() if name != "genre_class.txt"}
    result = load(write(tmp_path, files=files))
    assert result.class_names["genre"] == ("4", "6", "9")
    assert classes(result, "genre")[0] == "6"


def test_changed_table_is_read_anew(tmp_path):
    load(write(tmp_path))
    write(tmp_path, {"genre_val.csv": "Pop_Art/andy-warhol_soup.jpg,6\r\n"}, paintings=())
    changed = classes(load(tmp_path), "genre")
    assert (changed[2], changed[4]) == ("portrait", None)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"genre_val.csv": "a/b.jpg,4\r\na/b.jpg\r\n"}, r"line 2 of wikiart_csv/genre_val\.csv"),
        ({"genre_val.csv": "path,genre\n"}, r"line 1 .*'path,genre'"),
        ({"genre_val.csv": "a/b.jpg," + "7" * 5000}, r"line 1 of wikiart_csv/genre_val\.csv"),
        ({"genre_val.csv": '"a/b.jpg,7\n' + "x" * 200_000}, r"genre_val\.csv .*CSV"),
        ({"genre_val.csv": "../../etc/a.jpg,4\n"}, r"line 1 of .*'\.\./\.\./etc/a\.jpg'"),
        ({"genre_val.csv": "/abs/a.jpg,4\n"}, r"line 1 of .*'/abs/a\.jpg'"),
        ({"genre_val.csv": "a/b\0.jpg,4\n"}, r"line 1 of .*'a/b\\x00\.jpg'"),
        ({"genre_class.txt": "6 portrait\n" + "7" * 5000 + " sea"}, r"genre_class\.txt .* 4 "),
        ({"genre_val.csv": "a/b.jpg,7\n"}, r"genre_class\.txt .* 7 "),
    ],
)
def test_wrong_line_is_named(tmp_path, files, message):
    with pytest.raises(UserError, match=message):
        load(write(tmp_path, {**FILES, **files}))


def test_folder_that_is_no_dump_is_named(tmp_path):
    Image.new("L", (8, 8)).save(tmp_path / "a.jpg")
    with pytest.raises(UserError, match=r"wikiart/\{Style\}/\*\.jpg"):
        load(tmp_path)


def test_it_takes_neither_name_nor_split(tmp_path):
    with pytest.raises(UserError, match="wikiart:genre"):
        load_images("wikiart:genre", path=tmp_path, image_size=8)
    with pytest.raises(UserError, match="split='val'"):
        load(tmp_path, split="val")
    with pytest.raises(UserError, match="path="):
        load(None)


def test_unreadable_table_is_named(tmp_path):
    path = zipped(write(tmp_path / "dump"), tmp_path / "dump.zip")
    content = path.read_bytes()
    path.write_bytes(content.replace(b"4 landscape", b"4 landscaqe"))
    with pytest.raises(UserError, match=r"genre_class\.txt .*CRC"):
        load(path)
