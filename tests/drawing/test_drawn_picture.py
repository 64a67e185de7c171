import numpy as np
import pytest
from PIL import Image

from kerasgan.drawing import DrawnPicture, Provenance
from kerasgan.drawing.drawn_picture import save_numbered
from kerasgan.errors import UserError


def pictures(count, level=0):
    image = np.full((2, 2, 1), level, np.uint8)
    return [DrawnPicture(image, Provenance(model="", weights=""))] * count


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def level(path):
    with Image.open(path) as picture:
        return picture.getpixel((0, 0))


def test_numbers_are_as_long_as_the_last(tmp_path):
    save_numbered(iter(pictures(11)), 11, tmp_path / "new" / "folder")
    assert names(tmp_path / "new" / "folder") == [f"{number:02}.png" for number in range(11)]
    assert names(tmp_path / "new") == ["folder"]


def test_numbers_of_any_order_sort_by_name(tmp_path):
    numbers = [19, 3, 107]
    save_numbered(pictures(3), 3, tmp_path / "longest", numbers=numbers)
    assert names(tmp_path / "longest") == ["003.png", "019.png", "107.png"]
    save_numbered(pictures(3), 3, tmp_path / "longer", numbers=numbers, digits=4)
    assert [int(name.removesuffix(".png")) for name in names(tmp_path / "longer")] == [3, 19, 107]
    assert "0003.png" in names(tmp_path / "longer")


def test_two_series_never_mix(tmp_path):
    save_numbered(pictures(11), 11, tmp_path)
    with pytest.raises(UserError, match=r"has pictures already \(00\.png\); choose another"):
        save_numbered(pictures(3, 9), 3, tmp_path)
    assert level(tmp_path / "00.png") == 0
    save_numbered(pictures(3, 9), 3, tmp_path, force=True)
    assert names(tmp_path) == ["0.png", "1.png", "2.png"]
    assert level(tmp_path / "0.png") == 9


def test_other_files_stay(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    Image.new("L", (2, 2), 7).save(tmp_path / "0000.png")
    Image.new("L", (2, 2), 7).save(tmp_path / "1.png")
    with pytest.raises(UserError, match="has pictures already"):
        save_numbered(pictures(3), 3, tmp_path)
    save_numbered(pictures(3), 3, tmp_path, force=True)
    assert names(tmp_path) == ["0.png", "0000.png", "1.png", "2.png", "mine.txt"]
    assert (level(tmp_path / "0000.png"), level(tmp_path / "1.png")) == (7, 0)


def test_what_fails_halfway_leaves_all_as_it_was(tmp_path):
    save_numbered(pictures(2, 5), 2, tmp_path / "old")

    def failing():
        yield from pictures(1, 6)
        raise KeyboardInterrupt

    for folder in ("old", "new"):
        with pytest.raises(KeyboardInterrupt):
            save_numbered(failing(), 2, tmp_path / folder, force=True)
    assert names(tmp_path) == ["old"]
    assert names(tmp_path / "old") == ["0.png", "1.png"]
    assert level(tmp_path / "old" / "0.png") == 5


def test_a_series_that_cannot_take_its_place_leaves_all_as_it_was(tmp_path):
    save_numbered(pictures(2, 5), 2, tmp_path, files={"latents.json": b"old"})
    Image.new("L", (2, 2), 7).save(tmp_path / "1.png")  # without the mark of kerasgan
    (tmp_path / "2.png").mkdir()
    (tmp_path / "2.png" / "mine.txt").touch()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    files = {"latents.json": b"new"}
    with pytest.raises(UserError, match=r"Cannot write the folder .*: Is a directory"):
        save_numbered(pictures(4, 6), 4, tmp_path, files=files, force=True)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert names(tmp_path) == ["0.png", "1.png", "2.png", "latents.json"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="is a file, not a folder"):
        save_numbered(pictures(1), 1, tmp_path / "file")


def test_a_picture_is_one_line_and_shows_itself_in_a_notebook(tmp_path):
    provenance = Provenance(model="tiny", weights="", seed=7, numbers=(0, 3), show=1)
    picture = DrawnPicture(np.full((20, 30, 1), 9, np.uint8), provenance)
    assert repr(picture) == "<DrawnPicture 30x20 from tiny, latent seed 7:3>"
    (tmp_path / "a.png").write_bytes(picture._repr_png_())
    with Image.open(tmp_path / "a.png") as shown:
        assert (shown.size, shown.getpixel((0, 0)), shown.info) == ((30, 20), 9, {})


def test_a_provenance_is_one_line_however_much_it_holds():
    of_seed = Provenance(model="x" * 500, weights="", seed=7, numbers=tuple(range(5000)))
    assert repr(of_seed).endswith("…, 5,000 latents of seed 7>")
    given = Provenance(model="", weights="", latents="A" * 50_000)
    assert repr(given) == "<Provenance a model, given latents>"
