import msgspec
import numpy as np
import pytest
from PIL import Image

from kerasgan.drawing import draw_again, read_latents, read_provenance, sample
from kerasgan.drawing.drawn_samples import numbers_text
from kerasgan.drawing.samples import samples_again
from kerasgan.errors import UserError


def test_pictures_are_picked_by_the_numbers_of_the_grid(plain):
    drawn = sample(plain, 70, seed=1)
    one, other = drawn.pick([66, 3])
    np.testing.assert_array_equal(one.image, drawn.images[66])
    np.testing.assert_array_equal(other.image, drawn.images[3])
    seeded = sample(plain, seeds=[40, 3, 12])
    np.testing.assert_array_equal(seeded.pick([12])[0].image, seeded.images[2])
    with pytest.raises(UserError, match=r"no picture 5; .* 40, 3, 12"):
        seeded.pick([3, 5])


def test_a_picture_is_enlarged_as_pillow_does(plain):
    drawn = sample(plain, 2, seed=1)
    (larger,) = drawn.pick([1], upscale=3)
    small = Image.fromarray(np.rint(drawn.images[1, ..., 0] * 255).astype(np.uint8))
    expected = np.asarray(small.resize((24, 24), Image.Resampling.LANCZOS))
    np.testing.assert_array_equal(larger.image[..., 0], expected)
    np.testing.assert_array_equal(drawn.grid(upscale=3, columns=2).image[:, 26:, 0], expected)


def test_picks_are_written_with_their_latents_and_drawn_again_the_same_in_bytes(plain, tmp_path):
    drawn = sample(plain, 70, seed=1, psi=0.8, name="tiny")
    folder = drawn.save_picks([66, 3, 66], tmp_path / "picks", upscale=2)
    assert sorted(path.name for path in folder.iterdir()) == ["03.png", "66.png", "latents.json"]
    np.testing.assert_array_equal(read_latents(folder / "latents.json", 3), drawn.latents[[66, 3]])
    again = draw_again(plain, read_provenance(folder / "66.png")).save(tmp_path / "again.png")
    assert again.read_bytes() == (folder / "66.png").read_bytes()
    with pytest.raises(UserError, match="picks has pictures already"):
        drawn.save_picks([4], folder)
    drawn.save_picks([4], folder, force=True)
    assert sorted(path.name for path in folder.iterdir()) == ["04.png", "latents.json"]
    for path in folder.glob("*.png"):
        path.unlink()
    with pytest.raises(UserError, match=r"latents\.json"):
        drawn.save_picks([4], folder)


def test_no_picks_are_refused_and_write_no_folder(plain, tmp_path):
    drawn = sample(plain, seeds=[3, 4, 9])
    with pytest.raises(UserError, match=r"which are 3 to 4, 9\. Received: none"):
        drawn.save_picks([], tmp_path / "picks")
    assert not list(tmp_path.iterdir())


def test_pictures_are_picked_out_of_the_file_of_a_grid(plain, tmp_path):
    drawn = sample(plain, 70, seed=1)
    path = drawn.grid(numbers=True, columns=9).save(tmp_path / "grid.png")
    again = samples_again(plain, read_provenance(path))
    drawn.save_picks([66], tmp_path / "one")
    again.save_picks([66], tmp_path / "other")
    for name in ("66.png", "latents.json"):
        one, other = (tmp_path / folder / name for folder in ("one", "other"))
        assert one.read_bytes() == other.read_bytes()
    single = read_provenance(tmp_path / "one" / "66.png")
    with pytest.raises(UserError, match="single picture"):
        samples_again(plain, single)


def test_picks_keep_their_classes_and_are_drawn_in_them(conditional, tmp_path):
    drawn = sample(conditional, 9, seed=1)
    path = drawn.save_picks([7, 2], tmp_path / "picks") / "latents.json"
    again = sample(conditional, latents=path, seed=5)
    np.testing.assert_allclose(again.images, drawn.images[[7, 2]], atol=1e-6)
    for name, labels in drawn.provenance.labels.items():
        assert again.provenance.labels[name] == (labels[7], labels[2])


def test_picks_keep_parts_of_several_classes(genres, tmp_path):
    labels = {"genre": [{"portrait": 0.25, "landscape": 0.75}, "portrait", "still-life"]}
    drawn = sample(genres, latents=np.eye(3), labels=labels)
    path = drawn.save_picks([1, 0], tmp_path / "picks") / "latents.json"
    again = sample(genres, latents=path)
    assert again.provenance.labels == {"genre": ("portrait", labels["genre"][0])}
    np.testing.assert_allclose(again.images, drawn.images[[1, 0]], atol=1e-6)


@pytest.mark.parametrize(
    "labels",
    [
        {"genre": ("portrait",)},
        {"genre": ("portrait", {"portrait": 0.5})},
        {"genre": ("portrait", {})},
        {"style": ("0", "0")},
    ],
)
def test_a_grid_of_other_classes_than_pictures_is_refused(genres, labels):
    drawn = sample(genres, 2, seed=1)
    forged = msgspec.structs.replace(drawn.provenance, labels=labels)
    for again in (samples_again, draw_again):
        with pytest.raises(UserError, match="settings do not fit the model"):
            again(genres, forged)


@pytest.mark.parametrize("upscale", [0, 17, 2.0])
def test_pictures_are_enlarged_up_to_sixteen_times(plain, upscale):
    drawn = sample(plain, 1, seed=1)
    for draw in (drawn.grid, drawn.pictures):
        with pytest.raises(UserError, match=f"upscale={upscale}"):
            draw(upscale=upscale)


def test_enlarged_pictures_that_do_not_fit_in_memory_are_refused(plain, monkeypatch):
    monkeypatch.setattr("kerasgan.drawing.from_provenance._MOST_VALUES", 8 * 8 * 20)
    drawn = sample(plain, 20, seed=1)
    with pytest.raises(UserError, match="20 pictures of 16x16"):
        drawn.grid(upscale=2)


def test_numbers_are_told_by_their_runs():
    assert numbers_text([0, 1, 2, 7, 9, 10]) == "0 to 2, 7, 9 to 10"
