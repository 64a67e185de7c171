from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from kerasgan.data import load_images
from kerasgan.errors import UserError
from kerasgan.wikiart.preparer.prepare import prepare
from kerasgan.wikiart.preparer.stats import collect_stats, save_contact_sheets
from tests.wikiart.sources import painting, save, scraped, write_image_folder

# Genres, styles and the longer side in the source.
PAINTINGS = (
    (["landscape"], ["Cubism"], 100),
    (["landscape", "marina"], ["Cubism"], 60),
    (["portrait"], ["Cubism"], 64),
    (["portrait"], ["Fauvism/2"], 130),
    ([], ["Fauvism/2"], 128),
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stats")
    rows = []
    for number, (genres, styles, side) in enumerate(PAINTINGS):
        rows.append(scraped(number, genres=genres, styles=styles))
        save(painting(number, (side, 40)), folder / "in" / rows[-1]["file_name"])
    rows.append(scraped(5, file_name="images/torn.jpg"))
    (folder / "in" / "images" / "torn.jpg").write_bytes(b"torn")
    rows.append(scraped(6, file_name="images/gone.jpg"))
    source = write_image_folder(folder / "in", rows[:-1])
    with (source / "metadata.jsonl").open("a") as file:
        file.write('{"file_name": "images/gone.jpg"}\n')
    prepare(source, folder / "out", size=16, test_fraction=0, workers=1)
    return folder / "out"


def test_counts_are_those_of_the_paintings(prepared):
    stats = collect_stats(prepared)
    assert stats.splits == {"train": 5}
    assert stats.genres == ("landscape", "portrait", "(unknown)")
    assert stats.styles == ("Cubism", "Fauvism/2")
    np.testing.assert_array_equal(stats.joint, [[2, 0], [1, 1], [0, 1]])
    assert {least: count for least, count in stats.longer_sides.items() if count} == {
        0: 1,
        64: 2,
        128: 2,
    }
    assert stats.causes == {"unreadable image": 1, "missing file": 1}


def test_tables_show_every_count(prepared):
    lines = [line.split() for line in collect_stats(prepared).text().splitlines()]
    for line in (
        "train 5",
        "landscape 2",
        "(unknown) 1",
        "Fauvism/2 2",
        "Style and genre landscape portrait (unknown)",
        "Cubism 2 1 0",
        "64 to 127 2",
        "unreadable image 1",
        "all 5",
        "all 2",
    ):
        assert line.split() in lines


def test_each_class_has_a_contact_sheet_of_its_paintings(prepared, tmp_path):
    sheets = save_contact_sheets(collect_stats(prepared), tmp_path)
    assert sorted(path.name for path in sheets) == [
        "genre-(unknown).png",
        "genre-landscape.png",
        "genre-portrait.png",
        "style-Cubism.png",
        "style-Fauvism_2.png",
    ]
    with Image.open(tmp_path / "genre-landscape.png") as sheet:
        # Two of 16 pixels and 2 between them.
        assert sheet.size == (34, 16)
        first = np.asarray(sheet.crop((0, 0, 16, 16)), int)
        second = np.asarray(sheet.crop((18, 0, 34, 16)), int)
    wanted = [np.asarray(painting(number, (16, 16)), int) for number in (0, 1)]
    distances = [min(np.abs(half - each).mean() for each in wanted) for half in (first, second)]
    assert max(distances) < 8
    with pytest.raises(UserError, match="a grid of pictures, or a preview, that kerasgan wrote"):
        load_images("images", path=tmp_path, image_size=8)


def test_classes_with_alike_names_have_a_sheet_each(prepared, tmp_path):
    one = next(iter(collect_stats(prepared, samples_per_class=1).samples.values()))
    names = ("Pop/Art", "Pop:Art", "Pop_Art", "pop_art", "Pop_Art-2", "Cubism")
    samples = {("style", name): one for name in names}
    stats = replace(collect_stats(prepared), samples=samples)
    sheets = save_contact_sheets(stats, tmp_path)
    # Some file systems do not tell upper from lower case.
    assert len({path.name.lower() for path in tmp_path.iterdir()}) == len(sheets) == len(names)
    assert "style-Cubism.png" in {path.name for path in sheets}
    again = save_contact_sheets(stats, tmp_path)
    assert again == sheets


def test_samples_are_limited(prepared):
    samples = collect_stats(prepared, samples_per_class=1).samples
    assert {len(images) for images in samples.values()} == {1}


def test_folder_that_was_not_prepared_is_named(tmp_path):
    with pytest.raises(UserError, match=r"preparation\.json"):
        collect_stats(tmp_path)
    (tmp_path / "preparation.json").write_text("{")
    with pytest.raises(UserError, match=r"preparation\.json"):
        collect_stats(tmp_path)
