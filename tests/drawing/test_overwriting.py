import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from kerasgan.drawing import Size, render_to_file, save_animation, save_picture, write_latents
from kerasgan.drawing.overwriting import (
    check_overwrite,
    free_name,
    is_signed,
    move_to_free_name,
)
from kerasgan.errors import UserError

SIZE = Size(width=9, height=7)
IMAGE = np.zeros((4, 6, 3), np.uint8)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.webp", "a.gif"])
def test_a_picture_says_that_kerasgan_wrote_it_and_others_do_not(tmp_path, name):
    own, other = tmp_path / name, tmp_path / f"other{name}"
    save_picture(IMAGE, own)
    Image.fromarray(IMAGE).save(other)
    assert is_signed(own)
    assert not is_signed(other)
    assert check_overwrite(own) == own
    with pytest.raises(UserError, match="exists and does not say that kerasgan wrote it"):
        check_overwrite(other)
    assert check_overwrite(other, force=True) == other


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.webp", "a.dzi"])
def test_a_rendering_says_that_kerasgan_wrote_it(cppn, tmp_path, name):
    path = render_to_file(cppn, 3, tmp_path / name, SIZE)
    assert is_signed(path)
    assert check_overwrite(path) == path


@pytest.mark.parametrize("name", ["a.gif", "a.webp"])
def test_an_animation_says_that_kerasgan_wrote_it(tmp_path, name):
    assert is_signed(save_animation([IMAGE, IMAGE + 9], tmp_path / name))


def test_the_signature_of_another_program_is_not_kerasgans(tmp_path):
    exif = Image.Exif()
    exif[0x0131] = "GIMP 2.10, not kerasgan 1.0"
    Image.fromarray(IMAGE).save(tmp_path / "a.jpg", exif=exif)
    assert not is_signed(tmp_path / "a.jpg")


def test_what_cannot_be_read_was_not_written_by_kerasgan(tmp_path):
    (tmp_path / "torn.png").write_bytes(save_picture(IMAGE, tmp_path / "a.png").read_bytes()[:20])
    (tmp_path / "loop.png").symlink_to("loop.png")
    (tmp_path / "empty.png").touch()
    write_latents(np.zeros((1, 3)), tmp_path / "z.npy")
    for name in ("torn.png", "loop.png", "empty.png", "z.npy"):
        with pytest.raises(UserError, match="does not say that kerasgan wrote it"):
            check_overwrite(tmp_path / name)


def test_a_folder_is_never_replaced_by_a_file(tmp_path):
    with pytest.raises(UserError, match="is a folder"):
        check_overwrite(tmp_path, force=True)


def test_tiles_replace_tiles_alone(cppn, tmp_path):
    path = render_to_file(cppn, 3, tmp_path / "a.dzi", SIZE)
    (tmp_path / "a_files" / "thesis.txt").write_text("mine")
    for force in (False, True):
        with pytest.raises(UserError, match=r"a_files is not empty: it has thesis\.txt"):
            check_overwrite(path, force=force)
    with pytest.raises(UserError, match=r"it has thesis\.txt"):
        render_to_file(cppn, 4, path, SIZE)
    assert (tmp_path / "a_files" / "thesis.txt").read_text() == "mine"


def test_tiles_of_another_picture_stay(cppn, tmp_path):
    render_to_file(cppn, 3, tmp_path / "a.dzi", SIZE).unlink()
    with pytest.raises(UserError, match="a_files has the tiles of another picture"):
        check_overwrite(tmp_path / "a.dzi")
    check_overwrite(tmp_path / "a.dzi", force=True)


def test_a_free_name_has_the_first_number_that_is_free(tmp_path):
    names = []
    for _ in range(3):
        names.append(free_name(tmp_path / "a.png"))
        names[-1].touch()
    assert [path.name for path in names] == ["a.png", "a-2.png", "a-3.png"]
    (tmp_path / "loop.png").symlink_to("loop.png")
    assert free_name(tmp_path / "loop.png").name == "loop-2.png"


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_moves_at_the_same_moment_takes_names_of_its_own(tmp_path, kind):
    made = [tmp_path / "made" / str(number) for number in range(8)]
    for path in made:
        if kind == "folder":
            path.mkdir(parents=True)
            (path / "number").write_text(path.name)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(path.name)
    target = tmp_path / "names" / "a.png"
    target.parent.mkdir()
    together = threading.Barrier(len(made))

    def move(path):
        together.wait()
        return move_to_free_name(path, target)

    with ThreadPoolExecutor(len(made)) as pool:
        moved = list(pool.map(move, made))
    taken = {"a.png", *(f"a-{number}.png" for number in range(2, 9))}
    assert {path.name for path in moved} == taken == {path.name for path in target.parent.iterdir()}
    texts = [(path / "number" if kind == "folder" else path).read_text() for path in moved]
    assert texts == [path.name for path in made]
