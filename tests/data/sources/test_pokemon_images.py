import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from kerasgan.data import load_images
from kerasgan.errors import UserError

POKEDEX = [
    {
        "id": 1,
        "name": {"english": "Bulbasaur", "french": "Bulbizarre"},
        "type": ["Grass", "Poison"],
    },
    {"id": "004", "name": "Charmander", "types": ["Fire"]},
    {"id": 122, "name": "Mr. Mime", "type": "Psychic"},
    {"id": 6, "name": "Charizard", "type": ["Fire", "Flying"]},
    {"id": 132, "name": "Ditto"},
]
PICTURES = {
    "001.png": ("Grass", "Poison"),
    "4.jpg": ("Fire", None),
    "006Charizard.png": ("Fire", "Flying"),
    "1_bulbizarre.png": ("Grass", "Poison"),
    "122-mr-mime.png": ("Psychic", None),
    "006-Mega-X.png": (None, None),
    "132.png": (None, None),
    "999.png": (None, None),
    "logo.png": (None, None),
}


def write(root, pokedex=POKEDEX, pictures=PICTURES, folder="pokemon"):
    for number, name in enumerate(sorted(pictures)):
        path = root / folder / "images" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8), 20 * number).save(path)
    if pokedex is not None:
        text = pokedex if isinstance(pokedex, str) else json.dumps(pokedex)
        (root / folder / "pokedex.json").write_text(text)
    return root


def load(path, **options):
    return load_images("pokemon", path=path, image_size=8, channels=1, **options)


def types(image_set):
    """The types of each picture by its name."""
    numbers = np.rint(image_set.images[:, 4, 4, 0] / 20).astype(int)
    columns = [
        [(*names, None)[label] for label in image_set.labels[label_set]]
        for label_set, names in image_set.class_names.items()
    ]
    names = [sorted(PICTURES)[number] for number in numbers]
    return dict(zip(names, zip(*columns, strict=True), strict=True))


def test_first_and_second_type_are_label_sets(tmp_path):
    result = load(write(tmp_path))
    assert result.class_names == {
        "type": ("Fire", "Grass", "Psychic"),
        "second_type": ("Flying", "Poison"),
    }
    assert types(result) == PICTURES


def test_zip_gives_what_its_folder_gives(tmp_path):
    write(tmp_path / "folder")
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for file in sorted((tmp_path / "folder").rglob("*")):
            archive.write(file, file.relative_to(tmp_path / "folder"))
    assert load(tmp_path / "p.zip").fingerprint == load(tmp_path / "folder").fingerprint


def test_the_pictures_are_those_of_the_source_images(tmp_path):
    write(tmp_path)
    plain = load_images("images", path=tmp_path, image_size=8, channels=1)
    assert load(tmp_path).select().fingerprint == plain.fingerprint


def test_without_pokedex_there_are_pictures_and_no_labels(tmp_path):
    write(tmp_path, pokedex=None, folder="sprites")
    result = load(tmp_path)
    assert len(result) == len(PICTURES)
    assert result.labels == {}


def test_smaller_copies_beside_the_artwork_are_passed_over(tmp_path):
    write(tmp_path)
    for folder in ("sprites", "thumbnails", "images/Thumbnails"):
        path = tmp_path / "pokemon" / folder / "001.png"
        path.parent.mkdir(exist_ok=True)
        Image.new("L", (8, 8), 255).save(path)
    assert len(load(tmp_path)) == len(PICTURES)


def test_a_changed_pokedex_changes_the_labels(tmp_path):
    load(write(tmp_path))
    write(tmp_path, pokedex=[{"id": 1, "type": ["Grass"]}])
    assert load(tmp_path).class_names == {"type": ("Grass",)}


@pytest.mark.parametrize(
    ("pokedex", "reason"),
    [
        ("{", r"pokedex\.json .*JSON"),
        ({"1": "Grass"}, r'\{"1": "Grass"\}'),
        ([{"id": 1, "type": [7]}], r'\{"id": 1, "type": \[7\]\}'),
        ([{"id": 1, "type": {"first": "Grass"}}], r'\{"first": "Grass"\}'),
        ([{"id": "one"}], '{"id": "one"}'),
        ([{"name": "Bulbasaur", "type": ["Grass"]}], '"name": "Bulbasaur"'),
        (["Bulbasaur"], '"Bulbasaur"'),
        ([{"id": 1, "type": ["Grass"] * 100}] * 2 + [[1] * 1000], "…"),
    ],
)
def test_a_wrong_pokedex_is_named(tmp_path, pokedex, reason):
    with pytest.raises(UserError, match=reason):
        load(write(tmp_path, pokedex))


def test_a_missing_folder_says_where_to_get_one(tmp_path):
    with pytest.raises(UserError, match=r"git clone .*https://github\.com/.*/pokemon-data\.json"):
        load(None)
    with pytest.raises(UserError, match=r"gone .*git clone"):
        load(tmp_path / "gone")
    with pytest.raises(UserError, match=r"\.png"):
        load(tmp_path)
    with pytest.raises(UserError, match="pokemon:fire"):
        load_images("pokemon:fire", path=tmp_path, image_size=8)
